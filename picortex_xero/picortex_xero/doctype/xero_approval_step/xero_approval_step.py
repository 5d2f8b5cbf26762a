"""One step of the approval that a Xero Sync Rule wants."""

from __future__ import annotations

from frappe.model.document import Document


class XeroApprovalStep(Document):
    """Checked by its rule."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        approver_role: DF.Link | None
        least: DF.Currency
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        people: DF.SmallText | None
    # end: auto-generated types
