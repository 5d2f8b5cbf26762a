"""Accounts that were mapped to an account of another class before that was asked go on as they are."""

from __future__ import annotations

import frappe

# Income, expenses and balances, by ERPNext's root types and Xero's classes.
KINDS = {
    "Income": "P",
    "REVENUE": "P",
    "Expense": "L",
    "EXPENSE": "L",
    **dict.fromkeys(("Asset", "Liability", "Equity", "ASSET", "LIABILITY", "EQUITY"), "B"),
}


def execute() -> None:
    """Keep mappings to an account of another class as choices made on purpose"""
    rows = frappe.get_all("Xero Account Mapping", fields=["name", "account", "xero_account_class"])
    names = sorted({row["account"] for row in rows})
    found = frappe.get_all("Account", filters={"name": ("in", names)}, fields=["name", "root_type"]) if names else []
    root_types = {row["name"]: row["root_type"] or "" for row in found}
    for row in rows:
        here, there = KINDS.get(root_types.get(row["account"], "")), KINDS.get(row["xero_account_class"] or "")
        if here and there and here != there:
            frappe.db.set_value("Xero Account Mapping", row["name"], "other_class", 1, update_modified=False)
