"""What is decided about a step, as a value: one outcome (send, wait, hold, done ...) and its effects (add a step, link a record ...).

Deciding writes nothing; `engine/apply.py` writes a decision down in one transaction. So a decision can be tested on facts alone, and shown
in a preview.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from ..accounting.problems import Problem, Refused
from ..accounting.texts import NONE, Text, _
from .identity import Identity
from .translation import Translation


@dataclass(frozen=True)
class Ask:
    """Add a further step, of the same document (`who` None) or of another one. A step that is there already is left as it is. What is None
    is taken over from the step that asks. `kind` is "note" or "attachment" for what only adds to a record. `waits_for` is the role of a
    step of the same document and revision that has to be finished first; `because` is the reason its row shows until then."""

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
    """Close another step (`name` in the outbox) as superseded; `by` says by what."""

    step: str
    by: Text


@dataclass(frozen=True)
class Release:
    """Set another step that waits for a person (held, needs attention, or left out) to pending, so that it is decided anew."""

    step: str


@dataclass(frozen=True)
class Adopt:
    """Link the document with a record that was in Xero already; nothing is sent. `said` goes into the document's history."""

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
    """Write on a link what Xero shows now (None: not seen), in `fingerprint` the hash of the document that it agrees with, by the formula of
    `version` (0: today's), and with `lines_agree` that its lines are as they were sent. `picture` is what of the record must stay as it is
    (documents/picture.py), `updated` when Xero says that it changed last (UTC)."""

    link: str
    status: str | None = None
    total: Decimal | None = None
    amount_due: Decimal | None = None
    fingerprint: str | None = None
    lines_agree: bool = False
    version: int = 0
    contact: str | None = None
    updated: datetime | None = None
    picture: str | None = None


@dataclass(frozen=True)
class Raise:
    """Leave another step (its name in the outbox) to a person although it was finished: somebody removed or changed its record in Xero. One
    that needs a person already gets the new words."""

    step: str
    problem: Problem


@dataclass(frozen=True)
class SetAside:
    """Keep the link (by name) of a record that is gone for the history only, so that its step makes another record."""

    link: str


@dataclass(frozen=True)
class WakeAwaiting:
    """Decide all steps anew that wait for a person to approve these records (`endpoint/id`) in Xero."""

    places: tuple[str, ...]


@dataclass(frozen=True)
class Remember:
    """Write columns of the step itself: `amount`, `currency`, `mark`, `rule`, `approval_stage` or `not_before`."""

    fields: dict[str, Any]


@dataclass(frozen=True)
class Say:
    """Add a line to the history of the step's document, or of `who`."""

    event: str
    message: Text
    who: Identity | None = None


@dataclass(frozen=True)
class LookAgain:
    """Add a "recheck" step to another document that may have changed, unless one is waiting already."""

    who: Identity


@dataclass(frozen=True)
class Follow:
    """Move the rows about a renamed document to its new name."""

    who: Identity
    former_name: str


@dataclass(frozen=True)
class Merged:
    """Xero has merged a contact of ours into another one (`kept_id`, called `kept_name`): the links of every party that had it follow."""

    xero_id: str
    kept_id: str
    kept_name: str


@dataclass(frozen=True)
class MakeAnew:
    """Take back a Xero Cash Summary (by name) that counts what it should not count any more, and make it anew without that."""

    summary: str


@dataclass(frozen=True)
class Differs:
    """Somebody has changed or removed a record in Xero (`link`: the name of its link): it is listed under Changed in Xero. `kind` is one of removed.py,
    `found` what differs in words, `element` the record as Xero shows it now ({} where nothing more of it is kept here), `at` when it changed (UTC), as
    Xero says."""

    link: str
    kind: str
    found: tuple[Text, ...]
    element: dict[str, Any]
    at: datetime | None = None


@dataclass(frozen=True)
class Agrees:
    """The record of this link (its name) is again what it has to be: what is listed of it under Changed in Xero is over."""

    link: str


Effect = (
    Ask
    | Overtake
    | Release
    | Adopt
    | Seen
    | Raise
    | SetAside
    | WakeAwaiting
    | Remember
    | Say
    | LookAgain
    | Follow
    | Merged
    | MakeAnew
    | Differs
    | Agrees
)


@dataclass(frozen=True)
class Send:
    """Send this element to Xero. `remaining`: what was left of a credit just before an allocation. `makes`: the name of a contact that Xero
    will create along with it; only one request of a round may do so, the others find the contact in the next round."""

    translation: Translation
    remaining: Decimal | None = None
    makes: str = ""


@dataclass(frozen=True)
class Wait:
    """Wait for another step (`on`: its name in the outbox, an Ask or a LookAgain among the effects), for a time (`after`), or for what
    `problem` says; with none of them the step is decided anew at once. `awaits` is the record (`endpoint/id`) that a person has to approve in
    Xero: the reader (inbound/) ends the wait sooner."""

    problem: Problem | None = None
    on: str | Ask | LookAgain | None = None
    after: timedelta | None = None
    awaits: str = ""


@dataclass(frozen=True)
class Hold:
    """All that stands in the way. State Held where every problem is marked `held` (instructions or a setting resolve it), else Needs
    Attention."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Done:
    """Finished: the record is in Xero, or nothing has to be sent. `warning`: what people should look at there all the same."""

    warning: Problem | None = None


@dataclass(frozen=True)
class Skip:
    """It does not go to Xero, for this reason."""

    problem: Problem


@dataclass(frozen=True)
class Overtaken:
    """Nothing is left to do (state Superseded); `by` says why."""

    by: Text


@dataclass(frozen=True)
class Unclear:
    """Xero does not show enough to decide (`what` could not be seen): tried again later and later, in the end Needs Attention."""

    what: Text


Outcome = Send | Wait | Hold | Done | Skip | Overtaken | Unclear


@dataclass(frozen=True)
class Decision:
    """One outcome and its effects, all written in one transaction, the effects first."""

    outcome: Outcome
    effects: tuple[Effect, ...] = ()

    def with_effects(self, *effects: Effect) -> Decision:
        """The same decision with further effects."""
        return Decision(self.outcome, (*self.effects, *effects))


def hold(*problems: Problem) -> Decision:
    """A decision with these problems."""
    return Decision(Hold(problems))


def refused(error: Refused) -> Decision:
    """A decision with all problems that a translator raised."""
    return Decision(Hold(tuple(error.problems)))


def wait_for_step(name: str, problem: Problem | None = None) -> Decision:
    """A decision to wait until another step (its name in the outbox) is finished."""
    return Decision(Wait(problem, on=name))


def wait_for_cancel(step: str, name: str, what: str) -> Decision:
    """A decision to wait until the step (its name in the outbox) is finished that takes back the document `name`, called `what` in the reason."""
    return wait_for_step(
        step,
        Problem(
            "waits-for-cancel",
            _("Waits until {name} is cancelled in Xero").format(name=what),
            _("See why {name} is not cancelled in Xero yet").format(name=name),
        ),
    )


def done(*effects: Effect) -> Decision:
    """The decision that nothing has to be sent (any more)."""
    return Decision(Done(), effects)


def overtaken(by: Text, *effects: Effect) -> Decision:
    """The decision that nothing is left to do (state Superseded)."""
    return Decision(Overtaken(by), effects)
