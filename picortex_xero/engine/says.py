"""What of a document goes to Xero, as one hash of what it says now (documents/fingerprint.py)."""

from __future__ import annotations

from typing import Any

import frappe

from ..documents import registry
from ..documents.base import Books, Doc
from ..documents.facts import as_decided
from ..documents.needs import Facts
from ..documents.settlement.refunds import as_known, needs_of_refunds
from .gather import load


def document(books: Books, doc: Any, facts: Facts) -> Doc:
    """The document as its hash is made: of a refund also what it pays back. `facts` gets what is read for it."""
    load(books, needs_of_refunds([(doc.doctype, doc.name)]), facts)
    return as_known(as_decided(books, dict(doc.as_dict())), facts)


def fingerprint(books: Books, doctype: str, name: str) -> str:
    """The hash of a document that is here."""
    return registry.fingerprint(document(books, frappe.get_doc(doctype, name), Facts()))
