"""A monthly pack: what was in it, who got it, or why it waits."""

from __future__ import annotations

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroMonthlyPack(OwnRecord):
    """Written by the app only (monthly_pack/sending.py); people read and print it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        company: DF.Link | None
        connection: DF.Link | None
        content: DF.TextEditor | None
        cure: DF.SmallText | None
        due_at: DF.Datetime | None
        left_out: DF.SmallText | None
        made_at: DF.Datetime | None
        month: DF.Date | None
        pack_key: DF.Data | None
        read_at: DF.Datetime | None
        reason: DF.SmallText | None
        reason_parts: DF.Code | None
        sent_at: DF.Datetime | None
        sent_to: DF.SmallText | None
        state: DF.Literal["Preview", "Waiting", "Sent", "Not Sent"]
        tries: DF.Int
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "reason_parts", "reason", "cure")
