"""A report of Xero's as it was read at a time."""

from __future__ import annotations

import frappe

from picortex_xero.engine.write_protection import OwnRecord


class XeroReportSnapshot(OwnRecord):
    """Written by the app only (reporting/snapshots.py); people read it in the reports."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.
    # end: auto-generated types


def on_doctype_update() -> None:
    """The newest readings of a connection's report."""
    frappe.db.add_index("Xero Report Snapshot", ["connection", "report", "newest"])
