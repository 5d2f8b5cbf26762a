"""One sealed request. Only settled ones may ever be cleared: an open one is the proof of what may be in Xero."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe.model.document import Document

from picortex_xero.sync import reserved
from picortex_xero.sync.clock import now


class XeroAttempt(Document):
    """Written by the app only; people read it."""

    def validate(self) -> None:
        """Nobody else adds or changes one."""
        reserved.refuse_all(self)

    def on_trash(self) -> None:
        """Nobody else deletes one."""
        reserved.refuse_all(self)

    def before_rename(self, *_: object) -> None:
        """The name is what other rows point at."""
        reserved.refuse_all(self)

    @staticmethod
    def clear_old_logs(days: int = 30) -> None:
        """Called by Frappe's log clearing."""
        old = {"state": "Resolved", "sealed_at": ("<", now() - timedelta(days=days))}
        # What a person has still to choose from stays.
        frappe.db.delete("Xero Attempt", {**old, "kept": ("is", "not set")})
