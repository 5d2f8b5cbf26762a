"""What the host's General Ledger says of a voucher, for the few documents that do not say it themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal, half_up
from ..documents.identity import is_opening
from ..documents.invoice.deferred import BOOKED_BY
from ..documents.invoice.posting import sold_assets
from ..engine.context import Context

FIELDS = ["account", "debit", "credit", "cost_center", "posting_date", "against_voucher_type"]


def with_ledger(context: Context, doc: dict[str, Any]) -> dict[str, Any]:
    """The document with `ledger` where it sells an asset, `settled_before` where it is an opening one, and `counter_sales` where it joins
    such; else as it is."""
    if doc.get("is_consolidated"):
        doc = {**doc, "counter_sales": frappe.db.count("POS Invoice", {"consolidated_invoice": doc["name"], "docstatus": 1})}
    if sold_assets(doc):
        doc = {**doc, "ledger": [row for row in rows_of(doc["doctype"], doc["name"]) if row["against_voucher_type"] != BOOKED_BY]}
    return {**doc, "settled_before": _settled_before(context, doc)} if is_opening(doc) else doc


def rows_of(doctype: str, name: str) -> list[dict[str, Any]]:
    """The standing ledger rows of a voucher (`voucher_no` is indexed), amounts in company currency."""
    filters = {"voucher_type": doctype, "voucher_no": name, "is_cancelled": 0}
    return [dict(row) for row in frappe.get_all("GL Entry", filters=filters, fields=FIELDS, order_by="posting_date asc, creation asc")]


def _settled_before(context: Context, doc: dict[str, Any]) -> Decimal:
    """What other vouchers took off an opening document before the go-live date, in document currency: they are never sent."""
    sale = doc["doctype"] == "Sales Invoice"
    rows = frappe.get_all(
        "GL Entry",
        filters={
            "against_voucher_type": doc["doctype"],
            "against_voucher": doc["name"],
            "voucher_no": ("!=", doc["name"]),
            "posting_date": ("<", context.go_live_date),
            "is_cancelled": 0,
        },
        fields=["debit_in_account_currency", "credit_in_account_currency"],
    )
    sides = [decimal(row["credit_in_account_currency"]) - decimal(row["debit_in_account_currency"]) for row in rows]
    settled = sum(sides, ZERO) if sale else -sum(sides, ZERO)
    own = doc.get("party_account_currency") in (None, "", doc["currency"])
    return settled if own else half_up(settled / decimal(doc["conversion_rate"]))
