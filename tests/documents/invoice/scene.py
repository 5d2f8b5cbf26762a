"""A scene for decisions about invoices and returns: everything that the site and Xero know of them, as plain values, without a site.

A decision gets only those facts that it has said it needs (`documents/needs.py`); for any other NotLoaded is raised. So every test here
also tests that nothing is missing from what the decision says it needs.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from picortex_xero.documents.base import Action, Books, Doc, Plan
from picortex_xero.documents.cash_summary.counted import COUNTED
from picortex_xero.documents.decisions import Decision
from picortex_xero.documents.fact_types import (
    CONTACT,
    COUNTER_SALES,
    DISCOUNT_ACCOUNTING,
    DOCUMENT,
    HEAD,
    LEDGER,
    LINKS,
    SETTLING_DOCUMENTS,
    STEPS,
    Contact,
    Named,
)
from picortex_xero.documents.fingerprint import VERSION
from picortex_xero.documents.identity import Identity, identity
from picortex_xero.documents.needs import Facts, Needs
from picortex_xero.documents.role import role
from picortex_xero.documents.step import Link, Step
from tests.scene.mapping import mapping

WAVES = 3
CREATED = "2026-01-05 09:00:00.000000"
Asks = Callable[[Facts], Needs]


def books(**choices: Any) -> Books:
    """One company, connected, with everything mapped; `choices` change the mapping."""
    return Books("KS-X", "Kauri Services", mapping(**choices), "https://erp.kauri.example", "k1", "2026-01-01")


def who(doc: Doc) -> Identity:
    """The identity of a document as its steps and links name it."""
    return identity(doc)


def named(doc: Doc) -> Named:
    """DocType and name."""
    return doc["doctype"], doc["name"]


class Scene:
    """What the host, the outbox and the links know: every fact has an answer, empty where nothing was put there."""

    def __init__(self, *documents: Doc) -> None:
        self.documents = {named(doc): doc for doc in documents}
        self.links: list[Link] = []
        self.steps: list[Step] = []
        self.settling: dict[Named, list[Named]] = {}
        self.contacts: dict[Named, Contact] = {}
        self.ledger: dict[Named, list[Doc]] = {}
        self.discount_accounting = False

    def link(self, doc: Doc, part: str, xero_id: str, endpoint: str, number: int = 1, revision: int = 1, **more: Any) -> Link:
        """A record in Xero that a document became."""
        made = Link(
            f"L-{xero_id}-{number}", who(doc), part, number, revision, endpoint, xero_id, **{"fingerprint_version": VERSION, **more}
        )
        self.links.append(made)
        return made

    def step(self, doc: Doc, text: str, state: str = "Pending", revision: int = 1, **more: Any) -> Step:
        """A step of a document in the outbox."""
        made = step(doc, text, state, revision, **more)
        self.steps.append(made)
        return made

    def contact(self, doctype: str, name: str, xero_id: str = "c1") -> None:
        """A party that is in Xero."""
        self.contacts[doctype, name] = Contact(Identity(doctype, name, CREATED), name, xero_id)

    def facts(self, asks: Asks) -> Facts:
        """What these needs name, in two waves, and nothing else."""
        found = Facts()
        for _ in range(WAVES):
            for fact, key in found.missing(asks(found)):
                found.add(fact, {key: self._answer(fact, key)})
        assert not found.missing(asks(found)), "a third wave would be needed"
        return found

    def _answer(self, fact: Any, key: Any) -> Any:
        if fact is DISCOUNT_ACCOUNTING:
            return self.discount_accounting
        doc = self.documents.get(key)
        answers = {
            DOCUMENT: doc,
            HEAD: doc,
            LINKS: [each for each in self.links if (each.who.doctype, each.who.name) == key],
            STEPS: [each for each in self.steps if (each.who.doctype, each.who.name) == key],
            SETTLING_DOCUMENTS: self.settling.get(key, []),
            CONTACT: self.contacts.get(key, Contact(Identity(*key, CREATED), key[1])),
            LEDGER: self.ledger.get(key, []),
            COUNTER_SALES: 0,
            COUNTED: [],
        }
        return answers[fact]

    def plan(self, action: Action, step: Step, doc: Doc, its_books: Books | None = None) -> Plan | Decision:
        """What an action makes of a step on these facts; LINKS and STEPS of the document itself are there for every step."""
        own = LINKS.of([named(doc)]) | STEPS.of([named(doc)])
        return action.plan(
            step, doc, self.facts(lambda facts: own | action.needs(step, doc, facts, its_books or books())), its_books or books()
        )


def step(doc: Doc, text: str, state: str = "Pending", revision: int = 1, **more: Any) -> Step:
    """A step of a document; its amount is `amount`, else 0."""
    fields = {
        "name": f"{doc['name']} {text} {revision}",
        "posting_date": doc["posting_date"],
        "amount": Decimal(0),
        "currency": doc.get("currency", ""),
    }
    return Step(who=who(doc), role=role(text), revision=revision, state=state, **{**fields, **more})
