"""What Xero answered to one question."""

from __future__ import annotations

from picortex_xero.engine.write_protection import OwnRecord


class XeroQuestionResult(OwnRecord):
    """Written by the app only (engine/asking.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        asked_at: DF.Datetime | None
        company: DF.Link | None
        connection: DF.Link
        kinds: DF.SmallText | None
        question: DF.Data | None
        rule: DF.SmallText | None
        run: DF.Link
        seen: DF.SmallText | None
        state: DF.Literal["As Expected", "Differs", "Not Checked"]
    # end: auto-generated types
