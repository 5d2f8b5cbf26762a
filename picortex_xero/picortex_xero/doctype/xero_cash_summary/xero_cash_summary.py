"""The cash of one day that skipped documents moved on one account, one way; made and submitted by the app."""

from __future__ import annotations

import frappe

from picortex_xero.engine.write_protection import OwnRecord, refuse_all


class XeroCashSummary(OwnRecord):
    """Written by the app only (engine/cash_summaries.py, engine/cash_anew.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from picortex_xero.picortex_xero.doctype.xero_cash_summary_row.xero_cash_summary_row import XeroCashSummaryRow

        account: DF.Link
        against_account: DF.Link | None
        amended_from: DF.Link | None
        base_total: DF.Currency
        company: DF.Link
        connection: DF.Link
        currency: DF.Link | None
        direction: DF.Literal["Received", "Paid"]
        make_anew: DF.Check
        number: DF.Int
        posting_date: DF.Date
        rows: DF.Table[XeroCashSummaryRow]
        summary_key: DF.Data | None
        tax_type: DF.Data | None
        total: DF.Currency
    # end: auto-generated types

    def before_cancel(self) -> None:
        """Only the app takes one back: another one would be made of the same cash."""
        refuse_all(self)


def on_doctype_update() -> None:
    """What is to be made anew is asked for every minute."""
    frappe.db.add_index("Xero Cash Summary", ["connection", "make_anew", "docstatus"])
