"""Leaving a site as it was: Frappe drops our tables, this removes what lies outside them."""

from __future__ import annotations

import frappe

from .install import ROLES

LOGS = ("Xero Sync Log", "Xero Attempt")


def after_uninstall() -> None:
    """Roles (and who had them), and the rows Log Settings made for our logs."""
    for role in ROLES:
        frappe.db.delete("Has Role", {"role": role})
        frappe.db.delete("Role", {"name": role})
    for doctype in LOGS:
        frappe.db.delete("Logs To Clear", {"ref_doctype": doctype})
    frappe.db.delete("Singles", {"doctype": "Xero Settings"})
    frappe.db.commit()
