"""A preview of one document: which records it would become, step by step. Nothing is written, and Xero is not asked.

The decisions are the engine's, on facts in which each step that would be sent counts as being in Xero (preview_facts.py). Steps that it adds are
part of the preview, also the contact of its customer; of other documents that it waits for, only the reason is shown. History notes and
files are left out: the engine adds those once a record is in Xero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..accounting.texts import NONE, _, term
from . import money, registry
from .base import Books, Doc, Plan, Reads, Ready
from .deciding import decide, needs
from .decisions import (
    Adopt,
    Ask,
    Decision,
    Done,
    Effect,
    Follow,
    Hold,
    LookAgain,
    Outcome,
    Overtake,
    Overtaken,
    Release,
    Remember,
    Send,
    Skip,
    Unclear,
    Wait,
)
from .fact_types import DOCUMENT
from .identity import Identity, identity, moment
from .invoice.posting import sold_assets
from .preview_facts import Load, Overlay, recorded
from .role import role
from .step import FINISHED, HELD, PENDING, SKIPPED, SUPERSEDED, Link, Step
from .still_in_xero import checked
from .suppliers_own import SuppliersOwn
from .translation import Reason

DRAFT = 0
# A limit against endless loops: no step is decided more often, as each look waits for another step.
MOST_LOOKS = 20


@dataclass(frozen=True)
class Previewed:
    """What would become of one step: `outcome` in one word ("Send", "Wait", "Hold", "Skip", "Overtaken", "Done", "Unclear"), `problems` why
    it is not sent, or not yet. Of what would be sent, now or once a person releases it: the `kind` of request, its `path`, the element (`body`), and why each line has its
    account and its tax (`reasons`), and the `total` and `tax` that Xero must return. `assumptions` are about what only Xero knows; `known_as` is what somebody may have entered it in Xero as, and `opens` that it is an opening document, which may be there. `rule`: the title of the rule that keeps it back. `who` may be another document than the one previewed: its
    customer, or the payee of a fee."""

    who: Identity
    role: str
    revision: int
    outcome: str
    problems: tuple[Problem, ...] = ()
    kind: str = ""
    path: str = ""
    body: dict[str, Any] | None = None
    reasons: tuple[Reason, ...] = ()
    assumptions: tuple[Problem, ...] = ()
    total: Decimal | None = None
    tax: Decimal | None = None
    known_as: SuppliersOwn | None = None
    opens: bool = False
    rule: str = ""


@dataclass(frozen=True)
class Preview:
    """Of one document: its `steps`, the `links` with made-up ids of what would be sent, now or once it is released, and the `reads` that precede it.
    `goes`: the links of what would be sent now, which other documents find."""

    steps: list[Previewed]
    links: list[Link]
    reads: Reads
    goes: list[Link] = field(default_factory=list)


def own_goes(steps: Sequence[Previewed], who: Identity) -> bool:
    """Whether the document's own record, which its first step makes, would be sent: what else belongs to it may be held all the same."""
    own = next((each for each in steps if each.who == who), None)
    return own is not None and own.outcome == "Send"


def preview(doc: Doc, books: Books, load: Load, later: Sequence[Step] = ()) -> list[Previewed]:
    """All steps of a document that are not over yet, in the order in which they would go. A draft is taken as if it were submitted now; of a
    document that has no step yet, the first one is made up. `load` brings facts of the host, each kind in bulk. `later`: steps that no decision about
    the document asks for, but time (the releases of deferred revenue)."""
    return whole_preview(doc, books, load, later).steps


def whole_preview(doc: Doc, books: Books, load: Load, later: Sequence[Step] = ()) -> Preview:
    """The same, with what it would make and read: for several documents one after the other (preview_together)."""
    room = registry.room_of(doc)
    if not room or not room.submitted:
        return Preview([], [], Reads())
    walk = _Walk(doc, books, load)
    steps = walk.result(later)
    return Preview(steps, walk.links, walk.reads, walk.goes)


