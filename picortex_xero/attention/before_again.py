"""What becomes of a document that a person wants entered anew in Xero, said before he presses Send again: the rules and closed periods of today hold for it."""

from __future__ import annotations

from dataclasses import replace

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import NONE, Text, _, joined
from ..documents import closed_periods, deciding, readiness
from ..documents.decisions import Decision, Hold, Skip, Wait
from ..documents.fact_types import DOCUMENT
from ..documents.needs import Facts
from ..documents.registry import first_role, own_parts
from ..documents.removed import OUT, REMOVED
from ..documents.role import role
from ..documents.rules.words import BATCH
from ..documents.step import step as as_step
from ..engine import contexts, gather
from ..engine.outbox import Row


def says(connection: str, steps: list[Row]) -> Text:
    """Why a document would not go, or would wait, if it was sent again now; NONE where it would go. `steps` are its rows of the outbox. What is only made again beside
    a record of it that stands is not asked about."""
    gone = [each for each in steps if each["reason_code"] in (*OUT, *REMOVED)]
    mine = next((each for each in gone if as_step(each).role.part in own_parts(each["reference_doctype"])), None)
    if mine is None:
        return NONE
    decision, closed = _decided(connection, mine, 1 + max(int(each["generation"]) for each in steps))
    match decision.outcome if decision else None:
        case Skip(problem):
            return _("By the rules of today it is not sent: {reason}").format(reason=problem.message)
        case Hold(problems):
            return _waits((*problems, *closed))
        case Wait() as wait if wait.problem and wait.problem.code == BATCH:
            return _waits((*closed, *(() if closed else (wait.problem,))))
    return _waits(closed) if closed else NONE


def _waits(problems: tuple[Problem, ...]) -> Text:
    return _("It then waits: {reason}").format(reason=joined("; ", [each.message for each in problems]))


def _decided(connection: str, row: Row, revision: int) -> tuple[Decision | None, tuple[Problem, ...]]:
    """What is said of the first step of a further revision before its room is asked, and by closed periods."""
    books = contexts.books_of(frappe.get_doc("Xero Connection", connection))
    former, facts = as_step(row), Facts()
    named = (former.who.doctype, former.who.name)
    gather.load(books, DOCUMENT.of([named]), facts)
    doc = facts.get(DOCUMENT, named)
    if doc is None:
        return None, ()
    one = replace(former, role=role(first_role(doc)), revision=revision, state="Pending", late_for=(), undo_run="")
    for _wave in range(deciding.WAVES):
        needs = readiness.needs(one, doc, facts, books)
        if not facts.missing(needs):
            break
        gather.load(books, needs, facts)
    return readiness.before(one, doc, facts, books), closed_periods.against(one, doc, books)
