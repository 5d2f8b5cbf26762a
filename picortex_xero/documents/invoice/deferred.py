"""Deferred revenue and expense: which releases the host has booked, and what of them is missing or too many among the steps.

Recorded (`deferred-revenue`, `deferred-expense`): Process Deferred Accounting adds ledger rows under the invoice's own voucher, at month ends,
without any event of the invoice; cancelling it takes them back. One release is one posting date of one voucher.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal

BOOKED_BY = "Process Deferred Accounting"


@dataclass(frozen=True)
class Standing:
    """A release that is in Xero or on its way: its step's role, posting date (yyyy-mm-dd) and amount in company currency."""

    role: str
    date: str
    amount: Decimal


def released(ledger: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The rows of a voucher's standing ledger that release, by posting date."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in ledger:
        if row.get("against_voucher_type") == BOOKED_BY:
            found.setdefault(str(row["posting_date"]), []).append(row)
    return {date: rows for date, rows in found.items() if by_account(rows)}


def by_account(rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str], Decimal]:
    """What a release moves per (account, cost centre), debits positive, in company currency; nothing for what cancels out."""
    sums: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        key = (str(row["account"]), str(row.get("cost_center") or ""))
        sums[key] = sums.get(key, ZERO) + decimal(row.get("debit")) - decimal(row.get("credit"))
    return {key: amount for key, amount in sums.items() if amount}


def amount(rows: Sequence[dict[str, Any]]) -> Decimal:
    """What a release comes to: the sum of its debits."""
    return sum((each for each in by_account(rows).values() if each > ZERO), ZERO)


def compare(ledger: Sequence[dict[str, Any]], standing: Sequence[Standing]) -> tuple[dict[str, Decimal], list[str]]:
    """(dates and amounts without a step, roles of steps whose release the ledger no longer shows).

    A date whose amount has changed is both: what was entered goes, and the date is entered again.
    """
    wanted = {date: amount(rows) for date, rows in released(ledger).items()}
    kept = {each.date: each for each in standing if wanted.get(each.date) == each.amount}
    surplus = [each.role for each in standing if kept.get(each.date) is not each]
    return {date: due for date, due in wanted.items() if date not in kept}, surplus
