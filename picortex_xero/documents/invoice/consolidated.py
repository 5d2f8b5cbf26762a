"""The Sales Invoice that ERPNext makes of a day's POS Invoices (`is_consolidated`), brought into the shape of an ordinary one.

Observed on ERPNext 15.71 (recorded case `pos-day`): its tax rows are typed figures ('Actual', rate 0), and what was charged on which item
stands in a detail alone. ERPNext 15 keeps it in each tax row (`item_wise_tax_detail`: JSON by item code), for these invoices, unlike
others, per item at one rate. ERPNext 16 has a table of the document instead (`item_wise_tax_details`: one row per item row and tax row,
both by name, amounts in company currency; equal items stay rows of their own). Only the rates are read, so the amounts' currency does not
matter; what they come to is compared with the row's own figure like any other tax.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ...accounting.money import CENT, ZERO, decimal, plain
from ...accounting.tax import item_rates


def sales_joined(doc: dict[str, Any]) -> int:
    """How many counter sales an invoice stands for (`counter_sales`, which the worker counts); 1 for an ordinary one.

    ERPNext joins equal items of all sales into one row and adds up their taxes, each rounded by itself. So a tax row may differ from its
    rate by half a cent for each sale, and the cent by which a line's tax may differ from Xero's is one cent for each sale.
    """
    return max(1, int(doc.get("counter_sales") or 0)) if doc.get("is_consolidated") else 1


def shares(doc: dict[str, Any], total: Decimal, exact: Sequence[Decimal], unit: Decimal = CENT) -> list[Decimal]:
    """The exact tax of each line, brought to the row's `total` where the roundings of the joined sales explain the difference."""
    found, sales = sum(exact, ZERO), sales_joined(doc)
    if sales == 1 or not found or abs(total - found) > sales * unit / 2:
        return list(exact)
    return [share * total / found for share in exact]


def as_charged(doc: dict[str, Any]) -> dict[str, Any]:
    """The document with each consolidated tax row as a rate on its items; any other document as it is.

    A row without detail is left alone: it was typed, and is judged as typed rows are.
    """
    if not doc.get("is_consolidated"):
        return doc
    rates = {at: _rates(row, doc) for at, row in enumerate(doc.get("taxes") or [])}
    rows = [{**row, "charge_type": "On Net Total", "rate": 0} if rates[at] else row for at, row in enumerate(doc.get("taxes") or [])]
    charged = [(row["account_head"], rates[at]) for at, row in enumerate(rows) if rates[at]]
    return {**doc, "taxes": rows, "items": [_with_rates(item, charged) for item in doc.get("items") or []]}


def _rates(row: dict[str, Any], doc: dict[str, Any]) -> dict[str, Any]:
    """{item row, item code or name: rate} of a typed tax row, by whichever detail the document has; empty where nothing says so."""
    if row.get("charge_type") != "Actual":
        return {}
    if row.get("item_wise_tax_detail"):
        return {item: detail[0] for item, detail in json.loads(row["item_wise_tax_detail"]).items()}
    found: dict[str, list[Decimal]] = {}
    for detail in doc.get("item_wise_tax_details") or []:
        if detail.get("tax_row") and detail["tax_row"] == row.get("name"):
            found.setdefault(str(detail["item_row"]), []).append(decimal(detail.get("rate")))
    # Several rates for one item and account: the sales had two tax rows on it. The same rate twice is one row listed twice.
    return {item: f"{plain(sum(set(rates), ZERO)):f}" for item, rates in found.items()}


def _with_rates(item: dict[str, Any], charged: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    own = {account: _rate_of(item, rates) for account, rates in charged}
    return {**item, "item_tax_rate": json.dumps({**item_rates(item.get("item_tax_rate")), **own})} if own else item


def _rate_of(item: dict[str, Any], rates: dict[str, Any]) -> Any:
    known = (str(item.get("name") or ""), item.get("item_code") or str(item.get("item_name")))
    return next((rates[key] for key in known if key in rates), 0)
