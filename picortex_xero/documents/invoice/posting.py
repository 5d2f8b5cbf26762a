"""Where ERPNext books a line: the account of an item row, and what the sale of an asset does to the ledger.

ERPNext writes the stock, "Stock Received But Not Billed" or asset account of a bill into the row's `expense_account` itself
(`PurchaseInvoice.set_expense_account`; recorded cases `stock-bill-*`, `fixed-asset`). Deferred rows and sold assets are booked on other accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal
from ..identity import DIRECTIONS

ACCOUNT = {"Sales": "income_account", "Purchases": "expense_account"}
DEFERRED = {
    "Sales": ("enable_deferred_revenue", "deferred_revenue_account"),
    "Purchases": ("enable_deferred_expense", "deferred_expense_account"),
}


def booked_on(doc: dict[str, Any], item: dict[str, Any]) -> str:
    """The ERPNext account that an item row's net amount is booked on ("" where the row names none). A return never defers: ERPNext 15 and
    16 book its rows on income or expense, whatever they name, and release nothing of them (`make_item_gl_entries`)."""
    direction = DIRECTIONS[doc["doctype"]]
    deferred, account = DEFERRED[direction]
    return str(item.get(account if item.get(deferred) and not doc.get("is_return") else ACCOUNT[direction]) or "")


def sold_assets(doc: dict[str, Any]) -> list[dict[str, Any]]:
    """The item rows that sell a fixed asset (or take one back), whose ledger carries cost, depreciation and gain or loss."""
    return [item for item in doc.get("items") or [] if item.get("is_fixed_asset")] if doc["doctype"] == "Sales Invoice" else []


def disposal(doc: dict[str, Any], ledger: Sequence[dict[str, Any]]) -> dict[str, Decimal] | None:
    """What the ledger books for the sold assets besides their price: {ERPNext account: amount}, credits positive, adding up to zero.

    The price stands on the row's own account already, with its tax; here come the asset's cost, its depreciation, and the price taken
    off again down to the gain or loss. None where the ledger's other rows cannot be told apart from these (goods delivered with it have
    rows of their own that add up to zero).
    """
    assets = sold_assets(doc)
    others = [item for item in doc.get("items") or [] if not item.get("is_fixed_asset")]
    if others and doc.get("update_stock"):
        return None
    known = {str(doc.get("debit_to")), *(str(row.get("account_head")) for row in doc.get("taxes") or [])}
    known |= {booked_on(doc, item) for item in others}
    booked: dict[str, Decimal] = {}
    for row in ledger:
        if row["account"] not in known:
            booked[row["account"]] = booked.get(row["account"], ZERO) + decimal(row.get("credit")) - decimal(row.get("debit"))
    for item in assets:
        account = booked_on(doc, item)
        if account in known:
            return None
        booked[account] = booked.get(account, ZERO) - decimal(item.get("base_net_amount"))
    return {account: amount for account, amount in booked.items() if amount} if not sum(booked.values(), ZERO) else None
