"""Connections of release 0.1 go on sending what moves money by itself. New connections hold it until a person releases it."""

from __future__ import annotations

import frappe


def execute() -> None:
    """Keep sending money where that was done before"""
    for connection in frappe.get_all("Xero Connection", pluck="name"):
        frappe.db.set_value("Xero Connection", connection, "money", "Send", update_modified=False)
