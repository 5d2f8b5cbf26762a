"""The steps of an approval, what people have said, and who acts for whom, as values.

A step of an approval is called a stage here: "step" is a row of the outbox. People read "step".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ...accounting.money import ZERO
from ..fact_types import Named
from ..identity import Identity
from ..needs import Fact

# What somebody says of a document; stored.
APPROVED, RETURNED = "Approved", "Returned"


@dataclass(frozen=True)
class Stage:
    """One of `people`, or anyone with the role `role`, agrees; with neither, whoever may approve at all. It is asked for where the document's amount, in
    company currency and without its sign, is `least` or more."""

    role: str = ""
    people: frozenset[str] = frozenset()
    least: Decimal = ZERO

    def is_for(self, person: Person) -> bool:
        """Whether this person is one of those who are asked."""
        anyone = not self.role and not self.people
        return anyone or person.name in self.people or bool(self.role) and self.role in person.roles

    def key(self, rule: str) -> str:
        """20 hex digits that stand for who is asked, by which rule (its row): where either changes, it is asked anew."""
        return hashlib.sha256("\x1f".join([rule, self.role, *sorted(self.people)]).encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Flow:
    """The stages of one rule in their order. `no_self`: neither whoever entered or submitted the document, nor whoever agreed at an earlier stage of it, agrees."""

    stages: tuple[Stage, ...] = ()
    no_self: bool = False

    def asked(self, amount: Decimal) -> tuple[Stage, ...]:
        """The stages for a document of this amount, at least one: a rule that holds documents wants somebody to agree."""
        first, *further = self.stages or (Stage(),)
        return (first, *(each for each in further if abs(amount) >= each.least))


ANYONE = Flow()


@dataclass(frozen=True)
class Vote:
    """What one person has said of a document, once written never changed. `number` counts those of the document from 1; `stage` is the key of the stage that he
    spoke for, `on_behalf_of` the person whose deputy he was, `called` his full name, `content` what the document said then (content.py), at `at` (the site's time, as a renaming's)."""

    who: Identity
    number: int
    outcome: str
    stage: str
    person: str
    content: str
    at: str = ""
    on_behalf_of: str = ""
    rule: str = ""
    note: str = ""
    called: str = ""

    @property
    def people(self) -> frozenset[str]:
        """Whose word it is."""
        return frozenset({self.person, self.on_behalf_of} - {""})


def record(votes: Iterable[Vote]) -> list[Vote]:
    """Of what was said of one document: who agreed to what it said last, in their order, since it was given back last."""
    found: list[Vote] = []
    ordered = sorted(votes, key=lambda vote: vote.number)
    for vote in ordered:
        found = [] if vote.outcome == RETURNED else [*found, vote]
    return [vote for vote in found if vote.content == found[-1].content]


# What was said of all documents that ever had this name, oldest first.
VOTES: Fact[Named, list[Vote]] = Fact("approvals")
Says = Callable[[Vote], bool]


@dataclass(frozen=True)
class Person:
    """A user and the roles that he has."""

    name: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Absence:
    """While `person` is away, from the first day to the last, `deputy` agrees in his place."""

    person: Person
    deputy: str
    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether this day is one of them."""
        return self.first <= day <= self.last
