"""How many invoices and bills an organisation on one of Xero's plans may approve in a month, as the admin knows it."""

from __future__ import annotations

from frappe.model.document import Document


class XeroPlan(Document):
    """A row of the table of plans. The app adds the plans that it knows once and changes none."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        bills: DF.Int
        invoices: DF.Int
        plan: DF.Data
        remark: DF.SmallText | None
    # end: auto-generated types
