"""What Xero has told of: that a record of an organisation was made or changed. One row for each event, written by the webhook."""

from __future__ import annotations

from datetime import timedelta

import frappe

from picortex_xero.engine.clock import now
from picortex_xero.engine.write_protection import OwnRecord


class XeroInboundEvent(OwnRecord):
    """Written by the app only; people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        category: DF.Data | None
        company: DF.Link | None
        connection: DF.Link
        event_at: DF.Data | None
        event_type: DF.Data | None
        read_at: DF.Datetime | None
        received_at: DF.Datetime | None
        state: DF.Literal["Waiting", "Read", "Not Needed"]
        xero_id: DF.Data | None
    # end: auto-generated types

    @staticmethod
    def clear_old_logs(days: int = 35) -> None:
        """Called by Frappe's log clearing: Xero repeats an event for 31 days. What still waits then is of a connection that has not gone live."""
        frappe.db.delete("Xero Inbound Event", {"received_at": ("<", now() - timedelta(days=days))})


def on_doctype_update() -> None:
    """The runs of a connection look for what nobody has looked at yet."""
    frappe.db.add_index("Xero Inbound Event", ["connection", "state", "received_at"])
