"""Each connection so far is its company's and its organisation's only one, and stays so until another organisation takes its place: the two
unique columns that say so are filled. May be interrupted and run again."""

from __future__ import annotations

import frappe


def execute() -> None:
    """Note which company and which organisation each connection holds"""
    unmarked = {"state": ("!=", "Retired"), "active_company": ("is", "not set")}
    for row in frappe.get_all("Xero Connection", filters=unmarked, fields=["name", "company", "tenant_id"]):
        values = {"active_company": row["company"], "active_tenant": row["tenant_id"] or None}
        frappe.db.set_value("Xero Connection", row["name"], values, update_modified=False)
