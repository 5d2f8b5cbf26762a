"""Storing former names. On a rename Frappe writes the new name into submitted documents by SQL; that is no change of those documents
(documents/still_says)."""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime

from ..documents.fingerprint import NAMED
from ..documents.registry import SUBMITTED

DOCTYPE = "Xero Former Name"


def renamed(doctype: str, old: str, new: str) -> None:
    """Store that `old` is called `new` from now on, or was merged into it. Part of the caller's transaction."""
    if doctype not in NAMED and doctype not in SUBMITTED:
        return
    made = now_datetime()
    values = {
        "name": frappe.generate_hash(length=12),
        "owner": "Administrator",
        "creation": made,
        "modified": made,
        "modified_by": "Administrator",
        "reference_doctype": doctype,
        "former_name": old,
        "present_name": new,
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())])
