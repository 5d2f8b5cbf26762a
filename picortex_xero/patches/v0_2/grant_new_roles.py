"""Where a site has set the permissions of one of the app's DocTypes itself (Role Permission Manager), Frappe takes those and no longer the
DocType's own: what Xero Auditor and System Manager may there (connection/who_may.py) is added to them. Every rule of the site's stays, and
a role that has one already is left as it is. May be interrupted and run again."""

from __future__ import annotations

import frappe

from picortex_xero.connection import who_may

CUSTOM, APPROVER = "Custom DocPerm", who_may.APPROVER


def execute() -> None:
    """Let Xero Auditor and System Manager in where permissions were customised"""
    let_in(who_may.AUDITOR, who_may.MANAGER)


def let_in(*roles: str) -> None:
    """Give these roles what the table says, where a site has rules of its own and none for them."""
    rows = frappe.get_all(CUSTOM, filters={"parent": ("in", sorted(who_may.DOCTYPES))}, fields=["parent", "role"])
    for doctype in sorted({row["parent"] for row in rows}):
        known = {row["role"] for row in rows if row["parent"] == doctype}
        for role in roles:
            rights = who_may.DOCTYPES[doctype].get(role, ())
            if rights and role not in known:
                # Each one said, since some are granted unless the row says otherwise.
                granted = {right: int(right in rights) for right in (*who_may.RIGHTS, *who_may.NEVER)}
                frappe.get_doc({"doctype": CUSTOM, "parent": doctype, "role": role, "permlevel": 0, **granted}).insert(
                    ignore_permissions=True
                )
