"""The kinds of documents that settings and rules tell apart."""

from __future__ import annotations

from typing import Any

from ..identity import INVOICE_DOCTYPES

Doc = dict[str, Any]
INVOICE, BILL, CREDIT_NOTE, SUPPLIER_CREDIT = "Invoice", "Bill", "Credit Note", "Supplier Credit Note"
PAYMENT, JOURNAL = "Payment", "Journal"
# The words are stored in Xero Sync Setting; each with the DocType of its documents.
DOCTYPES = {
    INVOICE: "Sales Invoice",
    BILL: "Purchase Invoice",
    CREDIT_NOTE: "Sales Invoice",
    SUPPLIER_CREDIT: "Purchase Invoice",
    PAYMENT: "Payment Entry",
    JOURNAL: "Journal Entry",
}
KINDS = tuple(DOCTYPES)
# Kinds that may be a draft in Xero.
WITH_STATUS = (INVOICE, BILL, CREDIT_NOTE, SUPPLIER_CREDIT)


def kind_of(doc: Doc) -> str:
    """The kind of a document; "" for one that no setting is about, such as a customer."""
    doctype = doc["doctype"]
    if doctype in INVOICE_DOCTYPES:
        sales = doctype == INVOICE_DOCTYPES[0]
        if doc.get("is_return"):
            return CREDIT_NOTE if sales else SUPPLIER_CREDIT
        return INVOICE if sales else BILL
    return next((kind for kind, its in DOCTYPES.items() if its == doctype), "")
