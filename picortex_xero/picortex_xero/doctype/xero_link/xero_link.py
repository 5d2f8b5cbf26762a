"""Which Xero record a document became."""

from __future__ import annotations

from frappe.model.document import Document


class XeroLink(Document):
    """Written by the app only; people read it."""
