"""Which room of documents/ a host document belongs to. A DocType does not decide that alone: a return is a credit note."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .identity import INVOICE_DOCTYPES

# Stored in the outbox: the names of the folders beside this file.
PARTY, INVOICE, CREDIT_NOTE, PAYMENT_ENTRY, JOURNAL_ENTRY = ROOMS = ("party", "invoice", "credit_note", "payment_entry", "journal_entry")
# Whatever becomes a contact: a fee's mapping row is its payee, the company is who moves money between its own accounts.
BY_DOCTYPE = {
    "Customer": PARTY,
    "Supplier": PARTY,
    "Company": PARTY,
    "Xero Deduction Mapping": PARTY,
    "Payment Entry": PAYMENT_ENTRY,
    "Journal Entry": JOURNAL_ENTRY,
}
# What only a return does: it becomes a credit note, and is taken off the invoice that it returns.
OF_RETURNS = ("credit", "allocation")


def room_of(doc: dict[str, Any]) -> str:
    """The room of a host document (a dict, or a host Document, which answers to the same keys). Raises KeyError for what has none."""
    if doc["doctype"] in INVOICE_DOCTYPES:
        return CREDIT_NOTE if doc.get("is_return") else INVOICE
    return BY_DOCTYPE[doc["doctype"]]


def room_by_roles(doctype: str, roles: Iterable[str]) -> str:
    """The room of a document that is gone, by the roles of its steps and links; an invoice where none of them is a return's, "" for a DocType
    that nothing is sent of.

    Steps that take something back or look again ("undo-credit-1", "note-cancel-credit-1") name the role that they are about. What was written off
    an invoice stands at CreditNotes, too, so that an endpoint proves nothing.
    """
    if doctype not in INVOICE_DOCTYPES:
        return BY_DOCTYPE.get(doctype, "")
    return CREDIT_NOTE if any(set(role.split("-")) & set(OF_RETURNS) for role in roles) else INVOICE
