"""What documents would become in Xero, looked at together."""

from __future__ import annotations

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroPreviewRun(OwnRecord):
    """Written by the app only (engine/preview_run.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        calls: DF.Int
        company: DF.Link | None
        connection: DF.Link
        costs: DF.Code | None
        counted: DF.Code | None
        counts_in_xero: DF.Check
        cure: DF.SmallText | None
        documents: DF.Int
        due_at: DF.Datetime | None
        finished_at: DF.Datetime | None
        from_date: DF.Date | None
        history: DF.Check
        kinds: DF.SmallText | None
        look_in_xero: DF.Check
        looked_at: DF.Int
        open_at: DF.Date | None
        position: DF.Code | None
        problems: DF.Int
        reason: DF.SmallText | None
        reason_parts: DF.Code | None
        reference_doctype: DF.Link | None
        reference_name: DF.DynamicLink | None
        seen_by: DF.Link | None
        started_at: DF.Datetime | None
        started_by: DF.Link | None
        state: DF.Literal["Running", "Done", "Stopped", "Watching"]
        to_date: DF.Date | None
        what: DF.Literal["Everything Waiting", "A Period", "A Document", "Watch Only"]
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "reason_parts", "reason", "cure")
