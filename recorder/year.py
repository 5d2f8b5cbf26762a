"""Twelve months of one company, typed through ERPNext on a bench while the app's workers send them: nothing is recorded here.

The documents are those of the random corpus, spread over a year, and what it leaves out: refunds, paid invoices that are cancelled,
payments that are unreconciled, suppliers' advances allocated later, goods in and out of stock.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from typing import Any

import frappe

from recorder.chains import as_a_new_request
from recorder.corpus import WEIGHTS, CorpusBooks, Year
from recorder.forms import bill, deduction, journal, on_party, payment, reconcile, sale
from recorder.masters import PLACES, RATES

FIRST, LAST = datetime.date(2025, 12, 1), datetime.date(2026, 11, 20)


class YearBooks(CorpusBooks):
    """A New Zealand company of its own name, with purchase and sale in NZD, AUD and USD, and perpetual inventory as ERPNext sets it."""

    def __init__(self, name: str, abbr: str) -> None:
        super().__init__("NZ")
        self.place = PLACES["NZ"] | {"name": name, "abbr": abbr}
        self.company = name

    def _party(self, doctype: str, name: str, currency: str, number: int) -> None:
        """Customers and suppliers are shared by all companies of a site; each has this company's account in its currency."""
        super()._party(doctype, name, currency, number)
        party = frappe.get_doc(doctype, name)
        if currency != self.currency and not any(row.company == self.company for row in party.accounts):
            account = self.of(f"{'Debtors' if doctype == 'Customer' else 'Creditors'} {currency}")
            party.append("accounts", {"company": self.company, "account": account})
            party.save()


