"""Random approvals: people agree, give back, press for what they saw a while ago and speak for others; the document changes and changes back; the rule gets other
steps. Whenever it goes, everybody whom the rule asks now has agreed to what it says now, in order, each in his own right or for somebody who was away. And whenever
everybody agrees, it goes.

`make test-long` does it 100 times as often.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from picortex_xero.documents.approvals.content import content
from picortex_xero.documents.approvals.flow import APPROVED, RETURNED, Absence, Flow, Person, Stage, Vote
from picortex_xero.documents.approvals.standing import leave
from picortex_xero.documents.base import Books
from picortex_xero.documents.decisions import Hold
from picortex_xero.documents.identity import identity
from picortex_xero.documents.rules import before_sending
from picortex_xero.documents.rules.rule import Policy
from tests.documents.rules.scene import Ruled, own, policy, rule
from tests.documents.scene import step
from tests.scene.documents import item, sales_invoice

EXAMPLES = int(os.environ.get("EXAMPLES", "2000")) // 80
TODAY = date(2026, 11, 28)
PEOPLE = tuple(
    Person(name, frozenset(roles))
    for name, roles in (
        ("ann", {"Approver"}),
        ("bob", {"Approver"}),
        ("cy", {"Chief"}),
        ("di", {"Chief", "Approver"}),
        ("clerk", {"Approver"}),
    )
)
Doc = dict[str, Any]


def versions() -> list[Doc]:
    """What one invoice may say: two amounts, each with two references."""
    return [
        {
            **sales_invoice([item(total)], [], total, name="SINV-1"),
            **{"docstatus": 1, "base_grand_total": total, "company": "Kauri Services", "owner": "clerk", "po_no": po},
        }
        for total in (50.0, 5000.0)
        for po in ("A", "B")
    ]


def stages(rng: random.Random) -> Flow:
    def one() -> Stage:
        role = rng.choice(("Approver", "Chief", ""))
        people = frozenset(rng.sample([each.name for each in PEOPLE], rng.randint(0 if role else 1, 2)))
        return Stage(role, people, Decimal(rng.choice((0, 1000))))

    return Flow(tuple(one() for _ in range(rng.randint(0, 3))), rng.random() < 0.5)


@dataclass(frozen=True)
class Pressed:
    """What somebody said, as an onlooker writes it down: of what the document said, and of whom it was asked."""

    outcome: str
    people: frozenset[str]
    said: str
    asked: tuple[str, frozenset[str]]


class Case:
    """One invoice, its rule, and who is away."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.versions = rng, versions()
        self.doc = rng.choice(self.versions)
        self.flow = stages(rng)
        self.scene = Ruled(self.doc)
        self.step = self.scene.step(self.doc, "invoice")
        self.absences: list[Absence] = []
        self.pressed: list[Pressed] = []
        self.seen: list[str] = []

    @property
    def its(self) -> Policy:
        return policy(replace(rule("Held", "Hold for approval"), flow=self.flow))

    def books(self) -> Books:
        return Ruled.books(self.its)

    def asked(self) -> Any:
        """How far it has come, as whoever looks at it is shown; None where it waits for nobody."""
        found = before_sending.waits_for_leave(self.step, self.doc, self.facts(self.step), self.books())
        return found and found[1]

    def facts(self, one: Any) -> Any:
        return self.scene.facts(lambda known: before_sending.needs(one, self.doc, known, self.books()) | own(one))

    def look(self) -> str:
        stands = self.asked()
        return f"{content(self.doc)}/{stands.count}/{stands.stage.key(stands.rule)}" if stands else ""

    def press(self, person: Person, seen: str, outcome: str) -> bool:
        """As engine/approvals.vote; whether it counts."""
        stands = self.asked()
        if not stands or seen != self.look():
            return False
        allowed = leave(person, stands, self.absences, TODAY)
        if not allowed.may:
            return False
        stage = stands.stage
        who = frozenset({person.name, allowed.on_behalf_of} - {""})
        assert stage.is_for(person) or any(
            each.person.name == allowed.on_behalf_of and stage.is_for(each.person) and each.deputy == person.name for each in self.absences
        )
        self.scene.votes.append(
            Vote(
                identity(self.doc), stands.count + 1, outcome, stage.key(stands.rule), person.name, content(self.doc),
                on_behalf_of=allowed.on_behalf_of,
            )
        )  # fmt: skip
        self.pressed.append(Pressed(outcome, who, content(self.doc), (stage.role, stage.people)))
        return True

    def goes(self) -> bool:
        decision = self.scene.ruled(self.step, self.doc, self.its)
        assert decision is None or isinstance(decision.outcome, Hold)
        return decision is None

    def goes_again(self) -> bool:
        """Whether a change is sent of what is in Xero already."""
        look = step(self.doc, "recheck-1")
        return before_sending.changed_since(look, self.doc, self.facts(look), self.books()) is None

    def has_leave(self) -> bool:
        """By what was written down alone: the last word of each step that is asked for now, in order, since it was given back as it is."""
        wanted = [each for at, each in enumerate(self.flow.stages or (Stage(),)) if at == 0 or self.doc["base_grand_total"] >= each.least]
        said = [each for each in self.pressed if each.said == content(self.doc)]
        returned = max((at for at, each in enumerate(said) if each.outcome == RETURNED), default=-1)
        barred, left = {"clerk"}, list(wanted)
        for each in said[returned + 1 :]:
            free = not self.flow.no_self or not each.people & barred
            if left and each.asked == (left[0].role, left[0].people) and free:
                barred |= each.people
                left.pop(0)
        return not left

    def happens(self) -> None:
        """Something does."""
        self.seen.append(self.look())
        what = self.rng.random()
        if what < 0.65:
            person, seen = self.rng.choice(PEOPLE), self.rng.choice(self.seen[-2:])
            self.press(person, seen, RETURNED if self.rng.random() < 0.15 else APPROVED)
        elif what < 0.8:
            self.becomes(self.rng.choice(self.versions))
        elif what < 0.9:
            self.flow = stages(self.rng)
        else:
            away, deputy = self.rng.sample(PEOPLE, 2)
            self.absences = [Absence(away, deputy.name, TODAY, TODAY)] if self.rng.random() < 0.7 else []

    def becomes(self, doc: Doc) -> None:
        self.doc = doc
        (key,) = self.scene.documents
        self.scene.documents[key] = doc


