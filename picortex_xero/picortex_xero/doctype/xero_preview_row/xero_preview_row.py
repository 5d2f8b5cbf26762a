"""What one document would become in Xero."""

from __future__ import annotations

from picortex_xero.engine.write_protection import OwnRecord


class XeroPreviewRow(OwnRecord):
    """Written by the app only (engine/preview_run.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        accounts: DF.Data | None
        asks: DF.Code | None
        codes: DF.Data | None
        company: DF.Link | None
        connection: DF.Link
        contact: DF.Data | None
        cure: DF.SmallText | None
        currency: DF.Link | None
        made: DF.Code | None
        number: DF.Data | None
        parts_kept: DF.Int
        posting_date: DF.Date | None
        preview: DF.Link
        problems: DF.SmallText | None
        rank: DF.Int
        reference_creation: DF.Data | None
        reference_doctype: DF.Link | None
        reference_name: DF.DynamicLink | None
        requests: DF.Int
        state: DF.Literal["Would Go", "Would Go in Part", "Waits for Another", "Would Be Held", "Not Sent", "Decided in Xero", "Could Not Be Told"]
        target: DF.Data | None
        tax: DF.Data | None
        tax_here: DF.Data | None
        texts: DF.Code | None
        total: DF.Data | None
        total_here: DF.Data | None
    # end: auto-generated types
