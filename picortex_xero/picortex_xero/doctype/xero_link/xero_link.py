"""Which Xero record a document became."""

from __future__ import annotations

import frappe

from picortex_xero.engine.write_protection import OwnRecord


class XeroLink(OwnRecord):
    """Written by the app only; people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        adopted: DF.Check
        company: DF.Link | None
        connection: DF.Link
        content: DF.Data | None
        content_at: DF.Datetime | None
        content_version: DF.Int
        currency: DF.Link | None
        endpoint: DF.Data | None
        generation: DF.Int
        last_checked: DF.Datetime | None
        link_key: DF.Data | None
        marker: DF.Code | None
        reading_again: DF.Datetime | None
        reconciled: DF.Literal["", "No", "Yes", "Money Out Only", "Money In Only"]
        reference_creation: DF.Data | None
        reference_doctype: DF.Link | None
        reference_name: DF.DynamicLink | None
        remote_amount_due: DF.Currency
        remote_contact: DF.Data | None
        remote_key: DF.Data | None
        remote_picture: DF.Code | None
        remote_status: DF.Data | None
        remote_total: DF.Currency
        remote_updated: DF.Datetime | None
        role: DF.Data | None
        sent_lines: DF.Code | None
        sequence: DF.Int
        xero_id: DF.Data | None
        xero_number: DF.Data | None
    # end: auto-generated types


def on_doctype_update() -> None:
    """Every look at a document asks for its links."""
    frappe.db.add_index("Xero Link", ["reference_doctype", "reference_name"])
    # Of the reader of what changed in Xero: which endpoints it asks, and the allocations below a credit.
    frappe.db.add_index("Xero Link", ["connection", "endpoint"])
    # What came to Xero today, for the home page.
    frappe.db.add_index("Xero Link", ["connection", "creation"])
    # What waits to be read again, which nearly nothing does: asked for in every round.
    frappe.db.add_index("Xero Link", ["connection", "reading_again"])
