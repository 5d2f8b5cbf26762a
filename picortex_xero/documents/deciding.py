"""Deciding about one step of a document that is there, whoever asks: the engine, which writes the decision down, or a preview, which does not."""

from __future__ import annotations

from . import readiness
from .agreement import compare_again
from .base import Action, Books, Doc, Plan
from .decisions import Decision
from .needs import Facts, Needs
from .step import Step

# How often rooms may say what else they need, once they see what they asked for first.
WAVES = 2


def needs(step: Step, doc: Doc | None, action: Action, facts: Facts, books: Books) -> Needs:
    """What has to be known of a step: what every step needs, and where its document is there, what its room wants to know."""
    found = readiness.needs(step, doc)
    return found | action.needs(step, doc, facts, books) if doc else found


def decide(step: Step, doc: Doc, action: Action, facts: Facts, books: Books) -> Plan | Decision:
    """What becomes of a step as far as the host and the outbox tell: decided already, or planned up to what Xero shows."""
    if early := readiness.before(step, doc, facts, books):
        return early
    if action.again and (link := readiness.again(step, facts)):
        return compare_again(step, doc, link)
    return action.plan(step, doc, facts, books)
