"""What machines write about a connection."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.sync import reserved


class XeroConnectionState(Document):
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
