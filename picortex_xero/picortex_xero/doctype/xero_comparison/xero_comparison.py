"""A comparison of what the company has in Xero with what its documents would become today."""

from __future__ import annotations

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroComparison(OwnRecord):
    """Written by the app only (inbound/comparison.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        calls: DF.Int
        company: DF.Link | None
        compared: DF.Int
        connection: DF.Link
        cure: DF.SmallText | None
        differing: DF.Int
        failing_since: DF.Datetime | None
        finished_at: DF.Datetime | None
        position: DF.Code | None
        reason: DF.SmallText | None
        reason_parts: DF.Code | None
        started_at: DF.Datetime | None
        started_by: DF.Link | None
        state: DF.Literal["Running", "Done", "Stopped"]
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "reason_parts", "reason", "cure")
