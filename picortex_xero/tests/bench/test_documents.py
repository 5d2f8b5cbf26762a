"""Every kind of document, made through ERPNext, arrives through the real worker; then both sides are compared to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe

from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import Books, drop_property_setters, submit, use_fine_prices
from picortex_xero.tests.bench.case import BenchCase, measured, on_bench
from picortex_xero.tests.bench.shapes import SHAPES

MONEY = Decimal("0.01")


def money(value: Any) -> Decimal:
    """Two decimals from what ERPNext or Xero give."""
    return Decimal(str(value or 0)).quantize(MONEY)


@on_bench
class TestDocuments(BenchCase):
    """The tests build on each other's documents and run in the order of their names."""

    books: Books
    organisation: xero.Organisation
    connection: str
    made: dict[str, Any]
    cancelled: dict[str, Any]
    calls_before: int

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        setters = use_fine_prices()
        cls.addClassCleanup(drop_property_setters, setters)
        smallest = frappe.db.get_value("Currency", "NZD", "smallest_currency_fraction_value")
        frappe.db.set_value("Currency", "NZD", "smallest_currency_fraction_value", 0.1)
        cls.addClassCleanup(frappe.db.set_value, "Currency", "NZD", "smallest_currency_fraction_value", smallest)
        frappe.db.commit()
        frappe.clear_cache()
        cls.books, cls.organisation, cls.connection = xero.shared()
        cls.made, cls.cancelled = {}, {}
        cls.calls_before = xero.control("GET", "calls")["last"]

    def invoice(self, label: str, sale: bool, **more: Any) -> Any:
        """Submit a shape; kept under `label` with its direction."""
        typed = {**SHAPES.get(label, {}), **more}
        name = f"{label} ({'sale' if sale else 'bill'}{', again' if (label, sale) in self.made else ''})"
        doc = submit(self.books.invoice(sale, typed.pop("lines"), **typed))
        self.made[name] = doc
        return doc

    def pay(self, label: str, *arguments: Any, **options: Any) -> Any:
        """Submit a payment, kept under `label`."""
        doc = submit(self.books.payment(*arguments, **options))
        self.made[label] = doc
        return doc

    def cancel(self, label: str, doc: Any) -> None:
        """Cancel what was submitted."""
        frappe.get_doc(doc.doctype, doc.name).cancel()
        frappe.db.commit()
        self.cancelled[label] = doc
        self.made.pop(label, None)

    def link(self, doc: Any) -> dict[str, Any]:
        """The document's one link."""
        links = frappe.get_all(
            "Xero Link", filters={"reference_doctype": doc.doctype, "reference_name": doc.name, "role": ("!=", "contact")}, fields=["*"]
        )
        self.assertTrue(links, f"{doc.name} has no link: {self.steps(reference_name=doc.name)}")
        return links[0]

    def unsent(self) -> list[tuple[str, str, str]]:
        """What is not in Xero, and why; other tests' cancelled documents were never to be there."""
        return [
            (row["reference_name"], row["state"], row["reason"])
            for row in self.steps(connection=self.connection)
            if row["state"] != "Synced"
            and row["reason_code"] not in ("exchange-engine", "contacts-to-merge")
            and frappe.db.get_value(row["reference_doctype"], row["reference_name"], "docstatus") != 2
        ]

    def test_1_invoices_and_bills_arrive_by_the_wake_alone(self) -> None:
        for label in SHAPES:
            for sale in (True, False):
                self.invoice(label, sale)
        seconds = self.wait_for_worker(self.connection, 120)
        counts = self.counts(self.connection)
        measured("invoices_drained_by_wake", {"documents": 2 * len(SHAPES), "seconds_after_last_submit": seconds, "steps": counts})
        self.assertEqual(self.unsent(), [])

    def test_2_payments_of_each_kind_arrive(self) -> None:
        def nzd(sale: bool, *amounts: float) -> list[Any]:
            return [self.invoice(f"to be paid {amount}", sale, lines=[("PANEL", 1, amount)], day=-9) for amount in amounts]

        for sale in (True, False):
            way = "receipt" if sale else "payment"
            whole, part, batch = nzd(sale, 100 + sale, 200.01 + sale, 30.35 + sale), nzd(sale, 411.11), nzd(sale, 51.15, 62.25, 73.35)
            foreign = [self.invoice(label, sale, day=-8) for label in ("Australian dollars", "US dollars", "US dollars with discount")]
            for doc in whole:
                self.pay(f"whole {way} {doc.name}", [(doc, doc.outstanding_amount)], "Trading Account")
            half = round(part[0].grand_total / 3, 2)
            self.pay(f"part {way}", [(part[0], half)], "Trading Account")
            self.pay(f"second part {way}", [(part[0], round(part[0].grand_total - half - 10, 2))], "Trading Account", day=-4)
            self.pay(f"batch {way}", [(doc, doc.grand_total) for doc in batch], "Trading Account")
            self.pay(f"own currency {way}", [(foreign[0], foreign[0].grand_total)], "AUD Account", rate=1.1011)
            self.pay(f"base bank {way}", [(foreign[1], foreign[1].grand_total)], "Trading Account", rate=1.6501)
            self.pay(f"part in own currency {way}", [(foreign[2], 500)], "USD Account", rate=1.6333)
        seconds = self.wait_for_worker(self.connection, 120, sweeping=True)
        measured("payments_drained", {"payments": sum(doc.doctype == "Payment Entry" for doc in self.made.values()), "seconds": seconds})
        self.assertEqual(self.unsent(), [])
        batches = self.organisation.read("BatchPayments")
        self.assertEqual(sorted(len(batch["Payments"]) for batch in batches), [3, 3])

    def test_3_cancelling_and_amending(self) -> None:
        sale, bill = self.made["one line (sale)"], self.made["one line (bill)"]
        payment = next(doc for label, doc in self.made.items() if label.startswith("whole receipt"))
        label = next(label for label, doc in self.made.items() if doc is payment)
        self.cancel("one line (sale)", sale)
        self.cancel("one line (bill)", bill)
        self.cancel(label, payment)
        amended = frappe.copy_doc(sale)
        amended.amended_from = sale.name
        amended.items[0].qty = 2
        self.made["amended"] = submit(amended)
        paid = next(doc for label, doc in self.made.items() if label.startswith("whole payment"))
        invoice = frappe.get_doc("Purchase Invoice", paid.references[0].reference_name)
        self.cancel("a paid bill", invoice)
        self.wait_for_worker(self.connection, 60, sweeping=True)
        there = {each["InvoiceID"]: each for each in self.organisation.read("Invoices")}
        self.assertEqual(there[self.link(sale)["xero_id"]]["Status"], "VOIDED")
        self.assertEqual(there[self.link(bill)["xero_id"]]["Status"], "VOIDED")
        self.assertEqual(there[self.link(amended)["xero_id"]]["Status"], "AUTHORISED")
        gone = {each["PaymentID"]: each for each in self.organisation.read("Payments")}
        self.assertEqual(gone[self.link(payment)["xero_id"]]["Status"], "DELETED")
        # ERPNext has unlinked the payment by SQL: it is taken back, and the money entered again as the supplier's.
        self.assertEqual(there[self.link(invoice)["xero_id"]]["Status"], "VOIDED")
        steps = {row["role"]: row["state"] for row in self.steps(connection=self.connection, reference_name=paid.name)}
        self.assertEqual(set(steps.values()), {"Synced"}, steps)
        advances = [each for each in self.organisation.read("Overpayments") if each["Status"] == "AUTHORISED"]
        self.assertEqual([money(each["RemainingCredit"]) for each in advances], [money(paid.paid_amount)])
        measured("cancel_of_paid", {"steps_of_the_payment": sorted(steps)})

    def test_4_both_sides_agree_to_the_cent(self) -> None:
        there = {each["InvoiceID"]: each for each in self.organisation.read("Invoices")}
        differences, base, compared = [], [], 0
        paid = self.cancelled["a paid bill"].name
        for label, made in self.made.items():
            if made.doctype == "Payment Entry" or made.name == paid:
                continue
            doc = frappe.get_doc(made.doctype, made.name)
            remote = there[self.link(doc)["xero_id"]]
            tax = sum(
                (money(row.tax_amount_after_discount_amount) for row in doc.taxes if row.account_head == self.books.of("GST")), Decimal(0)
            )
            ours = (money(doc.rounded_total or doc.grand_total), tax, money(doc.outstanding_amount), doc.currency)
            theirs = (money(remote["Total"]), money(remote["TotalTax"]), money(remote["AmountDue"]), remote["CurrencyCode"])
            compared += 1
            if ours != theirs:
                differences.append((label, doc.name, ours, theirs))
            base.append(self.base_difference(label, doc, remote))
        self.assertEqual(differences, [])
        over = [entry for entry in base if entry["difference"] > entry["bound"]]
        self.assertEqual(over, [])
        payments = [doc for doc in self.made.values() if doc.doctype == "Payment Entry"]
        measured(
            "compared",
            {
                "invoices": compared,
                "payments": len(payments),
                "cancelled": len(self.cancelled),
                "differences_in_document_currency": len(differences),
                "base_currency_differences": [entry for entry in base if entry["difference"]],
            },
        )
        self.assertGreaterEqual(compared + len(payments), 60)

    def base_difference(self, label: str, doc: Any, remote: dict[str, Any]) -> dict[str, Any]:
        """NZD in both books, and by how much they may differ: Xero keeps the inverse rate with six decimals, and rounds each line."""
        rate = Decimal(str(doc.conversion_rate))
        ours = money(doc.base_rounded_total or doc.base_grand_total)
        theirs = (Decimal(str(remote["Total"])) / Decimal(str(remote.get("CurrencyRate") or 1))).quantize(MONEY)
        amount = Decimal(str(doc.rounded_total or doc.grand_total))
        bound = amount * Decimal("0.0000005") * rate * rate + MONEY * len(doc.items)
        return {
            "what": label,
            "name": doc.name,
            "host": ours,
            "xero": theirs,
            "difference": abs(ours - theirs),
            "bound": bound.quantize(Decimal("0.0001")),
        }

    def test_5_each_document_has_one_counterpart_and_nothing_else_is_there(self) -> None:
        linked = set(frappe.get_all("Xero Link", filters={"connection": self.connection, "endpoint": "Invoices"}, pluck="xero_id"))
        there = [each["InvoiceID"] for each in self.organisation.read("Invoices")]
        self.assertEqual(sorted(there), sorted(linked))
        names = [each["Name"] for each in self.organisation.read("Contacts")]
        self.assertEqual(len(names), len(set(names)), names)
        self.assertLessEqual(
            {self.books.party(kind, currency) for kind in ("Customer", "Supplier") for currency in ("NZD", "AUD", "USD")}, set(names)
        )
        mine = {self.link(doc)["xero_id"] for doc in self.made.values() if doc.doctype != "Payment Entry"} | {
            self.link(self.cancelled["a paid bill"])["xero_id"]
        }
        payments = [
            each for each in self.organisation.read("Payments") if each["Status"] == "AUTHORISED" and each["Invoice"]["InvoiceID"] in mine
        ]
        entries = [doc for doc in self.made.values() if doc.doctype == "Payment Entry"]
        self.assertEqual(len(payments), sum(len(frappe.get_doc("Payment Entry", doc.name).references) for doc in entries))
        calls = [
            each
            for each in xero.control("GET", "calls", since=self.calls_before)["calls"]
            if each["method"] in ("PUT", "POST") and "/api.xro/" in each["path"]
        ]
        measured("writes_to_xero", {"calls": len(calls), "documents": len(self.made) + len(self.cancelled)})

    def test_6_the_form_says_where_a_document_stands(self) -> None:
        from picortex_xero.api import status

        doc = self.made["three lines with odd cents (sale)"]
        shown = status.document_status(doc.doctype, doc.name)
        self.assertEqual((shown["state"], shown["remote_status"]), ("In Xero", "AUTHORISED"))
        self.assertEqual(shown["number"], doc.name)
        self.assertIn("https://go.xero.com/", shown["link"])
