"""A preview of one document: what the engine would decide and send, step by step. It reads ERPNext only: no row is written, no call is
made.

The caller has checked that its user may see the document.
"""

from __future__ import annotations

from dataclasses import replace

import frappe

from ..documents.fact_types import DOCUMENT
from ..documents.needs import Facts, Needs
from ..documents.preview import Preview, Previewed, whole_preview
from .contexts import books_of
from .gather import load


def preview(connection: str, doctype: str, name: str) -> list[Previewed]:
    """What a submitted document, or a draft as if it were submitted now, would become in Xero. A connection that has not gone live yet is
    treated as live from any date. Raises frappe.DoesNotExistError where the connection's company has no such document."""
    return whole(connection, doctype, name).steps


def whole(connection: str, doctype: str, name: str) -> Preview:
    """The same, with the links of what it would make."""
    settings = frappe.get_doc("Xero Connection", connection)
    books = books_of(settings)
    if not settings.go_live_date:
        books = replace(books, go_live_date="")

    def bring(needs: Needs, facts: Facts) -> None:
        load(books, needs, facts)

    found = Facts()
    bring(DOCUMENT.of([(doctype, name)]), found)
    doc = found.get(DOCUMENT, (doctype, name))
    if doc is None or doc.get("company") != books.company:
        raise frappe.DoesNotExistError(f"{books.company} has no {doctype} {name}")
    return whole_preview(doc, books, bring)
