"""Loads what payments need besides their own fields: what refunds pay back, contacts of fees. Reads only."""

from __future__ import annotations

from typing import Any

import frappe

from ..base import Books
from ..fact_types import FEE_CONTACT, PAYS_BACK, Contact, Named
from ..facts import Loaders, by_doctype, contacts
from ..identity import INVOICE_DOCTYPES
from ..settlement.settlement import PAYMENT_ENTRY
from ..settlement.step_order import FEE_OWNER

ROWS, JOURNAL_ROWS = "Payment Entry Reference", "Journal Entry Account"
MATCHED_BY = ("Credit Note", "Debit Note")


def pays_back(books: Books, keys: list[Named]) -> dict[Named, list[dict[str, Any]]]:
    """What these refunds pay back, as rows of their own would say it (see settlement/refunds): submitted advances whose rows name them, and returns
    that Payment Reconciliation has matched with them by a journal of two rows."""
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
                found[PAYMENT_ENTRY, row["reference_name"]].append(_reference(PAYMENT_ENTRY, row["parent"], row["allocated_amount"]))
        for refund, reference in _returns(names):
            found[PAYMENT_ENTRY, refund].append(reference)
    return found


def _returns(refunds: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """(refund, reference) of the returns that submitted journals match with these refunds."""
    filters = {"reference_type": PAYMENT_ENTRY, "reference_name": ("in", refunds), "docstatus": 1}
    matched = {
        row["parent"]: row["reference_name"] for row in frappe.get_all(JOURNAL_ROWS, filters=filters, fields=["parent", "reference_name"])
    }
    if not matched:
        return []
    journals = frappe.get_all("Journal Entry", filters={"name": ("in", list(matched)), "voucher_type": ("in", MATCHED_BY)}, pluck="name")
    rows = frappe.get_all(
        JOURNAL_ROWS,
        filters={"parent": ("in", journals), "reference_type": ("in", INVOICE_DOCTYPES)},
        fields=["parent", "reference_type", "reference_name", "debit_in_account_currency", "credit_in_account_currency"],
        order_by="parent asc, idx asc",
    )
    return [
        (
            str(matched[row["parent"]]),
            _reference(row["reference_type"], row["reference_name"], row["debit_in_account_currency"] or row["credit_in_account_currency"]),
        )
        for row in rows
    ]


def _reference(doctype: str, name: str, amount: float) -> dict[str, Any]:
    return {"reference_doctype": doctype, "reference_name": name, "allocated_amount": -amount}


def fee_contacts(books: Books, keys: list[str]) -> dict[str, Contact]:
    """The contacts of the rows of Xero Deduction Mapping for these accounts."""
    rows = {account: choice.row for account in keys if (choice := books.mapping.deductions.get(account))}
    known = contacts(books, [(FEE_OWNER, row) for row in sorted(set(rows.values()))])
    return {account: known[FEE_OWNER, rows[account]] if account in rows else Contact(None) for account in keys}


LOADERS: Loaders = {PAYS_BACK: pays_back, FEE_CONTACT: fee_contacts}
