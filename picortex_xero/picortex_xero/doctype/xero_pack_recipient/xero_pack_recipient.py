"""A row of a Xero Connection: somebody who is to get the monthly pack (monthly_pack/whom.py asks whether he may)."""

from __future__ import annotations

from frappe.model.document import Document


class XeroPackRecipient(Document):
    """Belongs to its Xero Connection."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        user: DF.Link
    # end: auto-generated types
