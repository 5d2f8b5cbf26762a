"""What one press on the mapping screen changed in one mapping, so that it can be read and undone."""

from __future__ import annotations

from picortex_xero.engine.write_protection import OwnRecord


class XeroMappingChange(OwnRecord):
    """Written by the app only (mapping_screen/changes.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        after: DF.Code | None
        at: DF.Datetime | None
        batch: DF.Data
        before: DF.Code | None
        changed_by: DF.Data | None
        company: DF.Link | None
        connection: DF.Link
        how: DF.Literal["Chosen", "Suggested", "Imported", "Undone", "Turned Down"]
        kind: DF.Literal["accounts", "taxes", "banks", "tracking", "fees", "defaults", "contacts"]
        points: DF.Int
        reason: DF.SmallText | None
        reason_parts: DF.Code | None
        row_key: DF.Code | None
        subject: DF.Data | None
        undone: DF.Check
    # end: auto-generated types
