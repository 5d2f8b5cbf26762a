"""Test transactions were sent to Xero, read back and removed."""

from __future__ import annotations

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroTestRun(OwnRecord):
    """Written by the app only (engine/trying.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        as_expected: DF.Int
        calls: DF.Int
        cleaning: DF.Check
        company: DF.Link | None
        connection: DF.Link
        contact: DF.Data | None
        contact_id: DF.Data | None
        cure: DF.SmallText | None
        differing: DF.Int
        due_at: DF.Datetime | None
        finished_at: DF.Datetime | None
        left_over: DF.Int
        mode: DF.Literal["Whole Chain", "Drafts Only"]
        organisation: DF.Data | None
        reason: DF.SmallText | None
        reason_parts: DF.Code | None
        started_at: DF.Datetime | None
        started_by: DF.Link | None
        state: DF.Literal["Running", "Done", "Stopped"]
        supplier: DF.Data | None
        supplier_id: DF.Data | None
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "reason_parts", "reason", "cure")
