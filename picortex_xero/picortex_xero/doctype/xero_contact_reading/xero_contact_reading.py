"""How far the reading of an organisation's contacts is: one row for each connection."""

from __future__ import annotations

from picortex_xero.engine.write_protection import OwnRecord


class XeroContactReading(OwnRecord):
    """Written by the app only (engine/contact_reading.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        calls: DF.Int
        company: DF.Link | None
        complete_until: DF.Data | None
        connection: DF.Link | None
        finished_at: DF.Datetime | None
        found: DF.Int
        page: DF.Int
        since: DF.Data | None
        started_at: DF.Datetime | None
        started_by: DF.Link | None
        state: DF.Literal["Reading", "Done", "Stopped"]
        total: DF.Int
        whole: DF.Check
        why: DF.SmallText | None
        why_parts: DF.Code | None
        worker: DF.Data | None
        worker_until: DF.Datetime | None
    # end: auto-generated types
