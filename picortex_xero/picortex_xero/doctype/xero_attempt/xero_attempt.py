"""One sealed request. Only settled ones may ever be cleared: an open one is the proof of what may be in Xero."""

from __future__ import annotations

from datetime import timedelta

import frappe

from picortex_xero.engine.clock import now
from picortex_xero.engine.write_protection import OwnRecord


class XeroAttempt(OwnRecord):
    """Written by the app only; people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        body: DF.Code | None
        company: DF.Link | None
        connection: DF.Link
        epoch: DF.Int
        first_sent_at: DF.Datetime | None
        first_uptime: DF.Int
        http_status: DF.Int
        kept: DF.Code | None
        kind: DF.Data | None
        last_uptime: DF.Int
        machine: DF.Data | None
        members: DF.Code | None
        method: DF.Data | None
        next_at: DF.Datetime | None
        outcome: DF.Data | None
        path: DF.Code | None
        replays: DF.Int
        sealed_at: DF.Datetime | None
        send_deadline: DF.Datetime | None
        sends: DF.Int
        state: DF.Literal["Sealed", "Resolved"]
        watch_until: DF.Datetime | None
    # end: auto-generated types

    @staticmethod
    def clear_old_logs(days: int = 30) -> None:
        """Called by Frappe's log clearing."""
        old = {"state": "Resolved", "sealed_at": ("<", now() - timedelta(days=days))}
        # What a person has still to choose from stays.
        frappe.db.delete("Xero Attempt", {**old, "kept": ("is", "not set")})
