"""Refunds of advances: what pays back what. ERPNext's Payment Reconciliation notes it on the advance alone (recorded: advance-refunded)."""

from __future__ import annotations

from typing import Any

import frappe

from ..documents.settlement.plan import ADVANCE, settles_forward


def as_known(doc: dict[str, Any]) -> dict[str, Any]:
    """A document as Xero is to know it: a refund with the advances it pays back among its references, any other as it is."""
    if doc["doctype"] != ADVANCE or doc["payment_type"] == "Internal Transfer" or settles_forward(doc):
        return doc
    rows = frappe.get_all(
        "Payment Entry Reference",
        filters={"reference_doctype": ADVANCE, "reference_name": doc["name"], "docstatus": 1},
        fields=["parent", "allocated_amount"],
        order_by="parent asc, idx asc",
    )
    named = {"reference_doctype": ADVANCE}
    advances = [{**named, "reference_name": row["parent"], "allocated_amount": -row["allocated_amount"]} for row in rows]
    return {**doc, "references": [*(doc.get("references") or []), *advances]}
