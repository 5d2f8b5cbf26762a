"""Payments that a person enters in Xero, on a real ERPNext: outstanding agrees on both sides, and nothing is sent back."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import frappe
import httpx
from frappe.utils import add_days, nowdate

from picortex_xero.api import incoming as incoming_api
from picortex_xero.engine import run
from picortex_xero.sync import jobs
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import Books, submit
from picortex_xero.tests.bench.case import XERO_ADDRESS, BenchCase, on_bench

ROW, STATE = "Xero Incoming Record", "Xero Connection State"


@on_bench
class TestPaymentsComeBack(BenchCase):
    """A company whose payments are entered in Xero."""

    books: Books
    organisation: xero.Organisation
    connection: str

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.books, cls.organisation, cls.connection = xero.of_its_own()
        frappe.db.set_value("Xero Connection", cls.connection, "payments_from_xero", "Are Submitted")
        frappe.db.commit()

    # What people do, and what is looked at ------------------------------------------------------------------------
    def sent(self, doc: Any) -> str:
        """The document's id in Xero, once it is there."""
        self.wait_for_worker(self.connection)
        frappe.db.rollback()
        xero_id = frappe.db.get_value("Xero Link", {"reference_doctype": doc.doctype, "reference_name": doc.name}, "xero_id")
        self.assertTrue(xero_id, doc.name)
        return str(xero_id)

    def pay(self, xero_id: str, amount: str, bank: str = "090", day: int = -2, **more: Any) -> dict[str, Any]:
        return dict(
            self.organisation.person(
                "pay_invoice",
                InvoiceID=xero_id,
                Amount=amount,
                Account={"Code": bank},
                Date=add_days(nowdate(), day),
                Reference="EFT",
                **more,
            )
        )

    def other_app(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {self.organisation.token}", "Xero-Tenant-Id": self.organisation.tenant, "Accept": "application/json",
            "Content-Type": "application/json",
        }  # fmt: skip
        answer = httpx.put(f"{XERO_ADDRESS}/api.xro/2.0/{path}", json=body, headers=headers, timeout=60)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return dict(answer.json())

    def look(self) -> None:
        """The turn of every list has come; the worker reads, and everything that was found is decided."""
        frappe.db.rollback()
        until = time.monotonic() + 90
        while "Payments" not in json.loads(frappe.db.get_value(STATE, self.connection, "read_until") or "{}"):
            # Reading it begins with the first run in which it is wanted.
            self.assertLess(time.monotonic(), until)
            jobs.sweep()
            run.run(self.connection)
            time.sleep(1)
            frappe.db.rollback()
        cursors = json.loads(frappe.db.get_value(STATE, self.connection, "read_until") or "{}")
        for each in cursors.values():
            each["read"] = "2026-01-01T00:00:00"
        frappe.db.set_value(STATE, self.connection, "read_until", json.dumps(cursors), update_modified=False)
        frappe.db.commit()
        until = time.monotonic() + 90
        while True:
            jobs.sweep()
            time.sleep(1)
            frappe.db.rollback()
            known = json.loads(frappe.db.get_value(STATE, self.connection, "read_until") or "{}")
            again = known.get("Payments", {}).get("read", "2026-01-01") < "2026-01-02"
            if not again and not frappe.db.exists(ROW, {"connection": self.connection, "state": "To Decide"}):
                break
            self.assertLess(time.monotonic(), until, known)
        self.wait_for_worker(self.connection)

    def open_here(self, doc: Any) -> Decimal:
        frappe.db.rollback()
        return Decimal(str(frappe.db.get_value(doc.doctype, doc.name, "outstanding_amount"))).quantize(Decimal("0.01"))

    def in_xero(self, xero_id: str, what: str = "Invoices") -> Decimal:
        (found,) = [each for each in self.organisation.read(what) if each["InvoiceID" if what == "Invoices" else "CreditNoteID"] == xero_id]
        return Decimal(str(found["AmountDue" if what == "Invoices" else "RemainingCredit"]))

    def rows(self, doc: Any) -> list[dict[str, Any]]:
        frappe.db.rollback()
        wanted = {"connection": self.connection, "about": ("like", f"%{doc.name}%")}
        return frappe.get_all(
            ROW, filters=wanted, fields=["name", "state", "reason", "reason_code", "reference_name"], order_by="found_at asc"
        )

    def agree(self, doc: Any, xero_id: str) -> None:
        self.assertEqual(self.open_here(doc), self.in_xero(xero_id), (doc.name, self.rows(doc)))

    def payments(self) -> int:
        return len([each for each in self.organisation.read("Payments") if each["Status"] == "AUTHORISED"])

    # The cases ----------------------------------------------------------------------------------------------------
    def test_invoice_and_bill_in_part_and_whole_once_each(self) -> None:
        sale, bill = submit(self.books.invoice(True, [("PANEL", 1, 100)])), submit(self.books.invoice(False, [("PANEL", 1, 40)]))
        sale_id, bill_id = self.sent(sale), self.sent(bill)
        self.pay(sale_id, "50.00")
        self.look()
        self.agree(sale, sale_id)
        self.pay(sale_id, "65.00")
        self.pay(bill_id, "46.00")
        before = self.payments()
        self.look()
        self.agree(sale, sale_id)
        self.agree(bill, bill_id)
        self.assertEqual((self.open_here(sale), self.open_here(bill)), (0, 0))
        self.look()
        self.assertEqual(self.payments(), before, "nothing is sent back")
        self.assertEqual([row["state"] for row in [*self.rows(sale), *self.rows(bill)]], ["Entered Here"] * 3)
        made = frappe.get_doc("Payment Entry", self.rows(sale)[0]["reference_name"])
        self.assertEqual((made.docstatus, made.paid_to, made.reference_no), (1, self.books.of("Trading Account"), "EFT"))
        steps = self.steps(reference_name=made.name)
        self.assertEqual([(step["role"], step["state"]) for step in steps if not step["role"].startswith("note")], [("payment", "Synced")])

    def test_a_batch_is_one_entry_over_both_invoices(self) -> None:
        one, two = (submit(self.books.invoice(True, [("PANEL", 1, rate)])) for rate in (30, 20))
        ids = [self.sent(one), self.sent(two)]
        rows = [{"Invoice": {"InvoiceID": each}, "Amount": amount} for each, amount in zip(ids, (34.5, 10))]
        self.other_app(
            "BatchPayments", {"BatchPayments": [{"Account": {"Code": "090"}, "Date": add_days(nowdate(), -1), "Payments": rows}]}
        )
        self.look()
        self.agree(one, ids[0])
        self.agree(two, ids[1])
        self.assertEqual({row["reference_name"] for row in [*self.rows(one), *self.rows(two)]}.__len__(), 1)

    def test_another_currency_through_either_bank(self) -> None:
        for bank, rate in (("091", None), ("090", "200.00")):
            sale = submit(self.books.invoice(True, [("PANEL", 1, 100)], currency="USD", rate=1.6))
            xero_id = self.sent(sale)
            due = self.in_xero(xero_id)
            self.pay(xero_id, str(due), bank, **({"BankAmount": rate} if rate else {}))
            self.look()
            self.agree(sale, xero_id)
            made = frappe.get_doc("Payment Entry", self.rows(sale)[0]["reference_name"])
            self.assertEqual(Decimal(str(made.received_amount)), Decimal(rate) if rate else due)

    def test_entered_on_both_sides_is_one(self) -> None:
        sale = submit(self.books.invoice(True, [("PANEL", 1, 60)]))
        xero_id = self.sent(sale)
        draft = self.books.payment([(sale, 69.0)], "Trading Account", day=-1)
        draft.insert()
        frappe.db.commit()
        self.pay(xero_id, "69.00")
        self.look()
        self.assertEqual([row["reason_code"] for row in self.rows(sale)], ["same-as-draft"])
        before, row = self.payments(), self.rows(sale)[0]["name"]
        # What the row says to do; nothing of the payment may go before.
        frappe.db.set_value("Xero Connection", self.connection, "state", "Paused")
        draft.submit()
        frappe.db.set_value("Xero Connection", self.connection, "state", "Live")
        incoming_api.retry(incoming=row)
        frappe.db.commit()
        self.look()
        self.assertEqual([(row["state"], row["reference_name"]) for row in self.rows(sale)], [("Matched", draft.name)])
        self.agree(sale, xero_id)
        self.assertEqual(self.payments(), before)

    def test_removed_in_xero_and_cancelled_here(self) -> None:
        sale = submit(self.books.invoice(True, [("PANEL", 1, 90)]))
        xero_id = self.sent(sale)
        payment = self.pay(xero_id, "3.50")
        self.look()
        made = frappe.get_doc("Payment Entry", self.rows(sale)[0]["reference_name"])
        self.organisation.person("delete_payment", PaymentID=payment["PaymentID"])
        self.look()
        (step,) = self.steps(reference_name=made.name, role="payment")
        self.assertEqual((step["state"], step["reason_code"]), ("Needs Attention", "gone-from-xero"))
        made.reload()
        made.cancel()
        frappe.db.commit()
        self.wait_for_worker(self.connection, sweeping=True)
        self.agree(sale, xero_id)

    def test_a_closed_period_waits_for_a_person_and_then_goes(self) -> None:
        sale = submit(self.books.invoice(True, [("PANEL", 1, 80)]))
        xero_id = self.sent(sale)
        settings = frappe.get_doc("Accounts Settings")
        settings.acc_frozen_upto, settings.frozen_accounts_modifier = add_days(nowdate(), -1), "Auditor"
        settings.save()
        frappe.db.commit()
        try:
            self.pay(xero_id, "92.00")
            self.look()
            (row,) = self.rows(sale)
            self.assertEqual((row["state"], row["reason_code"]), ("Waiting", "refused-here"), row)
            self.assertEqual(self.open_here(sale), 92)
        finally:
            settings.reload()
            settings.acc_frozen_upto = None
            settings.save()
            frappe.db.commit()
        incoming_api.retry(incoming=row["name"])
        frappe.db.commit()
        self.look()
        self.agree(sale, xero_id)
