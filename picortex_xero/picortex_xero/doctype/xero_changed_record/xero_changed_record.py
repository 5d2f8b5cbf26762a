"""A document whose record somebody has changed or removed in Xero: what differs, and what a person decides about it. One is open for each document."""

from __future__ import annotations

import frappe

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroChangedRecord(OwnRecord):
    """Written by the app only; people read it, and decide by its buttons."""

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "texts", "found", "note")


def on_doctype_update() -> None:
    """The runs of a connection look for what is not decided yet."""
    frappe.db.add_index("Xero Changed Record", ["connection", "state"])
