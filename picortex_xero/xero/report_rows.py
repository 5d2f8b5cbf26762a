"""A report of Xero's as rows: what an account holds, what Xero worked out, and totals, told apart by what the answer says and never by title or place.

The shape is that of Xero's published examples (xero_accounting.yaml, /Reports): sections, also without rows and within sections; a row of an account
bears its AccountID as attribute, `account` in most reports and `accountID` in Bank Summary; a row that Xero works out (Net Profit, Net Assets) bears none, or
that of no account (Current Year Earnings). It does not import frappe.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

# What a row is: an account's, one that Xero worked out, or the total of the rows before it.
ACCOUNT, COMPUTED, TOTAL = "Account", "Computed", "Total"
NO_ACCOUNT = "00000000-0000-0000-0000-000000000000"
_ATTRIBUTES = ("account", "accountID")


class NotReadable(Exception):
    """The answer is no report as Xero publishes it."""


@dataclass(frozen=True)
class Row:
    """`account`: AccountID in lower case, "" where the row is none of an account; `section`: the title over it, as Xero wrote it; `values`: its other cells."""

    kind: str
    section: str
    title: str
    account: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """`columns`: the titles over the values of each row."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def table(answer: Any, type_: str) -> Table:
    """The one report of an answer. `type_`: the ReportType that was asked for. Raises NotReadable, also where a row has more or fewer cells than columns."""
    try:
        report = answer["Reports"][0]
        if report["ReportType"] != type_:
            raise NotReadable(f"{report['ReportType']} instead of {type_}")
        header = next(row for row in report["Rows"] if row["RowType"] == "Header")
        columns = tuple(str(cell.get("Value") or "") for cell in header["Cells"][1:])
        rows = tuple(_rows(report["Rows"], ""))
    except (KeyError, IndexError, TypeError, AttributeError, StopIteration) as error:
        raise NotReadable(repr(error)) from error
    uneven = next((row for row in rows if len(row.values) != len(columns)), None)
    if uneven:
        raise NotReadable(f"{uneven.title}: {len(uneven.values)} cells for {len(columns)} columns")
    return Table(columns, rows)


def figure(value: str) -> Decimal:
    """A cell's amount; an empty cell is 0. Raises NotReadable."""
    try:
        amount = Decimal(value.replace(",", "") or "0")
    except InvalidOperation as error:
        raise NotReadable(f"{value!r} is no amount") from error
    if not amount.is_finite():
        raise NotReadable(f"{value!r} is no amount")
    return amount


def _rows(rows: list[dict[str, Any]], section: str) -> Iterator[Row]:
    for row in rows:
        if row["RowType"] == "Section":
            yield from _rows(row.get("Rows") or [], str(row.get("Title") or "") or section)
        elif row["RowType"] in ("Row", "SummaryRow"):
            first, *others = row["Cells"]
            account = _account(first)
            kind = TOTAL if row["RowType"] == "SummaryRow" else ACCOUNT if account else COMPUTED
            yield Row(kind, section, str(first.get("Value") or ""), account, tuple(str(cell.get("Value") or "") for cell in others))
        elif row["RowType"] != "Header":
            raise NotReadable(f"RowType {row['RowType']}")


def _account(cell: dict[str, Any]) -> str:
    found = (str(each["Value"]).lower() for each in cell.get("Attributes") or [] if each.get("Id") in _ATTRIBUTES)
    account = next(found, "")
    return "" if account == NO_ACCOUNT else account
