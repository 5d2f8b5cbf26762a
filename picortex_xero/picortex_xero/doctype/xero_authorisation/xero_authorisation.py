"""Tokens of one Xero user or custom connection, encrypted."""

from __future__ import annotations

from frappe.model.document import Document


class XeroAuthorisation(Document):
    """Written by the app only; people read it."""
