"""Rows of payments and advances that people entered in Xero, written anew after a reinstall: their links are back then, and their rows are not. What becomes of their drafts, and of a payment
whose document is cancelled here, is looked after by the row."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from ..documents.role import role
from ..documents.step import ASIDE, Link
from ..documents.step import link as as_link
from ..engine import links, outbox
from ..engine.contexts import Context
from ..incoming import advance, facts, payment
from ..incoming.advance import IncomingAdvance
from ..incoming.payment import IncomingPayment
from ..xero.records.registry import object_at
from .incoming_rows import DOCTYPE, DRAFT, ENTERED, Element, key, list_it, say


def payments(context: Context, elements: Iterable[Element]) -> None:
    """Of a page of payments. Part of the caller's transaction."""
    _anew(context, payment.read(elements))


def advances(context: Context, elements: Iterable[Element]) -> None:
    """Of a page of bank transactions. Part of the caller's transaction."""
    _anew(context, advance.read(elements))


def _anew(context: Context, shown: Iterable[IncomingPayment | IncomingAdvance]) -> None:
    by_row = {key(context.connection, each.endpoint, each.xero_id): each for each in shown if each.stands}
    ids = sorted({each.xero_id for each in by_row.values()})
    of_people = [linked for row in links.by_records(context.connection, ids) if _is_of_people(linked := as_link(row))]
    if not of_people:
        return
    listed = set(frappe.get_all(DOCTYPE, filters={"name": ("in", list(by_row))}, pluck="name"))
    for linked in of_people:
        name = key(context.connection, linked.endpoint, linked.xero_id.lower())
        if name in by_row and name not in listed:
            _write(context, name, by_row[name], linked)


def _is_of_people(linked: Link) -> bool:
    stands = linked.live and linked.number < ASIDE
    return stands and (linked.entered_by_people or (linked.adopted and object_at(linked.endpoint).is_advance))


def _write(context: Context, name: str, shown: IncomingPayment | IncomingAdvance, linked: Link) -> None:
    doctype, document = linked.who.doctype, linked.who.name
    docstatus = frappe.db.get_value(doctype, document, "docstatus")
    pays = (
        list(facts.targets(context.connection, (part.target for part in shown.parts)).values())
        if isinstance(shown, IncomingPayment)
        else []
    )
    about = ", ".join(dict.fromkeys(each.name for each in pays)) or document
    currency = shown.currency if isinstance(shown, IncomingAdvance) else next((each.currency for each in pays), "")
    what = shown.said or "Advance" if isinstance(shown, IncomingAdvance) else shown.reference or "Payment"
    if docstatus is None and not _was_cancelled(context, linked):
        # A draft that was deleted: it is decided anew.
        links.forget(linked.name)
        list_it(context, shown, what=what, about=about, currency=currency)
        return
    list_it(context, shown, what=what, about=about, currency=currency)
    say(name, DRAFT if docstatus is not None and not int(docstatus) else ENTERED, reference_doctype=doctype, reference_name=document)


def _was_cancelled(context: Context, linked: Link) -> bool:
    steps = outbox.of_documents(context.connection, linked.who.doctype, [linked.who.name])
    return any(role(str(each["role"])).takes_back for each in steps)
