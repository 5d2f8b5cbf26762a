"""A record that somebody has entered in Xero and that concerns what was sent from here: what became of it here, or why it waits for a person."""

from __future__ import annotations

import frappe

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroIncomingRecord(OwnRecord):
    """Written by the app only; people read it, and decide by its buttons."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        about: DF.SmallText | None
        amount: DF.Currency
        chosen: DF.Data | None
        chosen_by: DF.Data | None
        company: DF.Link | None
        connection: DF.Link
        cure: DF.SmallText | None
        currency: DF.Link | None
        date: DF.Date | None
        endpoint: DF.Data | None
        found_at: DF.Datetime | None
        reason: DF.SmallText | None
        reason_code: DF.Data | None
        reason_parts: DF.Code | None
        record: DF.Code | None
        reference_doctype: DF.Link | None
        reference_name: DF.DynamicLink | None
        remote_updated: DF.Datetime | None
        state: DF.Literal["To Decide", "Waiting", "Draft Here", "Entered Here", "Matched", "Left Out", "Gone"]
        what: DF.Data | None
        xero_id: DF.Data | None
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "reason_parts", "reason", "cure")


def on_doctype_update() -> None:
    """The runs of a connection look for what is to be decided."""
    frappe.db.add_index("Xero Incoming Record", ["connection", "state"])
