"""Refunds of advances: what pays back what. ERPNext's Payment Reconciliation notes it on the advance alone (observed on ERPNext 15.71)."""

from __future__ import annotations

from typing import Any

from ..host import Named
from ..identity import Identity
from ..needs import NOTHING, Fact, Facts, Needs
from .plan import ADVANCE, settles_forward

Doc = dict[str, Any]
# The advances whose references name a payment, which pays them back: the advance's name and what of it is paid back.
ADVANCES_PAID_BACK: Fact[Named, list[Doc]] = Fact("advances paid back")
# The documents that pay a credit of this id back in Xero.
PAYING_BACK: Fact[str, list[Identity]] = Fact("paying back")


def needs_of_refunds(names: list[Named]) -> Needs:
    """What `with_advances` has to know of these."""
    return ADVANCES_PAID_BACK.of(named for named in names if named[0] == ADVANCE) if names else NOTHING


def with_advances(doc: Doc, facts: Facts) -> Doc:
    """A document as Xero is to know it: a refund with the advances it pays back among its references, any other as it is."""
    if doc["doctype"] != ADVANCE or doc["payment_type"] == "Internal Transfer" or settles_forward(doc):
        return doc
    named = {"reference_doctype": ADVANCE}
    rows = facts.get(ADVANCES_PAID_BACK, (ADVANCE, doc["name"]))
    advances = [{**named, "reference_name": row["parent"], "allocated_amount": -row["allocated_amount"]} for row in rows]
    return {**doc, "references": [*(doc.get("references") or []), *advances]}