def test_nothing_goes_without_the_leave_that_its_rule_wants_now() -> None:
    rng = random.Random(14)
    went = held = deputies = 0
    for _example in range(EXAMPLES):
        case = Case(rng)
        for _event in range(12):
            case.happens()
            assert case.goes() == case.has_leave(), (case.flow, case.pressed, case.doc["po_no"])
            went, held = (went + 1, held) if case.has_leave() else (went, held + 1)
        deputies += sum(len(each.people) == 2 for each in case.pressed)
    assert min(went, held) > EXAMPLES and deputies, "both happened, and somebody spoke for another one"


def test_where_everybody_agrees_it_goes_and_a_change_after_that_is_asked_about() -> None:
    rng = random.Random(15)
    whole = changed = 0
    for _example in range(EXAMPLES):
        case = Case(rng)
        for _event in range(4):
            case.happens()
        while case.asked() and any(case.press(each, case.look(), APPROVED) for each in PEOPLE):
            pass
        if case.asked():
            # The rule asks for people none of whom may: it waits.
            assert not case.goes()
            continue
        assert case.goes()
        whole += 1
        case.scene.link(case.doc, "invoice", "x1", "Invoices")
        agreed_to = content(case.doc)
        assert case.goes_again()
        for _event in range(6):
            case.happens()
            if case.goes_again():
                assert case.has_leave() or all(each.said == content(case.doc) for each in case.pressed if each.outcome == APPROVED)
            else:
                changed += content(case.doc) != agreed_to
    assert whole > EXAMPLES // 3 and changed > EXAMPLES // 10
