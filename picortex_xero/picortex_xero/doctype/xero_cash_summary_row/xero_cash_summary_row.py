"""One document whose cash a Xero Cash Summary counts."""

from __future__ import annotations

import frappe
from frappe.model.document import Document


class XeroCashSummaryRow(Document):
    """Written with its summary."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        amount: DF.Currency
        base_amount: DF.Currency
        company: DF.Link | None
        connection: DF.Link | None
        counted_key: DF.Data | None
        currency: DF.Link | None
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        reference_creation: DF.Data | None
        reference_doctype: DF.Link | None
        reference_name: DF.DynamicLink | None
        rule: DF.Data | None
    # end: auto-generated types


def on_doctype_update() -> None:
    """Whether a document is counted is asked for before it goes."""
    frappe.db.add_index("Xero Cash Summary Row", ["reference_doctype", "reference_name"])
