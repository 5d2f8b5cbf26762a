"""One document of an undo: what becomes of it, and what became of it."""

from __future__ import annotations

import frappe

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroUndoRow(OwnRecord):
    """Written by the app only (engine/undo_marks.py, engine/undo_work.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        amount: DF.Currency
        company: DF.Link | None
        connection: DF.Link
        cure: DF.SmallText | None
        currency: DF.Link | None
        looked_at: DF.Datetime | None
        mark: DF.Literal["", "Undoable", "Undoable Unless Locked", "Stays", "By Credit Note Only", "By Hand Only"]
        place: DF.Int
        posting_date: DF.Date | None
        reference_creation: DF.Data | None
        reference_doctype: DF.Link | None
        reference_name: DF.DynamicLink | None
        said: DF.SmallText | None
        state: DF.Literal["Waiting", "Being Undone", "With a Person", "Undone", "Stays"]
        texts: DF.Code | None
        to_do: DF.SmallText | None
        undo_run: DF.Link
        why: DF.SmallText | None
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "texts", "why", "to_do", "said", "cure")


def on_doctype_update() -> None:
    """Page by page of those that are to be marked, and of those in one state, in the order in which they are undone, or were looked at."""
    frappe.db.add_index("Xero Undo Row", ["undo_run", "mark", "place", "name"])
    frappe.db.add_index("Xero Undo Row", ["undo_run", "state", "place", "name"])
    frappe.db.add_index("Xero Undo Row", ["undo_run", "state", "looked_at"])
    # Which of some names belong to it.
    frappe.db.add_index("Xero Undo Row", ["undo_run", "reference_name"])
