"""The forecast of an import of history: a few of its documents are decided as they will be (ERPNext is read, Xero is not asked), and all are counted."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date, timedelta

import frappe

from ..compat import let_pass
from ..documents.base import Books, Doc
from ..documents.fact_types import DOCUMENT, LINKS
from ..documents.history.forecast import Forecast, Sample, forecast, total
from ..documents.identity import identity
from ..documents.needs import Facts
from ..documents.preview_together import Costs, Together, costs, settled_by
from ..documents.rules.kinds import kind_of
from ..extras.note_texts import OFF
from . import history_budget, history_walk, openings
from .contexts import books_of
from .gather import load
from .history_walk import BEGIN, Place, Range

CONNECTION, CONTACT = "Xero Connection", "Xero Contact"
# Documents that are decided: at so many days spread over the range, so many from each.
DAYS, FROM_EACH = 8, 40
AT_ONCE = 500


def of(connection: str, what: Range) -> tuple[Forecast, str]:
    """The forecast, and what it was made of as JSON."""
    books = replace(books_of(frappe.get_doc(CONNECTION, connection)), go_live_date="", hold_money=False)
    if what.open_at:
        books = replace(books, openings=(*books.openings, openings.planned(what.company, what.open_at)))
    counts = history_walk.counts(what)
    sampled = _sampled(books, what, counts)
    samples = {kind: Sample(count, *sampled.get(kind, (0, 0, {}))) for kind, count in counts.items()}
    missing = _without_contact(books, what)
    a_day, left = history_budget.a_day(connection), history_budget.left(connection)
    found = forecast(samples, missing, frappe.db.count(CONTACT, {"connection": connection}), a_day, left)
    details = {
        "kinds": {kind: asdict(sample) for kind, sample in samples.items()},
        "contacts": missing,
        "left_now": left,
        "live_a_day": history_budget.live_a_day(connection),
    }
    return found, json.dumps(details)


def _sampled(books: Books, what: Range, counts: dict[str, int]) -> dict[str, tuple[int, int, Costs]]:
    """By kind: how many documents were decided, how many of them go, and the costs of these."""
    books = replace(books, rules=books.rules.without_batches())
    together = Together(books, lambda needs, facts: load(books, needs, facts))
    seen: set[tuple[str, str]] = set()
    found: dict[str, list[tuple[bool, Costs]]] = {}
    for place in history_walk.owed(books, what, _spread(what, counts)):
        if (place.doctype, place.name) in seen:
            continue
        for doc in _with_what_it_settles(books, place):
            named = doc["doctype"], doc["name"]
            if named in seen:
                continue
            seen.add(named)
            its = _costs(together, doc, books)
            if its is not None and named == (place.doctype, place.name):
                found.setdefault(kind_of(doc), []).append(its)
    return {kind: (len(each), sum(goes for goes, _its in each), total(its for _goes, its in each)) for kind, each in found.items()}


def _spread(what: Range, counts: dict[str, int]) -> list[Place]:
    """Documents of each kind from a few days of the range; all of them where there are not more. A day may have hundreds of one kind: each kind is looked for by
    itself."""
    if sum(counts.values()) <= DAYS * FROM_EACH:
        return history_walk.page(what, BEGIN, DAYS * FROM_EACH)
    first, last = date.fromisoformat(what.first), date.fromisoformat(what.last)
    days = [first + timedelta(days=(last - first).days * at // DAYS) for at in range(DAYS)]
    there = [kind for kind in what.kinds if counts.get(kind)]
    looks = [replace(what, first=day.isoformat(), kinds=(kind,)) for day in days for kind in there]
    return [place for look in looks for place in history_walk.page(look, BEGIN, -(-FROM_EACH // len(there)))]


def _with_what_it_settles(books: Books, place: Place) -> list[Doc]:
    """A document after the invoices that it settles: as when it goes, these are there."""
    found = _documents(books, [(place.doctype, place.name)])
    return [*(each for doc in found for each in _documents(books, settled_by(doc))), *found]


def _documents(books: Books, named: list[tuple[str, str]]) -> list[Doc]:
    facts = Facts()
    load(books, DOCUMENT.of(named), facts)
    return [doc for each in named if (doc := facts.get(DOCUMENT, each))]


def _costs(together: Together, doc: Doc, books: Books) -> tuple[bool, Costs] | None:
    """Whether a document goes, and what that takes; None for one that cannot be judged, which keeps nobody from a forecast."""
    try:
        found = together.preview(doc)
    except Exception as error:
        let_pass(error)
        frappe.log_error(title=f"Xero: what {doc['name']} would become could not be told"[:140])
        return None
    goes = any(each.outcome == "Send" and each.who == identity(doc) for each in found.steps)
    # Contacts that have to be made, and numbers that are asked about, are counted by themselves.
    reads = replace(found.reads, contacts=frozenset(), suppliers_own=frozenset())
    return goes, costs(found.steps, reads, books.notes != OFF)


def _without_contact(books: Books, what: Range) -> int:
    """How many customers and suppliers of its documents have no contact in Xero that is known."""
    named = history_walk.parties(what)
    missing = 0
    for at in range(0, len(named), AT_ONCE):
        some, facts = named[at : at + AT_ONCE], Facts()
        load(books, LINKS.of(some), facts)
        missing += sum(not facts.get(LINKS, each) for each in some)
    return missing
