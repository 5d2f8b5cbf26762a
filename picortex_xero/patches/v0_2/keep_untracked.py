"""Connections of release 0.1 go on sending what has a cost centre without tracking; their documents' history now says so. New connections
hold it until somebody decides."""

from __future__ import annotations

import frappe


def execute() -> None:
    """Keep sending cost centres without tracking where that was done before"""
    for connection in frappe.get_all("Xero Connection", pluck="name"):
        frappe.db.set_value("Xero Connection", connection, "missing_tracking", "Send Without", update_modified=False)
