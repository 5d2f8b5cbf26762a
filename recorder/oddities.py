"""A handful of unusual documents, marked, so that a demo shows what a person should look at.

Only the NZ month has them; each record says under `attention` why a person should look at it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import frappe

from recorder.documents import Recorder
from recorder.masters import Books
from recorder.payments import Payments


class Oddities:
    """At most six documents, each on its weekday of the month."""

    def __init__(self, books: Books, payments: Payments, recorder: Recorder, price_list: Callable[[str], dict[str, Any]]) -> None:
        self.books, self.payments, self.recorder, self.price_list = books, payments, recorder, price_list
        self.days = {12: self.overpaid, 14: self.card_fee, 16: self.returned, 18: self.advance, 19: self.paid_then_cancelled}

    def of(self, number: int, day: datetime.date) -> None:
        """What happens on that weekday."""
        if self.books.code == "NZ" and number in self.days:
            self.days[number](day)

    def _domestic(self, day: datetime.date) -> Any:
        payments, currency = self.payments, self.books.currency
        return next(row for row in payments.open_invoices(True, day) if row.currency == currency)

    def overpaid(self, day: datetime.date) -> None:
        invoice = self._domestic(day)
        typed = self.payments.typed(True, day, [invoice], [invoice.outstanding_amount], extra=50.0)
        self.recorder.submit(typed, "receipt with an unallocated part of 50.00")

    def card_fee(self, day: datetime.date) -> None:
        invoice = self._domestic(day)
        typed = self.payments.typed(True, day, [invoice], [invoice.outstanding_amount])
        fee = round(invoice.outstanding_amount * 0.027, 2)
        kept = round(invoice.outstanding_amount - fee, 2)
        books = self.books
        typed |= {"paid_amount": kept, "received_amount": kept, "deductions": [
            {"account": books.of("Administrative Expenses"), "cost_center": books.of("Main"), "amount": fee}]}  # fmt: skip
        self.recorder.submit(typed, f"card fee of {fee:.2f} kept back by the bank")

    def returned(self, day: datetime.date) -> None:
        from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

        note = make_sales_return(self._domestic(day).name)
        typed = {
            "doctype": "Sales Invoice", "naming_series": f"{self.books.place['abbr']}-SI-.#####", "is_return": 1, "return_against": note.return_against,
            "company": note.company, "customer": note.customer, "posting_date": str(day), "set_posting_time": 1, "due_date": str(day),
            "currency": note.currency, "conversion_rate": note.conversion_rate, **self.price_list("Sales Invoice"),
            "ignore_pricing_rule": 1, "disable_rounded_total": 1,
            "items": [{"item_code": row.item_code, "qty": row.qty, "rate": row.rate, "item_tax_template": row.item_tax_template,
                       "sales_invoice_item": row.sales_invoice_item} for row in note.items[:1]],
            "taxes": self.books.tax_rows("Sales Invoice", bool(note.taxes[0].included_in_print_rate)),
        }  # fmt: skip
        self.recorder.submit(typed, "sales return")

    def advance(self, day: datetime.date) -> None:
        invoice = self._domestic(day)
        typed = self.payments.typed(True, day, [invoice], [400.0])
        self.recorder.submit({**typed, "references": []}, "receipt on account, without an invoice")

    def paid_then_cancelled(self, day: datetime.date) -> None:
        paid = frappe.get_all("Sales Invoice", {"company": self.books.company, "status": "Paid", "is_return": 0},
                              pluck="name", order_by="posting_date, name", limit=1)  # fmt: skip
        self.recorder.cancel("Sales Invoice", paid[0], "cancelled although it was paid")
