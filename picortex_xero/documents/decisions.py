"""What is decided about a step, as a value: one outcome, and what goes with it.

The engine writes a decision down in one transaction (`engine.apply`); nothing else moves a step, adds one or writes a link while deciding. So a
decision can be tested on facts alone, shown before it is carried out, and explained.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ..accounting.problems import Problem, Refused
from ..accounting.texts import NONE, Text
from .identity import Identity
from .translation import Translation


@dataclass(frozen=True)
class Ask:
    """A further step: of the same document (`who` None) or of another one, added unless it is there already. What is None is taken over from
    the step that asks; `kind` is "note" or "attachment" for what only adds to a record. `waits_for` is the role of a step of the same document
    and revision that has to be finished first, `because` what its row says meanwhile: so it is not looked at before its turn only to wait. A
    step that is there already is left as it is."""

    role: str
    who: Identity | None = None
    revision: int | None = None
    amount: Decimal | None = None
    kind: str = ""
    posting_date: Any = None
    currency: str | None = None
    waits_for: str = ""
    because: Problem | None = None


@dataclass(frozen=True)
class Overtake:
    """Nothing is left to do for another step of this name in the outbox; `by` says what overtook it."""

    step: str
    by: Text


@dataclass(frozen=True)
class Release:
    """Another step that is held looks again at its document."""

    step: str


@dataclass(frozen=True)
class Adopt:
    """A record that was in Xero before is this document's: it is linked, nothing is sent. `said` goes into the history."""

    part: str
    number: int
    revision: int
    endpoint: str
    xero_id: str
    xero_number: str = ""
    marker: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    status: str = ""
    currency: str = ""
    total: Decimal | None = None
    amount_due: Decimal | None = None
    said: Text = NONE


@dataclass(frozen=True)
class Seen:
    """What Xero shows of a link now, and (`fingerprint`) that what the document says is what was sent. None: not seen."""

    link: str
    status: str | None = None
    total: Decimal | None = None
    amount_due: Decimal | None = None
    fingerprint: str | None = None


@dataclass(frozen=True)
class Remember:
    """A fact of the step itself: `amount`, `currency` or `kind` (columns of the outbox)."""

    fields: dict[str, Any]


@dataclass(frozen=True)
class Say:
    """A line in the history of the document."""

    event: str
    message: Text


@dataclass(frozen=True)
class LookAgain:
    """A look at another document that has changed, or may have: one step of it that waits already serves."""

    who: Identity


@dataclass(frozen=True)
class Follow:
    """The rows about a document stand under the name it had before it was renamed: they follow."""

    who: Identity
    former_name: str


Effect = Ask | Overtake | Release | Adopt | Seen | Remember | Say | LookAgain | Follow


@dataclass(frozen=True)
class Send:
    """This element goes to Xero. `remaining`: what was left of a credit just before something is taken off it. `makes`: the contact that it makes
    besides, by its name; only one request of a round may, and the others find it in the next."""

    translation: Translation
    remaining: Decimal | None = None
    makes: str = ""


@dataclass(frozen=True)
class Wait:
    """For another step (`on`: its name in the outbox, or an Ask that is among the effects, or a document that is looked at again), for a time, or
    for what the problem says; with none of them it is looked at anew at once. `failures`: how often it waited for the same."""

    problem: Problem | None = None
    on: str | Ask | LookAgain | None = None
    after: timedelta | None = None
    failures: int | None = None


@dataclass(frozen=True)
class Hold:
    """All that stands in the way. Held where each cure is a recipe or a switch, else a person's."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Done:
    """Xero has it, or it needs nothing."""


@dataclass(frozen=True)
class Skip:
    """It does not go to Xero, for this reason."""

    problem: Problem


@dataclass(frozen=True)
class Overtaken:
    """Nothing is left to do: `by` says what overtook it."""

    by: Text


@dataclass(frozen=True)
class Unclear:
    """Xero does not show enough to decide: it is looked at again, later each time, and is a person's in the end. `what` could not be seen."""

    what: str


Outcome = Send | Wait | Hold | Done | Skip | Overtaken | Unclear


@dataclass(frozen=True)
class Decision:
    """One outcome and what goes with it, written in one transaction: the effects first."""

    outcome: Outcome
    effects: tuple[Effect, ...] = ()

    def with_effects(self, *effects: Effect) -> Decision:
        """The same decision with further effects."""
        return Decision(self.outcome, (*self.effects, *effects))


def hold(*problems: Problem) -> Decision:
    """Held, or a person's."""
    return Decision(Hold(problems))


def refused(error: Refused) -> Decision:
    """What a translator found, all of it."""
    return Decision(Hold(tuple(error.problems)))


def wait_for_step(name: str, problem: Problem | None = None) -> Decision:
    """For another step to be finished."""
    return Decision(Wait(problem, on=name))


def done(*effects: Effect) -> Decision:
    """Nothing has to be sent (any more)."""
    return Decision(Done(), effects)


def overtaken(by: Text, *effects: Effect) -> Decision:
    """Nothing is left to do."""
    return Decision(Overtaken(by), effects)
