"""What one person has said of one document that a rule held back: the record of who agreed."""

from __future__ import annotations

from picortex_xero.engine.write_protection import OwnRecord


class XeroApproval(OwnRecord):
    """Written by the app only (engine/approvals.py) and never changed; people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        amount: DF.Currency
        approval_key: DF.Data | None
        asked: DF.Data | None
        at: DF.Datetime | None
        company: DF.Link | None
        connection: DF.Link
        content: DF.Data | None
        currency: DF.Link | None
        note: DF.SmallText | None
        number: DF.Int
        on_behalf_of: DF.Link | None
        outcome: DF.Literal["Approved", "Returned"]
        person: DF.Link | None
        reference_creation: DF.Data | None
        reference_doctype: DF.Link | None
        reference_name: DF.DynamicLink | None
        rule: DF.Data | None
        stage: DF.Data | None
        step_number: DF.Int
        steps: DF.Int
    # end: auto-generated types
