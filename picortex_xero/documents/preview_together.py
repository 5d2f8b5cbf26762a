"""Previews of several documents one after the other, as if each were in Xero when the next is looked at: a payment finds the invoice that was
previewed before it, and a customer's contact is made once. Nothing is written, and Xero is not asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..xero.records.registry import CONTACT as CONTACTS
from ..xero.records.registry import KINDS, object_at, taken_off
from .base import Books, Doc, Reads
from .fact_types import CONTACT, FEE_CONTACT, LINKS, SETTLED_BY, STEPS, Contact, Named
from .identity import INVOICE_DOCTYPES, Identity, identity
from .needs import Facts, Needs
from .preview import Preview, Previewed, whole_preview
from .preview_facts import Load, Place, recorded
from .role import role
from .rules.words import SKIPS
from .step import SKIPPED, Link, Step

# Invoices are read by their ids so many at once (engine/reading), and suppliers' numbers asked about together.
IDS_PER_CALL = 40


class Together:
    """What the previews so far would have made, on top of the facts that `load` brings. `recall` is told which document's records are needed, and adds what
    was made of it, and of what settles it, where that was not added yet."""

    def __init__(self, books: Books, load: Load, recall: Callable[[Named], None] = lambda named: None) -> None:
        self._books, self._load, self._recall = books, load, recall
        # Whose each record is.
        self._owners: dict[Place, Named] = {}
        self._by_document: dict[tuple[str, str], list[Link]] = {}
        self._by_place: dict[Place, list[Link]] = {}
        self._contacts: dict[Identity, str] = {}
        self._called: dict[str, str] = {}
        # What a rule or setting keeps out of Xero: what settles it follows.
        self._skipped: dict[Named, Step] = {}

    def preview(self, doc: Doc) -> Preview:
        """One further document."""
        found = whole_preview(doc, self._books, self._bring)
        self.add(found.goes)
        self.skip(skipped(found, doc))
        return found

    def skip(self, steps: list[Step]) -> None:
        """Count these as skipped by a rule or setting."""
        self._skipped |= {(each.who.doctype, each.who.name): each for each in steps}

    def add(self, links: list[Link]) -> None:
        """Count these as made, each once."""
        for link in (each for each in links if (each.endpoint, each.xero_id) not in self._owners):
            self._owners[link.endpoint, link.xero_id] = link.who.doctype, link.who.name
            self._by_document.setdefault((link.who.doctype, link.who.name), []).append(link)
            for place in _places(link):
                self._by_place.setdefault(place, []).append(link)
            if link.endpoint == CONTACTS.endpoint:
                self._contacts[link.who] = link.xero_id
                self._called[link.xero_id] = link.xero_number

    def settling(self, links: Iterable[Link]) -> set[tuple[Named, Named]]:
        """Which documents these take something off, each with the document that does: those of others whose records are known."""
        found = {(self._owners.get(place), (link.who.doctype, link.who.name)) for link in links for place in _places(link)}
        return {(owner, by) for owner, by in found if owner and owner != by}

    def called(self, contact_id: str) -> str:
        """What a contact is called that would be made first; "" of one that Xero has."""
        return self._called.get(contact_id, "")

    def _bring(self, needs: Needs, facts: Facts) -> None:
        fresh = facts.missing(needs)
        self._load(needs, facts)
        for fact, key in fresh:
            if fact is LINKS or fact is STEPS:
                self._recall(key)
        for fact, key in fresh:
            if fact is LINKS and (made := self._by_document.get(key)):
                facts.add(LINKS, {key: [*facts.get(LINKS, key), *made]})
            elif fact is STEPS and (skipped := self._skipped.get(key)):
                facts.add(STEPS, {key: [*(each for each in facts.get(STEPS, key) if each.role != skipped.role), skipped]})
            elif fact is STEPS and (made := self._by_document.get(key)):
                facts.add(STEPS, {key: [recorded(each) if _makes(each, made) else each for each in facts.get(STEPS, key)]})
            elif fact is SETTLED_BY and (settling := self._by_place.get(key)):
                facts.add(SETTLED_BY, {key: [*facts.get(SETTLED_BY, key), *settling]})
            elif fact in (CONTACT, FEE_CONTACT):
                facts.add(fact, {key: self._known(facts.get(fact, key))})

    def _known(self, contact: Contact) -> Contact:
        made = self._contacts.get(contact.who) if contact.who else None
        return replace(contact, xero_id=made, former_name="") if made and not contact.xero_id else contact


def skipped(found: Preview, doc: Doc) -> list[Step]:
    """The steps of a document that a rule or setting keeps out of Xero, as they will be in the outbox."""
    return [_skipped(each) for each in found.steps if _is_skipped(each, doc)]


def _is_skipped(found: Previewed, doc: Doc) -> bool:
    by_rule = found.outcome == "Skip" and any(each.code in SKIPS for each in found.problems)
    return by_rule and found.who == identity(doc)


def _skipped(found: Previewed) -> Step:
    one = Step(f"skipped {found.who.digest[:12]}", found.who, role(found.role), found.revision, SKIPPED)
    return replace(one, reason_code=found.problems[0].code, rule=found.rule)


def settled_by(doc: Doc) -> list[Named]:
    """The invoices and bills that a document names: those that it pays, and the one that a return takes back."""
    rows = [(row.get("reference_doctype"), row.get("reference_name")) for row in doc.get("references") or []]
    rows += [(row.get("reference_type"), row.get("reference_name")) for row in doc.get("accounts") or []]
    rows += [(doc["doctype"], doc.get("return_against"))] if doc["doctype"] in INVOICE_DOCTYPES else []
    return list(dict.fromkeys((str(doctype), str(name)) for doctype, name in rows if doctype in INVOICE_DOCTYPES and name))


def _places(link: Link) -> list[Place]:
    """What a link takes something off: where those records stand."""
    its = object_at(link.endpoint)
    below = link.endpoint.split("/")
    credit = [(below[0], below[1])] if len(below) > 2 else []
    found = [(endpoint, xero_id) for xero_id in its.settled(link.marker) for endpoint in _SETTLED]
    return [place for place in [*credit, *found] if taken_off(link.endpoint, link.marker, place)]


def _makes(step: Step, made: list[Link]) -> bool:
    return any(
        (each.who, each.part, each.number, each.revision) == (step.who, step.role.part, step.role.number, step.revision) for each in made
    )


# Where what is settled stands.
_SETTLED = tuple(dict.fromkeys(kind.home for kind in KINDS.values() if kind.xero_object.named_in_payments))


# What it costs


Costs = dict[str, int]
IDS, SINGLE = "ids", "single"


def costs(steps: list[Previewed], reads: Reads, notes: bool) -> Costs:
    """What sending a document takes, in parts that are added up over all documents: elements by the kind of their request; `ids`: invoices that are
    read by their ids; `single`: reads and notes that take a call each."""
    found: Costs = {}
    for each in steps:
        if each.outcome == "Send":
            found[each.kind] = found.get(each.kind, 0) + 1
            found[SINGLE] = found.get(SINGLE, 0) + int(notes and _gets_note(each))
    for endpoint, _xero_id in reads.records:
        part = IDS if object_at(endpoint).listed_by_ids else SINGLE
        found[part] = found.get(part, 0) + 1
    found[IDS] = found.get(IDS, 0) + len(reads.suppliers_own)
    found[SINGLE] = found.get(SINGLE, 0) + len(reads.contacts) + len(reads.histories) + len(reads.numbers)
    return {part: count for part, count in found.items() if count}


def _gets_note(step: Previewed) -> bool:
    its = KINDS[step.kind].xero_object
    return its.takes_notes and not its.shows_link


def requests(total: Costs, batch: int) -> int:
    """How many calls these costs are, with up to `batch` elements in a request."""
    count = total.get(SINGLE, 0) + _calls(total.get(IDS, 0), IDS_PER_CALL)
    for part, elements in total.items():
        if kind := KINDS.get(part):
            count += elements if kind.alone or kind.bare or kind.nested else _calls(elements, batch)
    return count


def _calls(elements: int, at_once: int) -> int:
    return -(-elements // at_once)


def added(one: Costs, other: Costs) -> Costs:
    """Both together."""
    return {part: one.get(part, 0) + other.get(part, 0) for part in {**one, **other}}


def less(one: Costs, other: Costs) -> Costs:
    """The first without the second, which was added to it before."""
    return {part: count for part, all_of_it in one.items() if (count := all_of_it - other.get(part, 0)) > 0}


# Links as JSON


def stored(links: list[Link]) -> list[list[Any]]:
    """What is kept of links between two slices of a preview."""
    return [
        [each.who.doctype, each.who.name, each.who.creation, each.part, each.number, each.revision, each.endpoint, each.xero_id]
        + [each.xero_number, each.status, str(each.total), each.currency, {name: str(value) for name, value in each.marker.items()}]
        for each in links
    ]


def kept(rows: list[list[Any]]) -> list[Link]:
    """The links that `stored` gave; it passes over skipped steps."""
    return [
        Link(
            f"new {row[7]}",
            Identity(*row[:3]),
            row[3],
            int(row[4]),
            int(row[5]),
            row[6],
            row[7],
            row[8],
            row[9],
            Decimal(row[10]),
            row[11],
            row[12],
        )
        for row in rows
        if len(row) != OF_SKIPPED
    ]


# As many values a skipped step is kept with; a link has more.
OF_SKIPPED = 7


def stored_skips(steps: list[Step]) -> list[list[Any]]:
    """What is kept of skipped steps between two slices of a preview."""
    return [
        [each.who.doctype, each.who.name, each.who.creation, each.role.text, each.revision, each.reason_code, each.rule] for each in steps
    ]


def kept_skips(rows: list[list[Any]]) -> list[Step]:
    """The steps that `stored_skips` gave."""
    return [
        Step(f"skipped {row[1]}", Identity(*row[:3]), role(row[3]), int(row[4]), SKIPPED, reason_code=row[5], rule=row[6])
        for row in rows
        if len(row) == OF_SKIPPED
    ]
