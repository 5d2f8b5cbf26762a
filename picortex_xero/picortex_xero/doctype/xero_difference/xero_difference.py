"""One difference that a comparison found, with what to do."""

from __future__ import annotations

from picortex_xero.engine.write_protection import OwnRecord


class XeroDifference(OwnRecord):
    """Written by the app only (inbound/comparison.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        company: DF.Link | None
        comparison: DF.Link
        connection: DF.Link
        cure: DF.SmallText | None
        here: DF.Data | None
        kind: DF.Literal["Gone in Xero", "Cancelled Here", "Held Today", "Not Sent Today", "Not in Xero", "More in Xero", "Contact", "Date", "Currency", "Amount", "Tax", "Tax Type", "Account", "Tracking", "Bank Account", "What It Settles", "Not Compared"]
        link: DF.Data | None
        record: DF.Data | None
        reference_doctype: DF.Link | None
        reference_name: DF.DynamicLink | None
        texts: DF.Code | None
        there: DF.Data | None
        why: DF.SmallText | None
    # end: auto-generated types
