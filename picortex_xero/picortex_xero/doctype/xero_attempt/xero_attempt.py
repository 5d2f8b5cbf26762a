"""One sealed request. Only settled ones may ever be cleared: an open one is the proof of what may be in Xero."""

from __future__ import annotations

from datetime import timedelta

import frappe

from picortex_xero.engine.clock import now
from picortex_xero.engine.reserved import OwnRecord


class XeroAttempt(OwnRecord):
    """Written by the app only; people read it."""

    @staticmethod
    def clear_old_logs(days: int = 30) -> None:
        """Called by Frappe's log clearing."""
        old = {"state": "Resolved", "sealed_at": ("<", now() - timedelta(days=days))}
        # What a person has still to choose from stays.
        frappe.db.delete("Xero Attempt", {**old, "kept": ("is", "not set")})
