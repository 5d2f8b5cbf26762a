"""One step of a document on its way; moved only by sync.outbox."""

from __future__ import annotations

from frappe.model.document import Document


class XeroOutboxEntry(Document):
    """Written by the app only; people read it."""
