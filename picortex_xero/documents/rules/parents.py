"""What a document settles, returns or pays back, and what became of that: payments, credits and journals follow what they are for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal
from ..fact_types import HEAD, LINKS, STEPS, Named
from ..identity import INVOICE_DOCTYPES, Identity, moment
from ..needs import Facts, Needs
from ..payment_entry.as_settlement import settlement
from ..role import Purpose
from ..settlement.breakdown import unallocated
from ..settlement.refunds import is_refund
from ..settlement.settlement import PAYMENT_ENTRY
from ..step import SKIPPED as SKIPPED_STATE
from ..step import Step, own_links, own_steps
from . import verdict, words
from .verdict import Fate

Doc = dict[str, Any]
# What else than an invoice, bill or return may be settled: a refund pays an advance back.
SETTLED = (*INVOICE_DOCTYPES, PAYMENT_ENTRY)
# The roles that make a document's own record.
OWN = ("invoice", "credit", "payment", "journal")


def parents(doc: Doc) -> list[Named]:
    """The documents that this one settles, returns or pays back, in the order in which it names them."""
    found: list[tuple[Any, Any]] = []
    if doc["doctype"] in INVOICE_DOCTYPES:
        # One that is no return may name another invoice all the same (a debit note adds to it).
        found = [(doc["doctype"], doc.get("return_against"))] if doc.get("is_return") else []
    elif doc["doctype"] == PAYMENT_ENTRY:
        found = [(row.get("reference_doctype"), row.get("reference_name")) for row in doc.get("references") or []]
        if not is_refund(doc):
            # An advance names the refund that pays it back, and not the other way round.
            found = [each for each in found if each[0] != PAYMENT_ENTRY]
    elif "accounts" in doc:
        # A row without a party names what an exchange difference is about, and settles nothing.
        found = [(row.get("reference_type"), row.get("reference_name")) for row in doc["accounts"] or [] if row.get("party")]
    return list(dict.fromkeys((str(doctype), str(name)) for doctype, name in found if doctype in SETTLED and name))


def more(doc: Doc) -> bool:
    """Whether it is for more than those documents: money of a payment that is not allocated, a party's row of a journal that names none of them, or a row of a
    journal that books something beside."""
    if doc["doctype"] == PAYMENT_ENTRY:
        return bool(unallocated(settlement(doc)))
    rows = doc.get("accounts") or ()
    return any(row.get("party") and row.get("reference_type") not in SETTLED for row in rows) or _books_beside(rows)


def _books_beside(rows: Iterable[Doc]) -> bool:
    """Whether a journal books more than where the money of what it settles came from or went to: then not all other rows stand against that money."""
    settles, others = ZERO, list[Decimal]()
    for row in rows:
        amount = decimal(row.get("debit")) - decimal(row.get("credit"))
        if row.get("reference_type") in SETTLED:
            # With what such a row without a party books: an exchange difference of the same document.
            settles += amount
        else:
            others.append(amount)
    return any(amount * settles > ZERO if settles else amount for amount in others)


def settles_what_goes(doc: Doc, fate_of: Callable[[Named], Fate]) -> bool:
    """Whether money of a document that does not go settles one that is in Xero, goes there, or was there before: a person matches it there with that document. Booked as
    income or cost it would be so a second time, and the document would stay open."""
    return any(fate_of(named).what != verdict.SKIPPED for named in parents(doc))


def needs_of_parents(doc: Doc) -> Needs:
    """The facts that `fates` reads."""
    named = parents(doc)
    return HEAD.of(named) | LINKS.of(named) | STEPS.of(named)


def fates(doc: Doc, facts: Facts) -> dict[Named, Fate]:
    """What became of each of them, as far as our own rows say."""
    return {named: fate(named, facts.get(HEAD, named), facts) for named in parents(doc)}


def fate(named: Named, head: Doc | None, facts: Facts) -> Fate:
    """What became of one document; `head` has its creation, None where it is gone."""
    if head is None:
        return Fate(verdict.OTHER)
    who = Identity(*named, moment(head["creation"]))
    if any(link.live for link in own_links(facts.get(LINKS, named), who)):
        return Fate(verdict.SENT)
    return of_steps(each for each in own_steps(facts.get(STEPS, named), who))


def of_steps(steps: Iterable[Step]) -> Fate:
    """What became of a document of which nothing is in Xero, by its steps."""
    own = [each for each in steps if each.role.purpose is Purpose.CREATE and each.role.head in OWN]
    if coming := next((each for each in own if each.unfinished), None):
        return Fate(verdict.OPEN, step=coming.name)
    newest = max(own, key=lambda each: each.revision, default=None)
    if newest and newest.state == SKIPPED_STATE and newest.reason_code in words.SKIPS:
        return Fate(verdict.SKIPPED, newest.rule)
    return Fate(verdict.OTHER)
