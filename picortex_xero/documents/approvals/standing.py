"""How far the approval of a document has come, and who may agree next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ...accounting.texts import NONE, Text
from . import words
from .flow import APPROVED, RETURNED, Absence, Flow, Person, Says, Stage, Vote


@dataclass(frozen=True)
class Standing:
    """`stages` are asked for, in this order; `agreed` are the votes that count for the first of them. `changed`: somebody agreed, and the document changed after
    that. `returned`: who gave it back, and nobody has agreed since. `barred`: who may not agree. `count` is how many votes there are, of whatever kind."""

    rule: str
    stages: tuple[Stage, ...]
    agreed: tuple[Vote, ...] = ()
    changed: bool = False
    returned: Vote | None = None
    barred: frozenset[str] = frozenset()
    submitters: frozenset[str] = frozenset()
    count: int = 0

    @property
    def done(self) -> bool:
        """Whether it has the leave that its rule wants."""
        return len(self.agreed) == len(self.stages)

    @property
    def stage(self) -> Stage:
        """The stage that is asked now. Only while it is not done."""
        return self.stages[len(self.agreed)]

    def after(self, vote: Vote) -> Standing:
        """How far it has come once this person, who may, has said this as well."""
        returned = vote.outcome == RETURNED
        agreed = () if returned else (*self.agreed, vote)
        more = len(agreed) < len(self.stages)
        return replace(self, agreed=agreed, returned=vote if returned else None, changed=self.changed and more, count=self.count + 1)


def standing(flow: Flow, rule: str, amount: Decimal, votes: Iterable[Vote], says: Says, submitters: frozenset[str]) -> Standing:
    """How far a document has come. `rule` is the row of the rule, `votes` those of exactly this document; `says` tells whether it still says what it said at a vote;
    `submitters` entered or submitted it.

    Votes count in the order in which they were given, each for the stage that was asked then. One for a stage that has changed, for another content, or by
    somebody who by now may not agree himself, counts for nothing; a return begins anew."""
    stages = flow.asked(amount)
    agreed: list[Vote] = []
    returned: Vote | None = None
    stale = False
    ordered = sorted(votes, key=lambda vote: vote.number)
    for vote in ordered:
        if not says(vote):
            stale = stale or vote.outcome == APPROVED
        elif vote.outcome == RETURNED:
            agreed, returned = [], vote
        elif (
            len(agreed) < len(stages)
            and vote.stage == stages[len(agreed)].key(rule)
            and not vote.people & _barred(flow, agreed, submitters)
        ):
            agreed.append(vote)
            returned = None
    changed = stale and len(agreed) < len(stages)
    return Standing(
        rule,
        stages,
        tuple(agreed),
        changed,
        returned,
        _barred(flow, agreed, submitters),
        submitters if flow.no_self else frozenset(),
        len(ordered),
    )


def _barred(flow: Flow, agreed: Sequence[Vote], submitters: frozenset[str]) -> frozenset[str]:
    """Who may not agree to the next stage, whoever asks him."""
    return submitters.union(*(vote.people for vote in agreed)) if flow.no_self else frozenset()


@dataclass(frozen=True)
class Leave:
    """Whether somebody may agree now, or give the document back; `on_behalf_of`: in whose place, "" in his own. `why_not` where he may not."""

    may: bool
    on_behalf_of: str = ""
    why_not: Text = NONE


def leave(person: Person, stands: Standing, absences: Iterable[Absence], today: date) -> Leave:
    """Whether this person may speak for the stage that is asked now: in his own right, or else for somebody who is away today. A deputy's own deputy is not."""
    if stands.done:
        return Leave(False, why_not=words.nothing_asked())
    if person.name in stands.barred:
        return Leave(False, why_not=words.entered_it() if person.name in stands.submitters else words.agreed_before())
    if stands.stage.is_for(person):
        return Leave(True)
    stands_for = [
        each.person for each in absences if each.deputy == person.name and each.covers(today) and stands.stage.is_for(each.person)
    ]
    free = sorted(each.name for each in stands_for if each.name not in stands.barred)
    if free:
        return Leave(True, free[0])
    return Leave(False, why_not=words.not_asked(len(stands.agreed) + 1, len(stands.stages), whom(stands.stage)))


def whom(stage: Stage) -> Text:
    """Who is asked at a stage, in words."""
    return words.whom(stage.role, sorted(stage.people))
