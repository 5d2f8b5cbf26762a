"""A company whose bank lines are matched, and what the bank tests look at."""

from __future__ import annotations

import time
from typing import Any

import frappe
from frappe.utils import add_days, nowdate

from picortex_xero.reconciling import making, readings
from picortex_xero.tests.bench.books import Books, ensure, submit


class Bank:
    """The bank accounts of new books, with lines."""

    def __init__(self, **chosen: Any) -> None:
        self.books = Books.create()
        ensure("Bank", "Bench Bank", bank_name="Bench Bank")
        self.account = self._account("Trading", "Trading Account")
        self.savings = self._account("Savings", "Savings Account")
        values = {"fee_account": self.books.of("Administrative Expenses"), "write_off_account": self.books.of("Write Off")}
        self.setting = frappe.get_doc({"doctype": "Xero Bank Setting", "company": self.books.company, **values, **chosen}).insert()
        frappe.db.commit()

    def _account(self, called: str, ledger: str) -> str:
        ensure("Account", self.books.of(ledger), account_name=ledger, company=self.books.company, account_type="Bank", account_currency="NZD",
               parent_account=self.books.of("Bank Accounts"))  # fmt: skip
        values = {
            "account_name": f"{called} {self.books.abbr}",
            "bank": "Bench Bank",
            "is_company_account": 1,
            "company": self.books.company,
        }
        return str(frappe.get_doc({"doctype": "Bank Account", "account": self.books.of(ledger), **values}).insert().name)

    def line(self, amount: float, text: str, day: int = -3, account: str = "", reference: str = "") -> Any:
        """A submitted bank transaction; money in is positive."""
        side = {"deposit": amount} if amount > 0 else {"withdrawal": -amount}
        return submit(
            frappe.get_doc(
                {"doctype": "Bank Transaction", "company": self.books.company, "bank_account": account or self.account, "currency": "NZD", **side,
                 "date": add_days(nowdate(), day), "description": text, "reference_number": reference}
            )
        )  # fmt: skip

    def sale(self, amount: float, day: int = -10) -> Any:
        """An unpaid invoice of this total, tax included."""
        return submit(self.books.invoice(True, [("PANEL", 1, amount)], day, included=True))

    def bill(self, amount: float, day: int = -10) -> Any:
        """An unpaid bill of this total."""
        return submit(self.books.invoice(False, [("PANEL", 1, amount)], day, included=True))

    def propose(self) -> None:
        """As the job does."""
        making.make(self.books.company, time.monotonic() + 120, again=True)

    def row(self, line: Any) -> Any:
        """What is kept of a line."""
        frappe.db.rollback()
        return frappe.db.get_value("Xero Bank Proposal", {"bank_transaction": line.name}, "*", as_dict=True)

    def best(self, line: Any) -> Any:
        """Its best reading."""
        return readings.loaded(line.name, self.row(line).readings)[0]
