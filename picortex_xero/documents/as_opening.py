"""Invoices and bills of which only what was open at a date goes to Xero, in one line without tax, as ERPNext's own opening documents do. Pure.

An import in the mode Opening Balances (a row of Xero History Run) chooses them. Every decision about such a document sees it as an opening document:
its rows are one on the opening account, and what was entered with it (taxes, payments, write-offs) is part of what was settled before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

Doc = dict[str, Any]
# The day at whose end the document was open, on a document that is seen so.
AS_AT = "opening_as_at"
# Of an opening document, whose record in Xero has only what was owed: the first day of what settles that; on its head.
OWED_SINCE = "owed_since"
# Beside it: what the Payment Ledger says against it, a tuple of OwedRow; of what an import has brought as opening only until then.
OWED_ROWS = "owed_rows"
# And what is paid or taken off it in Xero beside the record, by whatever of ours: a dict of amounts in its own currency by (DocType, name).
OWED_SENT = "owed_sent"
# Fields that book more than the debt itself; none of it is entered again.
BOOKS_MORE = (
    "is_pos is_paid paid_amount base_paid_amount change_amount write_off_amount base_write_off_amount discount_amount base_discount_amount "
    "update_stock redeem_loyalty_points loyalty_points loyalty_amount is_consolidated is_internal_customer is_internal_supplier"
).split()
TABLES = ("taxes", "payments", "advances", "item_wise_tax_details")


@dataclass(frozen=True)
class Opening:
    """One such import: its name (`run`, "" for a preview of one), the day at whose end documents were open and the first day that was not closed when
    it began (both yyyy-mm-dd), and the company's opening account, whose mapping names the account in Xero."""

    run: str
    as_at: str
    first_open_day: str
    account: str

    @property
    def owed_since(self) -> str:
        """The day after that of the balances (yyyy-mm-dd)."""
        return day_after(self.as_at)


def day_after(day: str) -> str:
    """The next day (both yyyy-mm-dd)."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


@dataclass(frozen=True)
class OwedRow:
    """A row of the Payment Ledger against an opening document: which voucher has written it, what it takes off in the party account's currency (below zero: what it adds),
    when it was written (the site's time; identity.moment), and its day (yyyy-mm-dd)."""

    by: tuple[str, str]
    amount: Decimal
    at: str
    dated: str


def as_opening(doc: Doc, opening: Opening) -> Doc:
    """The document as an opening document. Its date stays, so that it is as old in Xero as here, unless that day is closed there: then it is the day
    of the balances."""
    date = str(doc["posting_date"])
    dated = date if date >= opening.first_open_day else opening.as_at
    row = {"income_account": opening.account, "expense_account": opening.account, "cost_center": doc.get("cost_center") or ""}
    due = str(doc.get("due_date") or dated)
    return {
        **doc,
        **{name: 0 for name in BOOKS_MORE if name in doc},
        **{name: [] for name in TABLES},
        AS_AT: opening.as_at,
        "is_opening": "Yes",
        "items": [row],
        "posting_date": dated,
        "due_date": max(due, dated),
    }


def of_run(openings: Iterable[Opening], run: str) -> Opening | None:
    """The import with this name."""
    return next((each for each in openings if each.run == run), None)
