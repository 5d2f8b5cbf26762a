"""An account or a tracking option that a person had created in Xero: the exact request, and what became of it."""

from __future__ import annotations

from picortex_xero.engine.write_protection import OwnRecord


class XeroCreation(OwnRecord):
    """Written by the app only (engine/creating.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        asked_at: DF.Datetime | None
        asked_by: DF.Link | None
        body: DF.Code | None
        code: DF.Data | None
        company: DF.Link | None
        connection: DF.Link
        creation_key: DF.Data | None
        http_status: DF.Int
        method: DF.Data | None
        path: DF.Data | None
        request_key: DF.Data | None
        said: DF.SmallText | None
        sent_at: DF.Datetime | None
        state: DF.Literal["Sending", "Unknown", "Created", "Was There", "Not Created"]
        title: DF.Data | None
        tries: DF.Int
        what: DF.Literal["Account", "Tracking Option"]
        xero_id: DF.Data | None
    # end: auto-generated types
