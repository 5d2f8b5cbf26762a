"""One step of a document on its way; moved only by engine/outbox.py."""

from __future__ import annotations

import frappe

from picortex_xero.engine.reserved import OwnRecord


class XeroOutboxEntry(OwnRecord):
    """Written by the app only; people read it."""


def on_doctype_update() -> None:
    """What is due is asked for every minute, a document's steps at every look."""
    frappe.db.add_index("Xero Outbox Entry", ["connection", "state", "due_at"])
    frappe.db.add_index("Xero Outbox Entry", ["reference_doctype", "reference_name"])
