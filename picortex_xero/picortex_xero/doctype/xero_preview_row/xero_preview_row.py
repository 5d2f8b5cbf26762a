"""What one document would become in Xero."""

from __future__ import annotations

import frappe

from picortex_xero.engine.write_protection import OwnRecord


class XeroPreviewRow(OwnRecord):
    """Written by the app only (engine/preview_run.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        accounts: DF.Data | None
        asks: DF.Code | None
        codes: DF.Data | None
        company: DF.Link | None
        connection: DF.Link
        contact: DF.Data | None
        costs: DF.Code | None
        cure: DF.SmallText | None
        currency: DF.Link | None
        decided_at: DF.Datetime | None
        made: DF.Code | None
        makes_contact: DF.Check
        number: DF.Data | None
        parts_kept: DF.Int
        posting_date: DF.Date | None
        preview: DF.Link
        problems: DF.SmallText | None
        rank: DF.Int
        reference_creation: DF.Data | None
        reference_doctype: DF.Link | None
        reference_name: DF.DynamicLink | None
        requests: DF.Int
        settled_by: DF.Code | None
        state: DF.Literal["Would Go", "Would Go in Part", "Waits for Another", "Would Be Held", "Not Sent", "Decided in Xero", "Could Not Be Told"]
        stopped_at: DF.Datetime | None
        stopped_by: DF.SmallText | None
        stopped_until: DF.Datetime | None
        target: DF.Data | None
        tax: DF.Data | None
        tax_here: DF.Data | None
        texts: DF.Code | None
        total: DF.Data | None
        total_here: DF.Data | None
    # end: auto-generated types


def on_doctype_update() -> None:
    """Lines are shown problems first, those of a document are asked for by its name; of a watch at each look all that make a contact, and for people those
    that were stopped first."""
    frappe.db.add_index("Xero Preview Row", ["preview", "rank", "posting_date"])
    frappe.db.add_index("Xero Preview Row", ["preview", "reference_name"])
    frappe.db.add_index("Xero Preview Row", ["preview", "makes_contact"])
    frappe.db.add_index("Xero Preview Row", ["preview", "stopped_until"])
