"""Taking back in Xero what a document became there. Steps "void", "void-payment-2" (it is cancelled) and "undo-payment-2" (it stands).

A cancelled document has one step "void": it adds a "void-..." step for each other record of the document, and takes back the last record
itself. Steps that were never sent are superseded; those on their way are waited for. Allocations and payments go before the record that
they are on. This is the same for every room, as it works from the document's links; the document itself may be deleted by then. removal.py
decides what is sent.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..xero.records.credit_note import CreditNote
from ..xero.records.invoice import Invoice
from ..xero.records.registry import object_at
from . import by_hand
from .base import Action, Books, Plan
from .decisions import Ask, Decision, Effect, Overtake, Wait, done, hold, overtaken, wait_for_step
from .fact_types import LINKS, STEPS
from .fingerprint import Fingerprint
from .needs import Facts, Needs
from .readiness import to_be_chosen, waits_for_choice
from .removal import Delete, LeftToPerson, RemoveAllocation, TakeBack, Void
from .reversal import TAKEN_OFF, credited, reversals, waits_for
from .role import REVERSAL, taken_back
from .settlement.document_in_xero import needs_of_cancels, waits_for_cancels
from .step import SYNCED, Link, Step, own_links, own_steps

Doc = dict[str, Any]
CANCELLED = 2
# Records besides the document's own: the one that goes last is never one of these.
NEVER_LAST = ("release", "writeoff")


def action(fingerprint: Fingerprint) -> Action:
    """The action for steps that take something back; `fingerprint` tells whether another document has changed."""
    return Action(partial(plan, fingerprint), needs, compares_itself=True)


def needs(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """Of an invoice: what settled it, which is taken back first."""
    return needs_of_cancels((step.who.doctype, step.who.name), facts)


def plan(fingerprint: Fingerprint, step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """The record to take back, once no step of the document is on its way and no payment or allocation is left on that record."""
    own = (step.who.doctype, step.who.name)
    everything = own_steps(facts.get(STEPS, own), step.who)
    # The note that says "cancelled" is sent after this; other notes and files are not waited for.
    steps = [each for each in everything if not each.role.says_cancelled]
    if coming := next((each for each in steps if each.in_flight and not (each.role.takes_back or each.role.is_extra)), None):
        return wait_for_step(coming.name)
    if undecided := to_be_chosen(steps):
        return wait_for_step(undecided.name, waits_for_choice(undecided))
    if credit := waits_for(steps, step.who.name):
        return credit
    too_late = _("{name} was cancelled before it was sent").format(name=step.who.name)
    entered = by_hand.entered(steps)
    unsent = (
        [each for each in steps if each.unsent and each not in entered and not (each.role.takes_back or each.role.reverses)]
        if doc["docstatus"] == CANCELLED
        else []
    )
    effects: list[Effect] = [Overtake(each.name, too_late) for each in unsent]
    linked = _records(facts.get(LINKS, own), step)
    last, mine = _last(linked), record_of(step, linked)
    if mine is None:
        if entered and (not step.role.part or any(_makes_what_is_taken(step, each) for each in entered)):
            return hold(by_hand.take_back_too(step.who.name, bool(step.role.part))).with_effects(*effects)
        return overtaken(too_late, *effects)
    if not mine.live:
        return done(*effects)
    if mine is last and any(each.role.number == TAKEN_OFF and each.state == SYNCED for each in reversals(steps)):
        return done(*effects, *credited(mine))
    asks = [] if step.role.part else [_ask(link) for link in linked if link is not mine and link.live]
    # What a person entered is said apart: nothing waits for it.
    effects += (
        []
        if step.role.part
        else [Ask(taken_back(each.role.part, each.role.number, cancelled=True), revision=each.revision) for each in entered]
    )
    waits = _waits_for_lower(mine, linked, everything, asks) or (waits_for_cancels(own, facts) if mine is last else None)
    if waits:
        return Decision(waits.outcome, (*effects, *asks))
    return replace(removal_of(step, doc, mine, fingerprint, (*effects, *asks)), periods=books.periods)


def record_of(step: Step, linked: list[Link]) -> Link | None:
    """The record that a step takes back, of all links of its document. The step "void" names none: its is the last one."""
    linked = _records(linked, step)
    return next((link for link in linked if _names(step, link)), None) if step.role.part else _last(linked)


def _records(linked: list[Link], step: Step) -> list[Link]:
    return [each for each in own_links(linked, step.who) if each.part != REVERSAL]


def _makes_what_is_taken(step: Step, made: Step) -> bool:
    return (step.role.part, step.role.number, step.revision) == (made.role.part, made.role.number, made.revision)


def _last(linked: list[Link]) -> Link | None:
    """The record that goes last: of the newest revision the first one that is no payment, allocation or the like of another."""
    return max(linked, key=lambda link: (link.revision, _rank(link), link.part not in NEVER_LAST, -link.number), default=None)


def _rank(link: Link) -> int:
    return object_at(link.endpoint).undo_rank


def _ask(link: Link) -> Ask:
    return Ask(taken_back(link.part, link.number, cancelled=True), revision=link.revision)


def _names(step: Step, link: Link) -> bool:
    """Whether a step takes this record back."""
    return step.role.takes_back and (step.role.part, step.role.number, step.revision) == (link.part, link.number, link.revision)


def _waits_for_lower(mine: Link, linked: list[Link], steps: list[Step], asks: list[Ask]) -> Decision | None:
    """Wait for what has to go before a record: a credit note that is allocated somewhere cannot be voided. Steps that exist already are
    waited for before those that are added now (`asks`)."""
    lower = [link for link in linked if link.live and _rank(link) < _rank(mine)]
    known = {(each.role.text, each.revision) for each in steps}
    coming = [each.name for each in steps if each.unfinished and any(_names(each, link) for link in lower)]
    asked = [ask for ask in map(_ask, lower) if ask in asks and (ask.role, ask.revision) not in known]
    if not coming and not asked:
        return None
    name = mine.who.name
    problem = Problem(
        "waits-for-cancel",
        _("Waits until what {name} settled is taken back in Xero").format(name=name),
        _("See under Xero Sync Items what stops {name}").format(name=name),
    )
    return Decision(Wait(problem, on=coming[0] if coming else asked[0]))


def in_order(links: list[Link]) -> list[Link]:
    """Records in the order in which they are taken back: the last one is the one that "void" takes back itself."""
    last = _last(links)
    return sorted(links, key=lambda link: (link is last, _rank(link), -link.revision, link.number))


def removal_of(step: Step, doc: Doc, link: Link, fingerprint: Fingerprint, effects: tuple[Effect, ...]) -> TakeBack:
    """The plan that takes this record back."""
    of = object_at(link.endpoint)
    if of.undone_by is None:
        raise ValueError(f"Nothing takes back what is at {link.endpoint}")
    # Two allocations or refunds of one credit are never in the same request.
    chain = frozenset({step.who.digest, link.xero_id, *link.endpoint.split("/")[1:2]})
    path = f"{link.endpoint}/{link.xero_id}" if of.nested else ""
    made = RemoveAllocation if of.nested else LeftToPerson if of.is_advance else Delete if of.settles else TakeBack
    if isinstance(of, (Invoice, CreditNote)):
        return Void(step, doc, of.undone_by, chain, path, link.xero_id, link, effects, fingerprint=fingerprint)
    return made(step, doc, of.undone_by, chain, path, link.xero_id, link, effects)
