"""Which Xero record a document became."""

from __future__ import annotations

import frappe

from picortex_xero.engine.reserved import OwnRecord


class XeroLink(OwnRecord):
    """Written by the app only; people read it."""


def on_doctype_update() -> None:
    """Every look at a document asks for its links."""
    frappe.db.add_index("Xero Link", ["reference_doctype", "reference_name"])
