"""A document whose record somebody has changed or removed in Xero: what differs, and what a person decides about it. One is open for each document."""

from __future__ import annotations

import frappe

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroChangedRecord(OwnRecord):
    """Written by the app only; people read it, and decide by its buttons."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        changed_at: DF.Datetime | None
        changed_by: DF.Data | None
        company: DF.Link | None
        compared: DF.Code | None
        connection: DF.Link
        decided_at: DF.Datetime | None
        decided_by: DF.Link | None
        found: DF.SmallText | None
        found_at: DF.Datetime | None
        history_asked: DF.Check
        kind: DF.Literal["Voided", "Deleted", "Changed", "Details Changed", "On Both Sides"]
        made_doctype: DF.Link | None
        made_name: DF.DynamicLink | None
        note: DF.SmallText | None
        open_key: DF.Data | None
        records: DF.Code | None
        reference_creation: DF.Data | None
        reference_doctype: DF.Link | None
        reference_name: DF.DynamicLink | None
        state: DF.Literal["Open", "Told", "Being Put Back", "Draft Here", "Taken Over", "Put Back", "Left", "Changed Back", "Over"]
        texts: DF.Code | None
        told_to: DF.Link | None
        watched: DF.Data | None
        why: DF.SmallText | None
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "texts", "found", "note")


def on_doctype_update() -> None:
    """The runs of a connection look for what is not decided yet."""
    frappe.db.add_index("Xero Changed Record", ["connection", "state"])
