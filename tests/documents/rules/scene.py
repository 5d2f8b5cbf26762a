"""Rules and what they are asked about, as values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from picortex_xero.documents.approvals.flow import VOTES, Vote
from picortex_xero.documents.base import Books, Doc
from picortex_xero.documents.decisions import Decision
from picortex_xero.documents.fact_types import PRIVATE
from picortex_xero.documents.rules.before_sending import GROUPS, decision, needs
from picortex_xero.documents.rules.conditions import Condition
from picortex_xero.documents.rules.fields import OWN, TEXT
from picortex_xero.documents.rules.kinds import KINDS
from picortex_xero.documents.rules.rule import Policy, Rule, Setting
from picortex_xero.documents.step import Step
from tests.documents.invoice.scene import books
from tests.documents.scene import Scene

NOW = datetime(2026, 11, 28, 11, 30)


def condition(field: str, operator: str, value: str = "", **more: Any) -> Condition:
    return Condition(field, operator, value, **{"type": OWN.get(field, (TEXT, ""))[0], **more})


def rule(title: str, outcome: str, *alternatives: list[Condition]) -> Rule:
    return Rule(title.lower(), title, outcome, tuple(tuple(each) for each in alternatives) or ((),))


def policy(*rules: Rule, zone: str = "Pacific/Auckland", now: datetime = NOW, **settings: Setting) -> Policy:
    """Rules for every kind of document, in this order; settings by kind, with "_" for a blank."""
    return Policy({kind.replace("_", " "): each for kind, each in settings.items()}, {kind: rules for kind in KINDS}, zone, now, True)


class Ruled(Scene):
    """A scene in which parties have groups."""

    def __init__(self, *documents: Doc) -> None:
        super().__init__(*documents)
        self.groups: dict[tuple[str, str], Doc] = {}
        self.votes: list[Vote] = []
        self.private: dict[tuple[str, str], str] = {}

    def _answer(self, fact: Any, key: Any) -> Any:
        if fact is VOTES:
            return [vote for vote in self.votes if (vote.who.doctype, vote.who.name) == key]
        if fact is PRIVATE:
            return self.private.get(key, "")
        return self.groups.get(key, {}) if fact is GROUPS else super()._answer(fact, key)

    def ruled(self, one: Step, doc: Doc, its: Policy, any_date: bool = False) -> Decision | None:
        """What settings and rules say of a step, from the facts that it says it needs."""
        its_books = self.books(its)
        facts = self.facts(lambda known: needs(one, doc, known, its_books) | own(one))
        return decision(one, doc, facts, its_books, any_date)

    @staticmethod
    def books(its: Policy) -> Books:
        from dataclasses import replace

        return replace(books(), rules=its)


def own(one: Step) -> Any:
    from picortex_xero.documents.fact_types import STEPS

    return STEPS.of([(one.who.doctype, one.who.name)])
