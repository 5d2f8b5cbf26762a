"""Invoices and bills of which ERPNext demands that what is paid is allocated by payment terms (Payment Terms Template, Allocate Payment Based On Payment Terms)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import decimal
from .known import Named

TEMPLATE, SCHEDULE = "Payment Terms Template", "Payment Schedule"
AT_ONCE = 500


def by_document(heads: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[Named, tuple[tuple[str, Decimal], ...]]:
    """By document the terms with what is open of each, in its currency, what falls due first before the rest. `heads`: by DocType and name, with their `payment_terms_template`."""
    of = {
        (doctype, name): str(head["payment_terms_template"])
        for doctype, mine in heads.items()
        for name, head in mine.items()
        if head.get("payment_terms_template")
    }
    if not of:
        return {}
    chosen = {"name": ("in", sorted(set(of.values()))), "allocate_payment_based_on_payment_terms": 1}
    by_terms = set(frappe.get_all(TEMPLATE, filters=chosen, pluck="name"))
    wanted = sorted(name for (_doctype, name), template in of.items() if template in by_terms)
    found: dict[Named, list[tuple[str, Decimal]]] = defaultdict(list)
    for at in range(0, len(wanted), AT_ONCE):
        rows = frappe.get_all(
            SCHEDULE,
            filters={"parent": ("in", wanted[at : at + AT_ONCE]), "parenttype": ("in", sorted(heads))},
            fields=["parenttype", "parent", "payment_term", "outstanding"],
            order_by="due_date asc, idx asc",
            limit=AT_ONCE * 20,
        )
        for row in rows:
            if row["payment_term"]:
                found[row["parenttype"], row["parent"]].append((str(row["payment_term"]), decimal(row["outstanding"])))
    return {named: tuple(terms) for named, terms in found.items()}
