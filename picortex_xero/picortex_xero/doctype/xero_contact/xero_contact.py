"""A contact of the organisation as it was last read, so that contacts can be matched without asking Xero each time."""

from __future__ import annotations

from picortex_xero.engine.write_protection import OwnRecord


class XeroContact(OwnRecord):
    """Written by the app only (engine/contact_cache.py); people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account_number: DF.Data | None
        company: DF.Link | None
        connection: DF.Link
        contact_key: DF.Data | None
        contact_name: DF.Data | None
        contact_number: DF.Data | None
        emails: DF.SmallText | None
        found_by: DF.Code | None
        is_customer: DF.Check
        is_supplier: DF.Check
        merged_into: DF.Data | None
        read_at: DF.Datetime | None
        status: DF.Data | None
        tax_number: DF.Data | None
        xero_id: DF.Data | None
    # end: auto-generated types
