"""The history a person reads, line by line; old lines go after the days set in Log Settings."""

from __future__ import annotations

from datetime import timedelta

import frappe

from picortex_xero.engine.clock import now
from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroSyncLog(OwnRecord):
    """Written by the app only; people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        at: DF.Datetime | None
        company: DF.Link | None
        connection: DF.Link
        detail: DF.Code | None
        event: DF.Literal["Added", "Changed", "Chosen", "Connection", "In Xero", "Linked", "Mapping", "Refused", "Retry", "Twice in Xero", "Undone", "Warning"]
        message: DF.SmallText | None
        message_parts: DF.Code | None
        reference_creation: DF.Data | None
        reference_doctype: DF.Link | None
        reference_name: DF.DynamicLink | None
        user: DF.Link | None
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "message_parts", "message")

    @staticmethod
    def clear_old_logs(days: int = 730) -> None:
        """Called by Frappe's log clearing."""
        frappe.db.delete("Xero Sync Log", {"at": ("<", now() - timedelta(days=days))})
