"""Adds steps for notes in Xero's history, when a record was made or voided (note_plans.py decides about them)."""

from __future__ import annotations

import frappe

from ..documents.identity import Identity
from ..engine import history_steps, links, outbox
from ..engine.contexts import Context
from .note_plans import asked_for
from .note_texts import About


def entered(context: Context, who: Identity, role: str, sequence: int, endpoint: str, revision: int) -> None:
    """A document became a record at `endpoint`: add a step for the note that says where it came from. Part of the caller's transaction."""
    _add(context, who, About(role, sequence, cancelled=False), endpoint, revision)


def cancelled(context: Context, who: Identity, link: str) -> None:
    """The record of `link` was voided or deleted, as its document was cancelled: add a step for the note that says so. Part of the
    caller's transaction."""
    found = frappe.db.get_value(links.DOCTYPE, link, ["role", "sequence", "generation", "endpoint"], as_dict=True)
    if found:
        _add(context, who, About(found["role"], int(found["sequence"]), cancelled=True), found["endpoint"], int(found["generation"]))


def _add(context: Context, who: Identity, what: About, endpoint: str, revision: int) -> None:
    asked = asked_for(who, what, endpoint, revision, context.books)
    history = history_steps.history_of(context.connection, who) if asked else ""
    for ask in asked:
        outbox.add(context.connection, context.company, who, ask.role, kind=ask.kind, revision=revision, history_run=history)
