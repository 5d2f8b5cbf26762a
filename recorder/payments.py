"""Receipts and payments for open invoices, made through ERPNext: one or several references, whole or in part."""

from __future__ import annotations

import datetime
import random
from typing import Any

import frappe

from recorder.documents import Recorder
from recorder.masters import RATES, Books


class Payments:
    """Chooses open invoices of one company and pays them."""

    def __init__(self, books: Books, recorder: Recorder, rng: random.Random) -> None:
        self.books, self.recorder, self.rng = books, recorder, rng
        self.made = 0

    def open_invoices(self, sale: bool, until: datetime.date) -> list[Any]:
        """Unpaid submitted invoices dated up to `until`, oldest first."""
        doctype, party = ("Sales Invoice", "customer") if sale else ("Purchase Invoice", "supplier")
        filters = {"company": self.books.company, "docstatus": 1, "is_return": 0,
                   "outstanding_amount": [">", 0], "posting_date": ["<=", str(until)]}  # fmt: skip
        account = "debit_to" if sale else "credit_to"
        fields = ["name", f"{party} as party", "currency", "conversion_rate", "outstanding_amount", f"{account} as account"]
        rows = frappe.get_all(doctype, filters, fields, order_by="posting_date, name")
        return [frappe._dict(row, doctype=doctype) for row in rows]

    def settle(self, sale: bool, day: datetime.date) -> None:
        """One payment of that day, if any invoice is old enough; now and then cancelled and made again."""
        open_now = self.open_invoices(sale, day - datetime.timedelta(3))
        if not open_now:
            raise RuntimeError(f"{self.books.company}: nothing to pay on {day}")
        first = self.rng.choice(open_now[:25])
        same = [row for row in open_now if row.account == first.account and row.party == first.party]
        several = len(same) > 1 and self.rng.random() < 0.5
        chosen = same[: self.rng.randint(2, 4)] if several else [first]
        shares = [row.outstanding_amount for row in chosen]
        if self.rng.random() < 0.2:
            shares[-1] = round(shares[-1] * self.rng.choice((0.25, 0.5, 0.8)), 2) or shares[-1]
        typed = self.typed(sale, day, chosen, shares)
        doc = self.recorder.submit(typed)
        if self.rng.random() < 0.05:
            self.recorder.cancel(doc.doctype, doc.name)
            self.recorder.submit({**typed, "reference_no": typed["reference_no"] + " corrected"})

    def typed(self, sale: bool, day: datetime.date, chosen: list[Any], shares: list[float], extra: float = 0) -> dict[str, Any]:
        """What a person types to pay `shares` of the chosen invoices, and `extra` beyond them."""
        self.made += 1
        allocated = round(sum(shares) + extra, 2)
        base, currency = self.books.currency, chosen[0].currency
        bank, bank_currency = self._bank(currency)
        rate = 1.0 if currency == base else round(RATES[currency, base] * self.rng.uniform(0.98, 1.02), 4)
        # From the base-currency bank the bank statement says what came; the rate follows from it.
        at_bank = allocated if bank_currency == currency else round(allocated * rate, 2)
        party_rate = at_bank / allocated if bank_currency != currency else rate
        bank_rate = rate if bank_currency == currency else 1.0
        ours, theirs = (bank_rate, party_rate)
        return {
            "doctype": "Payment Entry",
            "naming_series": f"{self.books.place['abbr']}-PAY-.#####",
            "payment_type": "Receive" if sale else "Pay",
            "company": self.books.company,
            "posting_date": str(day),
            "mode_of_payment": "Wire Transfer",
            "party_type": "Customer" if sale else "Supplier",
            "party": chosen[0].party,
            "paid_from": chosen[0].account if sale else self.books.of(bank),
            "paid_to": self.books.of(bank) if sale else chosen[0].account,
            "paid_amount": allocated if sale else at_bank,
            "received_amount": at_bank if sale else allocated,
            "source_exchange_rate": theirs if sale else ours,
            "target_exchange_rate": ours if sale else theirs,
            "reference_no": f"{'DC' if sale else 'BP'}{day:%d%m}{self.made:03d}",
            "reference_date": str(day),
            "references": [
                {"reference_doctype": row.doctype, "reference_name": row.name, "allocated_amount": share}
                for row, share in zip(chosen, shares)
            ],
        }

    def _bank(self, currency: str) -> tuple[str, str]:
        """The bank account of that currency half of the time, else the base currency's."""
        banks: dict[str, str] = self.books.place["banks"]
        own = [name for name, of in banks.items() if of == currency]
        if own and (currency == self.books.currency or self.rng.random() < 0.5):
            return own[0], currency
        return next((name, of) for name, of in banks.items() if of == self.books.currency)
