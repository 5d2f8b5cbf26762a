"""The history a person reads, line by line; old lines go after the days set in Log Settings."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe.model.document import Document

from picortex_xero.sync import reserved
from picortex_xero.sync.clock import now


class XeroSyncLog(Document):
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
    def clear_old_logs(days: int = 730) -> None:
        """Called by Frappe's log clearing."""
        frappe.db.delete("Xero Sync Log", {"at": ("<", now() - timedelta(days=days))})
