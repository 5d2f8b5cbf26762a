"""An import of documents from before the go-live date: what it takes, how far it is, and what was forecast when it began."""

from __future__ import annotations

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroHistoryRun(OwnRecord):
    """Written by the app only (engine/history.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        added: DF.Int
        calls: DF.Int
        company: DF.Link | None
        connection: DF.Link
        cure: DF.SmallText | None
        documents: DF.Int
        due_at: DF.Datetime | None
        finished_at: DF.Datetime | None
        first_open_day: DF.Date | None
        forecast_a_day: DF.Int
        forecast_details: DF.Code | None
        forecast_documents: DF.Int
        forecast_end: DF.Datetime | None
        forecast_requests: DF.Int
        forecast_seconds: DF.Int
        from_date: DF.Date | None
        held: DF.Int
        in_xero: DF.Int
        kinds: DF.SmallText | None
        known: DF.Int
        left_out: DF.Int
        looked_at: DF.Int
        mode: DF.Literal["History", "Opening Balances"]
        opening_account: DF.Link | None
        paused_at: DF.Datetime | None
        paused_by: DF.Link | None
        paused_seconds: DF.Int
        position: DF.Code | None
        preview: DF.Link | None
        reason: DF.SmallText | None
        reason_parts: DF.Code | None
        started_at: DF.Datetime | None
        started_by: DF.Link | None
        state: DF.Literal["Running", "Paused", "Stopped", "Done"]
        to_date: DF.Date | None
        walked: DF.Check
        was_there: DF.Int
        withdrawn: DF.Int
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "reason_parts", "reason", "cure")
