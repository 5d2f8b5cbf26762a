"""As what the lines of one payee were entered, counted; or what a person says of that."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from picortex_xero.reconciling import kept_memory


class XeroBankMemory(Document):
    """Counted by reconciling/learning.py; a person may fix it (Always), forget it (Forgotten), or add one."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account: DF.Link | None
        company: DF.Link
        cost_center: DF.Link | None
        direction: DF.Literal["Money In", "Money Out"]
        entry: DF.Literal["Journal Entry", "Bank Entry", "Payment Entry"]
        last_day: DF.Date | None
        party: DF.DynamicLink | None
        party_type: DF.Literal["", "Customer", "Supplier", "Employee"]
        payee: DF.Data
        seen_in: DF.SmallText | None
        state: DF.Literal["Learned", "Always", "Forgotten"]
        tax_doctype: DF.Literal["", "Sales Taxes and Charges Template", "Purchase Taxes and Charges Template"]
        tax_template: DF.DynamicLink | None
        times: DF.Int
    # end: auto-generated types

    def validate(self) -> None:
        """Nothing is kept that could not be followed."""
        kept_memory.complete(self)

    def on_update(self) -> None:
        """Of one payee one is always so; the company's lines are looked at again."""
        kept_memory.changed(self)


def on_doctype_update() -> None:
    """What is known of a company's payees."""
    frappe.db.add_index("Xero Bank Memory", ["company", "payee"])