class _Walk:
    """Decides one document's steps in turn until no decision changes any more."""

    def __init__(self, doc: Doc, books: Books, load: Load) -> None:
        self._doc, self._books = doc, books
        self._draft = doc["docstatus"] == DRAFT
        self._overlay = Overlay(load, doc if self._draft else None)
        self._queue: list[str] = []
        self._settled: dict[str, Previewed] = {}
        self._looks: dict[str, int] = {}
        # Steps with a result so far that wait for another step, and so may still change.
        self._waiting: dict[str, Previewed] = {}
        # The problem that holds money, by the made-up id of what would be made once it is released.
        self._held: dict[str, Problem] = {}
        self.reads = Reads()

    @property
    def links(self) -> list[Link]:
        """The links of what would be sent."""
        return self._overlay.links

    @property
    def goes(self) -> list[Link]:
        """Those of what would be sent now."""
        return [each for each in self.links if each.xero_id not in self._held]

    def result(self, later: Sequence[Step]) -> list[Previewed]:
        for first in (*self._first_steps(), *later):
            self._add(first)
        while step := self._next():
            self._looks[step.name] = self._looks.get(step.name, 0) + 1
            if self._looks[step.name] > MOST_LOOKS:
                raise RuntimeError(f"The step {step.role} of {step.who.name} does not come to rest in a preview")
            self._look(step)
        rest = [self._waiting[name] for name in self._queue if name not in self._settled]
        return [*self._settled.values(), *rest]

    def _first_steps(self) -> list[Step]:
        who = identity(self._doc)
        known = self._overlay.steps(who)
        if not known:
            worth, first = registry.shown_worth(self._doc), role(registry.first_role(self._doc))
            posting_date, currency = self._doc.get("posting_date"), worth.currency or ""
            return [Step(f"new {who.digest[:12]}", who, first, 1, PENDING, posting_date, decimal(worth.amount), currency)]
        return [each for each in known if not each.role.is_extra and (each.unfinished or each.state == SKIPPED)]

    def _add(self, step: Step) -> None:
        """Add a step of the outbox or a new one. One that was held or skipped is decided anew, as by Retry."""
        if step.name in self._queue or step.state in FINISHED and step.state != SKIPPED:
            return
        self._queue.append(step.name)
        there = self._overlay.step(step.name) is not None
        self._overlay.put(step if there or step.in_flight else replace(step, state=PENDING, blocked_on=""))

    def _now(self, name: str) -> Step:
        step = self._overlay.step(name)
        assert step is not None
        return step

    def _next(self) -> Step | None:
        """The first step that may go on: it waits for nothing, or what it waits for is over."""
        for step in (self._now(name) for name in self._queue if name not in self._settled):
            blocker = self._overlay.step(step.blocked_on)
            if not step.blocked_on or (blocker and blocker.state in FINISHED):
                return step
        return None

    def _look(self, step: Step) -> None:
        if problem := self._beyond(step):
            self._settled[step.name] = Previewed(step.who, step.role.text, step.revision, "Unclear", (problem,))
            return
        facts = self._overlay.facts(lambda known: DOCUMENT.of([(step.who.doctype, step.who.name)]))
        doc = facts.get(DOCUMENT, (step.who.doctype, step.who.name))
        if doc is None or moment(doc["creation"]) != step.who.creation:
            self._settle(step, Overtaken(_("{doctype} {name} no longer exists").format(doctype=term(step.who.doctype), name=step.who.name)))
            return
        if step.who == identity(self._doc) and step.role.text == registry.first_role(doc):
            if nothing := registry.room_with(doc).nothing(doc):
                self._settle(step, Skip(nothing))
                return
        action = registry.action(step, doc)
        if action is None:
            raise LookupError(f"No room has an action for the step {step.role} of {step.who.name}")
        known = self._overlay.facts(lambda facts: needs(step, doc, action, facts, self._books))
        decided = decide(step, doc, action, known, self._books)
        if held := money.held(decided):
            # What a person releases is shown as it will go.
            decided = decide(step, doc, action, known, replace(self._books, hold_money=False))
        if isinstance(decided, Plan):
            held = held or self._after_held(step, decided)
            self.reads |= decided.reads()
            shown, assumed = self._overlay.shown(decided)
            self._write(step, checked(decided, decided.decide(shown), self._books, shown), decided, tuple(assumed), held)
        else:
            self._write(step, decided)

    def _after_held(self, step: Step, plan: Plan) -> Problem | None:
        """Why a plan waits for money that is held here: it moves more of the same document's, or is below a record that is not there before."""
        of_this = {each.xero_id for each in self.links if (each.who, each.revision) == (step.who, step.revision)}
        return next(
            (
                problem
                for xero_id, problem in self._held.items()
                if xero_id in of_this and money.moves_money(plan) or xero_id in (plan.path or "")
            ),
            None,
        )

    def _beyond(self, step: Step) -> Problem | None:
        """Why nothing can be said of a step without Xero, or before the submit."""
        name = step.who.name
        if step.kept_by:
            return Problem(
                "preview-kept", _("Xero may have {name} already; which record it is has to be settled first").format(name=name), NONE
            )
        if step.role.takes_back or step.role.looks_again or step.role.sends_again:
            return Problem(
                "preview-asks-xero", _("What becomes of it is decided when Xero shows what {name} is there by then").format(name=name), NONE
            )
        if self._draft and step.who == identity(self._doc) and sold_assets(self._doc):
            return Problem(
                "preview-ledger", _("What {name} books for the asset it sells is known once it is submitted").format(name=name), NONE
            )
        return None

    def _write(
        self,
        step: Step,
        decision: Decision,
        plan: Plan | None = None,
        assumed: tuple[Problem, ...] = (),
        held: Problem | None = None,
    ) -> None:
        """Apply to the overlay what the engine would write down: first the effects, then the outcome. `held`: it goes once it is released."""
        asked: dict[Effect, Step] = {}
        for effect in decision.effects:
            step = self._effect(step, effect, asked)
        match decision.outcome:
            case Send(translation) if plan is not None:
                if step.in_flight:
                    assumed += (
                        Problem("assumes-arrives", _("{name} is on its way to Xero already, and arrives").format(name=step.who.name), NONE),
                    )
                assumed += self._overlay.number_free(step, plan, translation)
                assumed += tuple(Problem("said-in-history", remark, NONE) for remark in translation.said)
                before = len(self.links)
                self._overlay.send(step, plan, translation)
                if held:
                    self._held |= {each.xero_id: held for each in self.links[before:]}
                sent = Previewed(
                    step.who,
                    step.role.text,
                    step.revision,
                    "Hold" if held else "Send",
                    (held,) if held else (),
                    plan.kind.name,
                    plan.path or plan.kind.path(plan.xero_id),
                    translation.body,
                    tuple(translation.reasons),
                    assumed,
                    translation.total,
                    translation.tax,
                    plan.known_as if isinstance(plan, Ready) else None,
                    bool(plan.reads().numbers),
                )
                self._overlay.put(recorded(step))
                self._settled[step.name] = sent
            case Wait() as wait:
                self._wait(step, wait, asked, assumed)
            case outcome:
                self._settle(step, outcome, assumed)

    def _wait(self, step: Step, wait: Wait, asked: dict[Effect, Step], assumed: tuple[Problem, ...]) -> None:
        blocker = asked[wait.on].name if isinstance(wait.on, (Ask, LookAgain)) else wait.on or ""
        if blocker in self._queue:
            self._overlay.put(replace(step, state=PENDING, blocked_on=blocker))
            self._waiting[step.name] = self._as(step, wait, assumed)
        elif blocker or wait.after or wait.problem:
            # For another document's step, or for a person in Xero.
            self._settle(step, wait, assumed)
        else:
            self._overlay.put(replace(step, state=PENDING, blocked_on=""))

    def _effect(self, step: Step, effect: Effect, asked: dict[Effect, Step]) -> Step:
        """Apply one effect of a decision about `step`; return the step as it is then."""
        match effect:
            case Ask():
                asked[effect] = self._overlay.ask(step, effect)
                if not asked[effect].role.is_extra:
                    self._add(asked[effect])
                    self._waiting.setdefault(asked[effect].name, self._as(asked[effect], Wait(effect.because)))
            case LookAgain(who):
                looks = [each for each in self._overlay.steps(who) if each.role.looks_again]
                asked[effect] = next((each for each in looks if each.state in (PENDING, HELD)), None) or self._overlay.ask(
                    step, Ask(f"recheck-{len(looks) + 1}", who=who)
                )
                self._add(asked[effect])
            case Overtake(name, by) if name in self._queue and self._now(name).unsent:
                self._settle(self._now(name), Overtaken(by))
            case Release(name) if name in self._queue and self._now(name).state == HELD:
                self._settled.pop(name, None)
                self._overlay.put(replace(self._now(name), state=PENDING))
            case Adopt():
                self._overlay.adopt(step, effect)
            case Remember(fields):
                return self._overlay.put(replace(step, **{name: fields[name] for name in ("amount", "currency", "rule") if name in fields}))
            case Follow():
                self._overlay.follow(effect)
        return step

    def _settle(self, step: Step, outcome: Outcome, assumed: tuple[Problem, ...] = ()) -> None:
        states = {Done: recorded(step).state, Skip: SKIPPED, Overtaken: SUPERSEDED, Hold: HELD}
        self._overlay.put(replace(step, state=states.get(type(outcome), step.state)))
        self._settled[step.name] = self._as(step, outcome, assumed)

    def _as(self, step: Step, outcome: Outcome, assumed: tuple[Problem, ...] = ()) -> Previewed:
        why = _why(step.who.name, outcome)
        return Previewed(step.who, step.role.text, step.revision, type(outcome).__name__, why, assumptions=assumed, rule=step.rule)


def _why(name: str, outcome: Outcome) -> tuple[Problem, ...]:
    """Why a step does not go, or not yet."""
    match outcome:
        case Hold(problems):
            return problems
        case Skip(problem):
            return (problem,)
        case Wait(problem) if problem:
            return (problem,)
        case Overtaken(by):
            return (Problem("superseded", by, NONE),)
        case Unclear(what):
            return (Problem("xero-cannot-show", _("Xero does not show what {name} needs ({shown})").format(name=name, shown=what), NONE),)
    return ()