class BusyYear(Year):
    """`meanwhile` is called after every event, as time passes in an office."""

    first, last = FIRST, LAST
    weights = {**WEIGHTS, "refunded": 2, "unpaid_again": 2, "unreconciled": 2, "advance_used": 2, "stock_bought": 1, "stock_sold": 1,
               "short_paid": 1, "by_journal": 4}  # fmt: skip

    def __init__(self, books: YearBooks, meanwhile: Callable[[], None]) -> None:
        super().__init__(books)
        self.rng = random.Random(f"busy year {books.code}")
        self.payments.rng = self.rng
        self.meanwhile = meanwhile

    def _event(self, kind: str, do: Callable[[], Any], typed: dict[str, Any] | None) -> Any:
        as_a_new_request()
        doc = do()
        frappe.db.commit()
        record = {"event": kind, "doctype": doc.get("doctype"), "name": doc.get("name")} | ({"input": typed} if typed else {})
        self.records.append(record)
        if kind != "tool":
            doc.reload()
        self.meanwhile()
        return doc

    def event(self, kind: str, do: Callable[[], Any], typed: dict[str, Any]) -> Any:
        """As `Chain.event`, for what is typed by the functions of the cases."""
        return self._event(kind, do, typed)

    # What the corpus leaves out ------------------------------------------------------------------------------------

    def refunded(self, day: datetime.date) -> None:
        """An open credit note of ours, or of a supplier, is paid out."""
        kind, doctype, party = self.rng.choice((("Pay", "Sales Invoice", "customer"), ("Receive", "Purchase Invoice", "supplier")))
        filters = {
            "company": self.books.company,
            "docstatus": 1,
            "is_return": 1,
            "outstanding_amount": ["<", 0],
            "currency": self.books.currency,
        }
        if names := frappe.get_all(doctype, filters, pluck="name", order_by="name"):
            note = frappe.get_doc(doctype, self.rng.choice(names))
            due, on = note.outstanding_amount, str(max(day, note.posting_date))
            self.submit(payment(self, kind, note.get(party), -due, [(note, due)], on, party_type=party.title()))

    def unpaid_again(self, _day: datetime.date) -> None:
        """A paid invoice is cancelled: ERPNext leaves its payment, unlinked."""
        names = [name for doctype, name in self.done[-120:] if doctype == "Sales Invoice" and self._paid(name)]
        if names:
            self.cancel("Sales Invoice", self.rng.choice(names))

    def _paid(self, name: str) -> bool:
        refer = {"reference_doctype": "Sales Invoice", "reference_name": name, "docstatus": 1}
        return bool(frappe.db.get_value("Sales Invoice", name, "docstatus") == 1 and frappe.db.exists("Payment Entry Reference", refer))

    def unreconciled(self, _day: datetime.date) -> None:
        """A payment is taken off one of its invoices, as the button on the payment does."""
        refer = {"docstatus": 1, "reference_doctype": "Sales Invoice", "parenttype": "Payment Entry"}
        mine = {name for doctype, name in self.done if doctype == "Payment Entry"}
        rows = [row for row in frappe.get_all("Payment Entry Reference", refer, ["parent", "reference_name"], order_by="creation, name")
                if row.parent in mine]  # fmt: skip
        if not rows:
            return
        chosen = self.rng.choice(rows[-40:])

        def do() -> Any:
            doc = frappe.get_doc(
                doctype="Unreconcile Payment", company=self.books.company, voucher_type="Payment Entry", voucher_no=chosen.parent
            )
            doc.add_references()
            doc.set("allocations", [row for row in doc.allocations if row.reference_name == chosen.reference_name])
            doc.insert()
            doc.submit()
            return doc

        self._event("tool", do, dict(chosen))

    def advance_used(self, _day: datetime.date) -> None:
        """What a supplier was paid in advance goes to its oldest open bill."""
        free = {"company": self.books.company, "docstatus": 1, "payment_type": "Pay", "party_type": "Supplier", "unallocated_amount": [">", 0.01],
                "paid_to": self.books.of("Creditors")}  # fmt: skip
        for row in frappe.get_all("Payment Entry", free, ["name", "party"], order_by="name"):
            owed = {"company": self.books.company, "docstatus": 1, "supplier": row.party, "outstanding_amount": [">", 0], "is_return": 0,
                    "credit_to": self.books.of("Creditors")}  # fmt: skip
            if bills := frappe.get_all("Purchase Invoice", owed, pluck="name", order_by="posting_date, name", limit=1):
                reconcile(self, "Supplier", row.party, row.name, bills[0])
                return

    def short_paid(self, day: datetime.date) -> None:
        """A supplier's prompt payment discount, taken off what a bill is paid with."""
        if chosen := self._open(day, is_sale=False):
            kept = round(chosen.outstanding_amount * 0.02, 2)
            came = round(chosen.outstanding_amount - kept, 2)
            typed = self.payments.typed(False, day, [chosen], [chosen.outstanding_amount])
            self.submit(typed | {"paid_amount": came, "received_amount": came, "deductions": [deduction(self, "Discounts Taken", -kept)]})

    def by_journal(self, day: datetime.date) -> None:
        """What others enter as payments, as journals: receipts, payments, write-offs, set-offs, money between currencies."""
        books, sold, bought = self.books, self._open(day), self._open(day, is_sale=False)
        if not sold or not bought:
            return
        due, owed = sold.outstanding_amount, bought.outstanding_amount
        customer, supplier = on_party("Customer", sold.party, sold), on_party("Supplier", bought.party, bought)
        both, dollars, rate = min(due, owed), round(self.rng.uniform(50, 500), 2), RATES["USD", "NZD"]
        rows, kind, more = self.rng.choice((
            ([(books.bank(), due, 0), (sold.account, 0, due, customer)], "Bank Entry", {}),
            ([(bought.account, owed, 0, supplier), (books.bank(), 0, owed)], "Bank Entry", {}),
            ([("Bad Debts", due, 0), (sold.account, 0, due, customer)], "Write Off Entry", {}),
            ([(bought.account, both, 0, supplier), (sold.account, 0, both, customer)], "Journal Entry", {}),
            ([(books.bank("USD"), dollars, 0, {"exchange_rate": rate}), (books.bank(), 0, round(dollars * rate, 2))], "Contra Entry", {"multi_currency": 1}),
        ))  # fmt: skip
        self.submit(journal(self, rows, kind, str(day), **more))

    def stock_bought(self, day: datetime.date) -> None:
        rows = [("KETTLE", self.rng.randint(10, 40), round(self.rng.uniform(28, 34), 2))]
        self.submit(bill(self, self.rng.choice(self.place["suppliers"]), rows, str(day), str(day + datetime.timedelta(14)), update_stock=1))

    def stock_sold(self, day: datetime.date) -> None:
        customer, due = self.rng.choice(self.place["customers"]), str(day + datetime.timedelta(14))
        self.submit(sale(self, customer, [("KETTLE", self.rng.randint(1, 5), 64.9)], str(day), due, update_stock=1))
