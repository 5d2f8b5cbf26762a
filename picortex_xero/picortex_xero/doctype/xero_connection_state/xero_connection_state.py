"""What machines write about a connection."""

from __future__ import annotations

from frappe.model.document import Document


class XeroConnectionState(Document):
    """Written by the app only; people read it."""
