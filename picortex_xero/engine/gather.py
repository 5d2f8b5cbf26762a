"""Gathering the facts that a round needs: the documents, then what their rooms need, each in bulk, until nothing is missing."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass

from ..accounting.texts import _, term
from ..documents import deciding, registry
from ..documents import facts as shared_facts
from ..documents.approvals import facts as approval_facts
from ..documents.base import Action, Books, Doc, Plan
from ..documents.deciding import WAVES
from ..documents.decisions import Decision, overtaken
from ..documents.fact_types import DOCUMENT
from ..documents.identity import moment
from ..documents.needs import NOTHING, Facts, Needs
from ..documents.role import Purpose
from ..documents.rules import facts as rule_facts
from ..documents.settlement import facts as settlement_facts
from ..documents.step import Step, step
from ..extras.file_plans import ATTACHMENT
from ..extras.note_plans import NOTE
from .outbox import Row

# Notes and files: any document may have them, so they belong to no room.
EXTRAS = {Purpose.NOTE: NOTE, Purpose.FILE: ATTACHMENT}


def _loaders() -> shared_facts.Loaders:
    """What all rooms share, and what the facts.py in a room's folder adds."""
    found = {**shared_facts.LOADERS, **settlement_facts.LOADERS, **rule_facts.LOADERS, **approval_facts.LOADERS}
    for room in registry.ROOMS:
        folder = sys.modules[type(room).__module__].__package__
        if importlib.util.find_spec(f"{folder}.facts"):
            found |= importlib.import_module(f"{folder}.facts").LOADERS
    return found


LOADERS = _loaders()


@dataclass(frozen=True)
class DueStep:
    """One due step, its document and the action of its room (None where no room has one). The document is None where it is gone or its name
    belongs to another one now; the cancel of a deleted document gets a stub of it."""

    row: Row
    step: Step
    doc: Doc | None
    action: Action | None


def gather(books: Books, rows: list[Row], facts: Facts) -> list[DueStep]:
    """What is known of these rows; everything needed to decide them is added to `facts`."""
    steps = [step(row) for row in rows]
    load(books, DOCUMENT.of((each.who.doctype, each.who.name) for each in steps), facts)
    cases = [_due_step(row, each, facts) for row, each in zip(rows, steps)]
    for _wave in range(WAVES):
        needs = NOTHING.union(*(_needs(case, facts, books) for case in cases))
        if not facts.missing(needs):
            break
        load(books, needs, facts)
    return cases


def load(books: Books, needs: Needs, facts: Facts) -> None:
    """Load into `facts` what of these needs is not known yet, each kind of fact in bulk."""
    shared_facts.load(books, needs, facts, LOADERS)


def _due_step(row: Row, one: Step, facts: Facts) -> DueStep:
    doc = facts.get(DOCUMENT, (one.who.doctype, one.who.name))
    mine = doc if doc and moment(doc["creation"]) == one.who.creation else None
    if mine is None and (one.role.cancels or one.role.reverses):
        # A cancelled document may be deleted at once. What it became in Xero must still be taken back; its links say what that is.
        mine = {"doctype": one.who.doctype, "name": one.who.name, "creation": one.who.creation, "docstatus": 2}
    action = EXTRAS.get(one.role.purpose) if mine and one.role.is_extra else registry.action(one, mine)
    return DueStep(row, one, mine, action)


def _needs(case: DueStep, facts: Facts, books: Books) -> Needs:
    return NOTHING if case.action is None else deciding.needs(case.step, case.doc, case.action, facts, books)


def decide(case: DueStep, facts: Facts, books: Books) -> Plan | Decision:
    """What becomes of a step by the facts alone: a decision, or a plan that first has to read something from Xero."""
    if case.action is None:
        raise LookupError(f"No room has an action for the step {case.step.role.text!r} of {case.step.who.doctype} {case.step.who.name}")
    if case.doc is None:
        return overtaken(_("{doctype} {name} no longer exists").format(doctype=term(case.step.who.doctype), name=case.step.who.name))
    return deciding.decide(case.step, case.doc, case.action, facts, books)
