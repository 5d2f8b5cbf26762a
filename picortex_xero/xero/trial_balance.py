"""Xero's report Trial Balance as balances by account. It does not import frappe."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from . import report_rows
from .report_rows import NotReadable

__all__ = ["NotReadable", "PATH", "TYPE", "Balances", "balances", "movements"]
PATH, TYPE = "Reports/TrialBalance", "TrialBalance"
# The pair that holds the balances; Debit and Credit before it are the month's movement (Xero's published example, and readings of users).
DEBIT, CREDIT = "YTD Debit", "YTD Credit"
MONTH_DEBIT, MONTH_CREDIT = "Debit", "Credit"
Balances = dict[str, Decimal]


def balances(answer: Any) -> Balances:
    """By AccountID (lower case) what the account holds, in the organisation's base currency, debit positive. Raises NotReadable: a figure that was
    misread would let balances be entered twice."""
    return _held(answer, DEBIT, CREDIT)


def movements(answer: Any) -> Balances:
    """By AccountID (lower case) what the month until that day moved, as `balances`. Raises NotReadable."""
    return _held(answer, MONTH_DEBIT, MONTH_CREDIT)


def _held(answer: Any, debit: str, credit: str) -> Balances:
    table = report_rows.table(answer, TYPE)
    if debit not in table.columns or credit not in table.columns:
        raise NotReadable(f"no column {debit} or {credit}")
    at, against = table.columns.index(debit), table.columns.index(credit)
    held: Balances = {}
    for row in table.rows:
        if row.kind == report_rows.ACCOUNT:
            held[row.account] = (
                held.get(row.account, Decimal(0)) + report_rows.figure(row.values[at]) - report_rows.figure(row.values[against])
            )
    if sum(held.values(), Decimal(0)):
        # Computed rows bear no account; with those of all accounts the two sides are equal.
        raise NotReadable("debits and credits differ")
    return held
