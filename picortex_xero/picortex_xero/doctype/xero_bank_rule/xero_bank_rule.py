"""A company's own rule for bank lines that no voucher explains."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from picortex_xero.reconciling import kept_rules


class XeroBankRule(Document):
    """The first rule of the company that holds of a line says as what it is entered, in the order of `place`."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account: DF.Link | None
        bank_account: DF.Link | None
        company: DF.Link
        cost_center: DF.Link | None
        direction: DF.Literal["Money In and Out", "Money In", "Money Out"]
        enabled: DF.Check
        entry: DF.Literal["Journal Entry", "Bank Entry", "Payment Entry"]
        least_amount: DF.Currency
        most_amount: DF.Currency
        party: DF.DynamicLink | None
        party_type: DF.Literal["", "Customer", "Supplier", "Employee"]
        payee_contains: DF.SmallText | None
        place: DF.Int
        tax_doctype: DF.Literal["", "Sales Taxes and Charges Template", "Purchase Taxes and Charges Template"]
        tax_template: DF.DynamicLink | None
        text_contains: DF.SmallText | None
        title: DF.Data
    # end: auto-generated types

    def validate(self) -> None:
        """Nothing is kept that could not be followed."""
        kept_rules.complete(self)

    def on_update(self) -> None:
        """The company's lines are looked at again."""
        kept_rules.changed(self)

    def on_trash(self) -> None:
        """The company's lines are looked at again."""
        kept_rules.changed(self)


def on_doctype_update() -> None:
    """The rules of a company, in their order."""
    frappe.db.add_index("Xero Bank Rule", ["company", "place"])
