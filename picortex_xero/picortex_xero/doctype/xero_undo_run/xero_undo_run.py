"""Taking documents back in Xero that stand here: which ones, what becomes of them, and how far it is."""

from __future__ import annotations

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroUndoRun(OwnRecord):
    """Written by the app only (engine/undoing.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        approved: DF.Int
        at_once: DF.Check
        by_credit: DF.Int
        by_hand: DF.Int
        company: DF.Link | None
        confirmed_at: DF.Datetime | None
        confirmed_by: DF.Link | None
        connection: DF.Link
        cure: DF.SmallText | None
        documents: DF.Int
        due_at: DF.Datetime | None
        extras: DF.Int
        finished_at: DF.Datetime | None
        from_time: DF.Datetime | None
        history_run: DF.Link | None
        left_over: DF.Int
        phase: DF.Literal["Marking", "Taking Back"]
        position: DF.Data | None
        reason: DF.SmallText | None
        reason_parts: DF.Code | None
        started_at: DF.Datetime | None
        started_by: DF.Link | None
        state: DF.Literal["Running", "Ready", "Paused", "Stopped", "Done"]
        stays: DF.Int
        to_time: DF.Datetime | None
        undoable: DF.Int
        undone: DF.Int
        unless_locked: DF.Int
        what: DF.Literal["An Import of History", "Selected Documents", "Sent Between"]
        with_person: DF.Int
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "reason_parts", "reason", "cure")
