"""A report of Xero's as it was read at a time."""

from __future__ import annotations

import frappe

from picortex_xero.engine.write_protection import OwnRecord


class XeroReportSnapshot(OwnRecord):
    """Written by the app only (reporting/snapshots.py); people read it in the reports."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        about: DF.Data | None
        basis: DF.Literal["Accrual", "Cash"]
        company: DF.Link | None
        connection: DF.Link | None
        currency: DF.Link | None
        figures: DF.Code | None
        first_day: DF.Date | None
        last_day: DF.Date | None
        lines: DF.Int
        newest: DF.Check
        read_at: DF.Datetime | None
        report: DF.Literal["Profit and Loss", "Balance Sheet", "Trial Balance", "Bank Summary", "Budget Summary", "Open Items"]
        tracking_option: DF.Data | None
    # end: auto-generated types


def on_doctype_update() -> None:
    """The newest readings of a connection's report."""
    frappe.db.add_index("Xero Report Snapshot", ["connection", "report", "newest"])
