"""Storing former names. On a rename Frappe writes the new name into submitted documents by SQL; that is no change of those documents
(documents/unchanged)."""

from __future__ import annotations

import frappe

from ..documents.registry import SUBMITTED, fingerprint
from .standard_columns import standard

DOCTYPE = "Xero Former Name"


def renamed(doctype: str, old: str, new: str) -> None:
    """Store that `old` is called `new` from now on, or was merged into it. Part of the caller's transaction."""
    if doctype not in fingerprint.names and doctype not in SUBMITTED:
        return
    values = {
        "name": frappe.generate_hash(length=12),
        **standard(),
        "reference_doctype": doctype,
        "former_name": old,
        "present_name": new,
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())])
