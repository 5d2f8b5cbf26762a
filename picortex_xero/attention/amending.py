"""The draft that amends a cancelled document with the values that somebody has given it in Xero (documents/taking_over.py)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import decimal
from ..accounting.texts import _
from ..documents.taking_over import Amendment
from ..engine.screen_texts import html, in_words

# What is a document's own, and a row's.
OWN = ("name", "owner", "creation", "modified", "modified_by", "docstatus", "parent")


def draft(doc: Any, wanted: Amendment) -> Any:
    """The draft of a cancelled document, inserted. Throws where ERPNext does not come to what Xero has. Part of the caller's transaction."""
    values = _without_its_own(doc.as_dict())
    values |= {**wanted.fields, "amended_from": doc.name, "ignore_pricing_rule": 1}
    for at, fields in wanted.items.items():
        values["items"][at] |= {name: float(value) if isinstance(value, Decimal) else value for name, value in fields.items()}
    made = frappe.get_doc(values)
    made.insert()
    if made.doctype == "Journal Entry":
        # Its rows are Xero's, and ERPNext takes it only where they balance.
        return made
    total = decimal(made.get("rounded_total")) or decimal(made.get("grand_total"))
    if total != wanted.total:
        refused = _("Here it would come to {here}, in Xero it is {there}: change it here by hand")
        frappe.throw(html(in_words(refused.format(here=f"{total:.2f}", there=f"{wanted.total:.2f}"))))
    return made


def _without_its_own(values: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in values.items() if name not in OWN}
    tables = {name: value for name, value in kept.items() if isinstance(value, list) and all(isinstance(each, dict) for each in value)}
    return {**kept, **{name: [_without_its_own(dict(each)) for each in rows] for name, rows in tables.items()}}
