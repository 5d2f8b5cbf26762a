"""Xero's report Trial Balance as balances by account. It does not import frappe."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

PATH = "Reports/TrialBalance"
# The pair that holds the balances; Debit and Credit before it are the month's movement (Xero's published example, and readings of users).
DEBIT, CREDIT = "YTD Debit", "YTD Credit"
Balances = dict[str, Decimal]


class NotReadable(Exception):
    """The answer is no trial balance as Xero publishes it."""


def balances(answer: Any) -> Balances:
    """By AccountID (lower case) what the account holds, in the organisation's base currency, debit positive. Raises NotReadable: a figure that was
    misread would let balances be entered twice."""
    try:
        rows = answer["Reports"][0]["Rows"]
        header = next(row for row in rows if row["RowType"] == "Header")
        titles = [cell["Value"] for cell in header["Cells"]]
        debit, credit = titles.index(DEBIT), titles.index(CREDIT)
        held: Balances = {}
        for cells in _rows(rows):
            if account := _account(cells[0]):
                held[account] = held.get(account, Decimal(0)) + _figure(cells[debit]) - _figure(cells[credit])
    except (KeyError, IndexError, TypeError, ValueError, StopIteration, InvalidOperation) as error:
        raise NotReadable(str(error)) from error
    if sum(held.values(), Decimal(0)):
        # Computed rows bear no account; with those of all accounts the two sides are equal.
        raise NotReadable("debits and credits differ")
    return held


def _rows(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The cells of each row of an account, also of sections within sections."""
    for row in rows:
        if row["RowType"] == "Section":
            yield from _rows(row.get("Rows") or [])
        elif row["RowType"] == "Row":
            yield row["Cells"]


def _account(cell: dict[str, Any]) -> str:
    return next((str(each["Value"]).lower() for each in cell.get("Attributes") or [] if each.get("Id") == "account"), "")


def _figure(cell: dict[str, Any]) -> Decimal:
    return Decimal(str(cell.get("Value") or 0).replace(",", ""))
