"""The history a person reads, line by line; old lines go after the days set in Log Settings."""

from __future__ import annotations

from datetime import timedelta

import frappe

from picortex_xero.engine.clock import now
from picortex_xero.engine.reserved import OwnRecord


class XeroSyncLog(OwnRecord):
    """Written by the app only; people read it."""

    @staticmethod
    def clear_old_logs(days: int = 730) -> None:
        """Called by Frappe's log clearing."""
        frappe.db.delete("Xero Sync Log", {"at": ("<", now() - timedelta(days=days))})
