"""Decides about one step of an existing document. The engine writes the decision down; a preview only shows it."""

from __future__ import annotations

from dataclasses import replace

from . import closed_periods, money, readiness
from .base import Action, Books, Doc, Plan
from .cash_summary import counted
from .compare_linked import compare_again
from .decisions import Decision, done
from .needs import Facts, Needs
from .rules.kinds import kind_of
from .step import Step
from .still_in_xero import at_once

# How often needs are asked at most: each time with the facts of the times before. Only a refund that was matched with a return needs a third time.
WAVES = 3


def needs(step: Step, doc: Doc | None, action: Action, facts: Facts, books: Books) -> Needs:
    """The facts to load for a step: those of every step, and while its document exists, those of its room."""
    found = readiness.needs(step, doc, facts, books)
    return found | action.needs(step, doc, facts, books) if doc else found


def books_for(doc: Doc, books: Books) -> Books:
    """The books as they hold for one document: the status that was chosen for its kind takes the place of the connection's."""
    if not books.rules.settings or not (status := books.rules.setting(kind_of(doc)).status):
        return books
    return replace(books, mapping=replace(books.mapping, target_status=status))


def decide(step: Step, doc: Doc, action: Action, facts: Facts, books: Books) -> Plan | Decision:
    """What the facts of ERPNext and the outbox say of a step: a decision, or a plan that still has to see Xero."""
    books = books_for(doc, books)
    early = readiness.before(step, doc, facts, books)
    against = closed_periods.against(step, doc, books)
    if early and not (against and closed_periods.waits_for_batch(early)):
        return early
    books = closed_periods.without_changes(step, doc, books)
    link = readiness.linked(step, facts)
    if link and (not action.compares_itself or (step.tries and link.sent)):
        # In Xero already: nothing is sent a second time. A person's Retry compares it, line by line where it differed; so is what is known as removed, which may be
        # the record of a draft that was submitted all the same.
        return compare_again(step, doc, link) if step.tries or not link.live else done()
    planned = at_once(action.plan(step, doc, facts, books), books)
    if waits := closed_periods.held(against, step, planned):
        return waits
    decided = early or money.until_released(step, planned, facts, books)
    return counted.keeps_back(step, doc, decided, facts, books) or decided
