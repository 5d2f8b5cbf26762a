"""One record of a test run."""

from __future__ import annotations

from picortex_xero.engine.write_protection import OwnRecord


class XeroTestRecord(OwnRecord):
    """Written by the app only (engine/trying.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        checks: DF.Code | None
        company: DF.Link | None
        connection: DF.Link
        endpoint: DF.Data | None
        number: DF.Data | None
        place: DF.Int
        request: DF.Code | None
        request_key: DF.Data | None
        run: DF.Link
        said: DF.SmallText | None
        sent_at: DF.Datetime | None
        state: DF.Literal["Sealed", "Sent", "In Xero", "Removed", "Refused", "Not Needed"]
        status: DF.Data | None
        what: DF.Data | None
        xero_id: DF.Data | None
    # end: auto-generated types
