"""The invoice that ERPNext makes of a day's counter sales, brought into the shape of an ordinary one.

Observed (`pos-day`): its tax rows are typed figures ('Actual', rate 0), and what was charged on which item stands in
`item_wise_tax_detail` alone. For these invoices, unlike others, the detail is kept per item at one rate.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .money import CENT, ZERO
from .tax import item_rates


def sales_joined(doc: dict[str, Any]) -> int:
    """How many counter sales an invoice stands for (`counter_sales`, which the worker counts); 1 for an ordinary one.

    ERPNext joins equal items of all of them into one row and adds up their taxes, each rounded by itself: by so many half cents a row's
    tax may be apart from its rate, and "a cent per line" (accounting_rules "Tax parity") is a cent for each sale in it.
    """
    return max(1, int(doc.get("counter_sales") or 0)) if doc.get("is_consolidated") else 1


def shares(doc: dict[str, Any], total: Decimal, exact: Sequence[Decimal]) -> list[Decimal]:
    """The exact tax of each line, brought to the row's `total` where the roundings of the joined sales explain the difference."""
    found, sales = sum(exact, ZERO), sales_joined(doc)
    if sales == 1 or not found or abs(total - found) > sales * CENT / 2:
        return list(exact)
    return [share * total / found for share in exact]


def as_charged(doc: dict[str, Any]) -> dict[str, Any]:
    """The document with each consolidated tax row as a rate on its items; any other document as it is.

    A row without detail is left alone: it was typed, and is judged as typed rows are.
    """
    if not doc.get("is_consolidated"):
        return doc
    rates = {at: _rates(row) for at, row in enumerate(doc.get("taxes") or [])}
    rows = [{**row, "charge_type": "On Net Total", "rate": 0} if rates[at] else row for at, row in enumerate(doc.get("taxes") or [])]
    charged = [(row["account_head"], rates[at]) for at, row in enumerate(rows) if rates[at]]
    return {**doc, "taxes": rows, "items": [_with_rates(item, charged) for item in doc.get("items") or []]}


def _rates(row: dict[str, Any]) -> dict[str, Any]:
    """{item code or name: rate} of a typed tax row; empty where nothing says so."""
    if row.get("charge_type") != "Actual" or not row.get("item_wise_tax_detail"):
        return {}
    return {item: detail[0] for item, detail in json.loads(row["item_wise_tax_detail"]).items()}


def _with_rates(item: dict[str, Any], charged: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    own = {account: rates.get(item.get("item_code") or str(item.get("item_name")), 0) for account, rates in charged}
    return {**item, "item_tax_rate": json.dumps({**item_rates(item.get("item_tax_rate")), **own})} if own else item
