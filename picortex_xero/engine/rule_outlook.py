"""What settings and rules would have made of the documents of the last 90 days, and what each choice of a time costs. Reads ERPNext only; writes nothing, makes
no call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..documents.base import Books
from ..documents.fact_types import DOCUMENT, HEAD, LINKS, PRIVATE, STEPS, Named
from ..documents.identity import identity
from ..documents.needs import Facts
from ..documents.payroll import DOCTYPES as MAY_BE_PRIVATE
from ..documents.rules import costs
from ..documents.rules.before_sending import GROUPS, needs_of_groups
from ..documents.rules.cash import Cash, Money, cash
from ..documents.rules.kinds import DOCTYPES, KINDS
from ..documents.rules.outlook import Judged, outlook, unseen
from ..documents.rules.parents import fate, parents, settles_what_goes
from ..documents.rules.rule import SKIP
from ..documents.rules.verdict import SENT, SKIPPED, Fate
from ..documents.settlement.refunds import as_known, needs_of_refunds
from ..documents.step import own_links
from ..extras.note_texts import OFF
from . import policies
from .contexts import books_of
from .gather import load

DAYS = 90
# The newest documents that are looked at, and all of which the times are counted.
MOST, MOST_COUNTED = 5_000, 200_000
PAGE = 500
SUBMITTED = 1


@dataclass(frozen=True)
class Looked:
    """The documents that were looked at, the cash that would have no document, and how many there are in all (more than were looked at, where these are
    too many)."""

    judged: list[Judged]
    cash: list[Cash]
    documents: int


def since() -> str:
    """The first of the last 90 days, yyyy-mm-dd."""
    return str((now_datetime() - timedelta(days=DAYS)).date())


def look(connection: str, also: str = "") -> Looked:
    """Every submitted document of the last 90 days, as if it were new. `also`: a rule that counts although it is switched off."""
    settings = frappe.get_doc("Xero Connection", connection)
    books = replace(books_of(settings), rules=policies.load(connection, also))
    names, every = _names(books.company)
    facts = Facts()
    docs = [doc for page in _pages(names) for doc in _documents(books, page, facts)]
    load(books, frozenset().union(*(needs_of_groups(doc, books) for doc in docs)), facts)
    known = [as_known(doc, facts) for doc in docs]
    older = {named for doc in known for named in parents(doc)}
    load(books, HEAD.of(older) | LINKS.of(older) | STEPS.of(older), facts)
    there = {
        (doc["doctype"], doc["name"]) for doc in docs if any(own_links(facts.get(LINKS, (doc["doctype"], doc["name"])), identity(doc)))
    }

    def before(named: Named) -> Fate:
        return fate(named, facts.get(HEAD, named), facts)

    judged = outlook(known, books.rules, facts.each(GROUPS), there.__contains__, before)
    of = {each.named: each for each in judged}

    def after(named: Named) -> Fate:
        one = of.get(named)
        return before(named) if one is None else Fate(SENT if one.in_xero or one.verdict.outcome != SKIP else SKIPPED)

    return Looked(judged, cash(shown(unseen(judged), books, facts, after), money(books)), every)


def money(books: Books) -> Money:
    """What says which documents of a company move money, and in which currency."""
    return Money(books.mapping.money_accounts, books.mapping.host_currencies, books.mapping.base_currency)


def shown(docs: list[dict[str, Any]], books: Books, facts: Facts, fate_of: Callable[[Named], Fate]) -> list[dict[str, Any]]:
    """These documents without those whose cash is neither listed nor summarised: about payroll or an employee, since it may be one person's wage; and what settles a
    document that goes to Xero (`fate_of`), with which it is matched there."""
    told = [(doc["doctype"], doc["name"]) for doc in docs if doc["doctype"] in MAY_BE_PRIVATE]
    load(books, PRIVATE.of(told), facts)
    private = {named for named in told if facts.get(PRIVATE, named)}
    return [doc for doc in docs if (doc["doctype"], doc["name"]) not in private and not settles_what_goes(doc, fate_of)]


def _documents(books: Books, names: list[Named], facts: Facts) -> Iterator[dict[str, Any]]:
    load(books, DOCUMENT.of(names) | LINKS.of(names) | needs_of_refunds(names), facts)
    for named in names:
        if doc := facts.get(DOCUMENT, named):
            yield doc


def _names(company: str) -> tuple[list[Named], int]:
    """The newest documents, and how many there are in all."""
    wanted = {"company": company, "docstatus": SUBMITTED, "posting_date": (">=", since())}
    found: list[tuple[str, str, str]] = []
    count = 0
    for doctype in dict.fromkeys(DOCTYPES.values()):
        count += int(frappe.db.count(doctype, wanted))
        rows = frappe.get_all(doctype, filters=wanted, fields=["name", "posting_date"], order_by="posting_date desc", limit=MOST)
        found += [(str(row["posting_date"]), doctype, row["name"]) for row in rows]
    return [(doctype, name) for _date, doctype, name in sorted(found, reverse=True)[:MOST]], count


def _pages(names: list[Named]) -> Iterator[list[Named]]:
    for at in range(0, len(names), PAGE):
        yield names[at : at + PAGE]


def requests_a_day(connection: str) -> dict[str, dict[str, Decimal]]:
    """By kind: requests a day for each choice of a time, by the documents of the last 90 days."""
    found = frappe.db.get_value("Xero Connection", connection, ["company", "history_notes"], as_dict=True)
    notes = (found["history_notes"] or OFF) != OFF
    told: dict[str, dict[str, Decimal]] = {}
    for kind in KINDS:
        wanted: dict[str, Any] = {"company": found["company"], "docstatus": SUBMITTED, "posting_date": (">=", since())}
        if frappe.get_meta(DOCTYPES[kind]).has_field("is_return"):
            wanted["is_return"] = int("Credit" in kind)
        made = frappe.get_all(DOCTYPES[kind], filters=wanted, pluck="creation", limit=MOST_COUNTED)
        told[kind] = costs.a_day(kind, made, DAYS, notes)
    return told
