"""A preview of one document: what the engine would decide and send, step by step. It reads ERPNext only: no row is written, no call is
made.

The caller has checked that its user may see the document.
"""

from __future__ import annotations

from dataclasses import replace

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import NONE, _, joined
from ..documents.base import Books, Doc
from ..documents.fact_types import DOCUMENT
from ..documents.identity import identity
from ..documents.needs import Facts, Needs
from ..documents.preview import Preview, Previewed, whole_preview
from ..documents.preview_facts import Load
from ..documents.preview_together import Together, settled_by
from .contexts import books_of
from .gather import load

# Invoices and bills that are looked at before a document that settles them; one of more is shown as it is by itself.
MOST_BEFORE = 200


def preview(connection: str, doctype: str, name: str) -> list[Previewed]:
    """What a submitted document, or a draft as if it were submitted now, would become in Xero. A connection that has not gone live yet is
    treated as live from any date. Raises frappe.DoesNotExistError where the connection's company has no such document."""
    return whole(connection, doctype, name).steps


def whole(connection: str, doctype: str, name: str, agreed: bool = False) -> Preview:
    """The same, with the links of what it would make. `agreed`: as if everybody had agreed whom a rule asks."""
    settings = frappe.get_doc("Xero Connection", connection)
    books = books_of(settings)
    if not settings.go_live_date:
        books = replace(books, go_live_date="")
    if agreed:
        books = replace(books, rules=books.rules.as_agreed())

    def bring(needs: Needs, facts: Facts) -> None:
        load(books, needs, facts)

    found = Facts()
    bring(DOCUMENT.of([(doctype, name)]), found)
    doc = found.get(DOCUMENT, (doctype, name))
    if doc is None or doc.get("company") != books.company:
        raise frappe.DoesNotExistError(f"{books.company} has no {doctype} {name}")
    alone = whole_preview(doc, books, bring)
    return _after_what_it_settles(doc, alone, books, bring) if _waits(doc, alone) else alone


def _after_what_it_settles(doc: Doc, alone: Preview, books: Books, bring: Load) -> Preview:
    """What it becomes once the invoices and bills that it names are in Xero, where these would go; else what it is `alone`."""
    before = settled_by(doc)
    if len(before) > MOST_BEFORE:
        return alone
    facts = Facts()
    bring(DOCUMENT.of(before), facts)
    together = Together(books, bring)
    firsts = [
        (first["name"], together.preview(first)) for named in before if (first := facts.get(DOCUMENT, named)) and first["docstatus"] == 1
    ]
    made = [link for _name, first in firsts for link in first.goes]
    found = together.preview(doc)
    if _waits(doc, found):
        return alone
    if not made:
        # What it settles does not go, and it follows that.
        return found
    names = joined(", ", [name for name, first in firsts if first.goes])
    assumed = Problem("assumes-first", _("Sent before it: {names}").format(names=names), NONE)
    steps = [replace(each, assumptions=(assumed, *each.assumptions)) if each.outcome == "Send" else each for each in found.steps]
    return replace(found, steps=steps, links=[*made, *found.links])


def _submitted(doc: Doc, books: Books) -> bool:
    return bool(doc["docstatus"] == 1 and doc.get("company") == books.company)


def _waits(doc: Doc, found: Preview) -> bool:
    return any(each.outcome == "Wait" for each in found.steps if each.who == identity(doc))
