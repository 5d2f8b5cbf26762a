"""A record in Xero that is linked to nothing here, found after a gap: a copy of this site sent it, or this site before it was put back."""

from __future__ import annotations

from datetime import timedelta

import frappe

from picortex_xero.engine.clock import now
from picortex_xero.engine.write_protection import OwnRecord


class XeroUnlinkedRecord(OwnRecord):
    """Written by the app only; people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        alike: DF.Check
        bears: DF.Literal["", "Our mark", "A name"]
        company: DF.Link | None
        connection: DF.Link
        date: DF.Data | None
        document: DF.Data | None
        element: DF.Code | None
        endpoint: DF.Data | None
        found_at: DF.Datetime | None
        number: DF.Data | None
        record_key: DF.Data | None
        state: DF.Literal["Found", "Confirmed", "To Ask About", "Linked", "Gone", "Not Ours"]
        status: DF.Data | None
        total: DF.Data | None
        what: DF.Data | None
        xero_id: DF.Data | None
    # end: auto-generated types

    @staticmethod
    def clear_old_logs(days: int = 90) -> None:
        """Called by Frappe's log clearing: records that bear nothing of ours were kept only to be compared with what waited then. The others
        stay, or they would be news again."""
        frappe.db.delete("Xero Unlinked Record", {"bears": "", "found_at": ("<", now() - timedelta(days=days))})
