"""Loads what payments need besides their own fields: advances paid back, contacts of fees. Reads only."""

from __future__ import annotations

from typing import Any

import frappe

from ..base import Books
from ..fact_types import FEE_CONTACT, PAYS_BACK, Contact, Named
from ..facts import Loaders, by_doctype, contacts
from ..settlement.breakdown import PAYMENT_ENTRY
from ..settlement.step_order import FEE_OWNER

ROWS = "Payment Entry Reference"


def pays_back(books: Books, keys: list[Named]) -> dict[Named, list[dict[str, Any]]]:
    """The rows of submitted advances that name these refunds."""
    found: dict[Named, list[dict[str, Any]]] = {key: [] for key in keys}
    for _, names in by_doctype(keys):
        rows = frappe.get_all(
            ROWS,
            filters={"reference_doctype": PAYMENT_ENTRY, "reference_name": ("in", names), "docstatus": 1},
            fields=["parent", "reference_name", "allocated_amount"],
            order_by="parent asc, idx asc",
        )
        for row in rows:
            if (PAYMENT_ENTRY, row["reference_name"]) in found:
                found[PAYMENT_ENTRY, row["reference_name"]].append(dict(row))
    return found


def fee_contacts(books: Books, keys: list[str]) -> dict[str, Contact]:
    """The contacts of the rows of Xero Deduction Mapping for these accounts."""
    rows = {account: choice.row for account in keys if (choice := books.mapping.deductions.get(account))}
    known = contacts(books, [(FEE_OWNER, row) for row in sorted(set(rows.values()))])
    return {account: known[FEE_OWNER, rows[account]] if account in rows else Contact(None) for account in keys}


LOADERS: Loaders = {PAYS_BACK: pays_back, FEE_CONTACT: fee_contacts}
