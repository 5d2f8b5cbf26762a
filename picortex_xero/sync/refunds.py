"""Refunds of advances: what pays back what. ERPNext's Payment Reconciliation notes it on the advance alone (recorded: advance-refunded)."""

from __future__ import annotations

from typing import Any

import frappe

from ..documents.identity import Identity
from ..documents.payment_entry.settlement import settlement
from ..documents.settlement.plan import ADVANCE
from ..documents.settlement.refunds import with_advances
from ..engine import link_targets, links
from ..xero.records.registry import PAYMENT


def as_known(doc: dict[str, Any]) -> dict[str, Any]:
    """A document as Xero is to know it: a refund with the advances it pays back among its references, any other as it is."""
    if doc["doctype"] != ADVANCE or not settlement(doc).refund:
        return doc
    rows = frappe.get_all(
        "Payment Entry Reference",
        filters={"reference_doctype": ADVANCE, "reference_name": doc["name"], "docstatus": 1},
        fields=["parent", "allocated_amount"],
        order_by="parent asc, idx asc",
    )
    return with_advances(doc, rows)


def paying_back(connection: str, credit_id: str) -> list[Identity]:
    """The refunds in Xero of an over- or prepayment."""
    rows = link_targets.settling(connection, credit_id, PAYMENT.endpoint, links.ENDED, list(links.REFERENCE))
    return [Identity(row["reference_doctype"], row["reference_name"], row["reference_creation"]) for row in rows]
