"""Accounts that were mapped to an account of another class before that was asked go on as they are."""

from __future__ import annotations

import frappe

from picortex_xero.accounting.account_classes import differ


def execute() -> None:
    """Keep mappings to an account of another class as choices made on purpose"""
    rows = frappe.get_all("Xero Account Mapping", fields=["name", "account", "xero_account_class"])
    names = sorted({row["account"] for row in rows})
    found = frappe.get_all("Account", filters={"name": ("in", names)}, fields=["name", "root_type"]) if names else []
    root_types = {row["name"]: row["root_type"] or "" for row in found}
    for row in rows:
        if differ(root_types.get(row["account"], ""), row["xero_account_class"] or ""):
            frappe.db.set_value("Xero Account Mapping", row["name"], "other_class", 1, update_modified=False)
