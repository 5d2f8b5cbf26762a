"""Xero's lists (accounts, tax rates, tracking options, currencies, locks) are read again before documents are sent: when they are older than
an hour, before the first send after a pause, and when an answer spoke against them. Five calls (six where item codes
are sent) at most once an hour, and only while something with lines goes. They count towards the minute's limit as all calls do: where they use it up, what was claimed waits for the next minute.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe

from ..accounting.texts import _
from ..attention import notifications
from ..connection import changed_in_xero, item_codes, xero_lists
from ..xero import answers
from ..xero.records.base import Kind
from ..xero.records.registry import BANK_TRANSACTION, CREDIT_NOTE, INVOICE, MANUAL_JOURNAL, OVERPAYMENT, PREPAYMENT
from . import limits, outbox, reading, right_organisation, tax_stops
from .clock import now
from .contexts import Context
from .isolation import is_of_the_connection
from .leases import Lease
from .planned_step import PlannedStep

GOOD_FOR = timedelta(hours=1)
ORGANISATION, ORGANISATIONS = "Organisation", "Organisations"
WITH_LINES = (INVOICE, CREDIT_NOTE, BANK_TRANSACTION, OVERPAYMENT, PREPAYMENT, MANUAL_JOURNAL)
UNREADABLE = "lists-unreadable"


def before_the_round(context: Context, lease: Lease) -> bool:
    """Read the lists where something speaks against them; whether the round may go on after that. Commits. Raises reading.Interrupted,
    send.LeaseLost."""
    if not context.lists_outdated:
        return True
    _read(context, lease)
    return limits.may_send(context.connection)


def before_sending(context: Context, lease: Lease, batches: list[list[PlannedStep]]) -> bool:
    """Whether what was claimed may go on. Where the lists are old and something with lines is to go, they are read; where that changed
    them, or used up the minute's calls, the claimed steps are given back, to be decided anew. Commits. Raises reading.Interrupted,
    send.LeaseLost."""
    old = context.lists_read_at is None or not timedelta() <= now() - context.lists_read_at < GOOD_FOR
    if not old or not any(_has_lines(batch[0].kind) for batch in batches):
        return True
    if not _read(context, lease) and limits.may_send(context.connection):
        return True
    for claimed in (each for batch in batches for each in batch):
        outbox.move(claimed.row, "release")
    frappe.db.commit()
    return False


def _has_lines(kind: Kind) -> bool:
    return kind.xero_object in WITH_LINES and not kind.undo


def _read(context: Context, lease: Lease) -> bool:
    """Read and store the lists; whether they changed. Where Xero answers everything but them, what is known stays in use and people are
    told."""
    before = item_codes.all_lists(context.connection) if context.lists_read_at else None
    paths = item_codes.paths(context.item_codes)
    try:
        # First and alone: where Xero refuses the organisation, or the minute's calls end with this one, the others are not made.
        received = reading.read(context, lease, [ORGANISATION])
        if not limits.may_send(context.connection):
            return False
        received += reading.read(context, lease, list(paths))
        lists = {endpoint: _listed(endpoint, answer) for endpoint, answer in zip((ORGANISATION, *paths), received)}
    except reading.Interrupted as interrupted:
        frappe.db.rollback()
        if is_of_the_connection(context, lease, interrupted):
            raise
        # Not again in this run.
        context.lists_read_at, context.lists_outdated = now(), False
        notifications.tell_once(
            context.connection,
            UNREADABLE,
            _("Xero does not show its {lists}; documents go by what it showed before").format(lists=interrupted.path),
            _("Press Refresh From Xero on the Xero Connection in an hour; if that fails, ask Xero's support"),
        )
        frappe.db.commit()
        return False
    for shown in lists[ORGANISATION]:
        right_organisation.check(context, shown)
    notifications.over(context.connection, UNREADABLE)
    xero_lists.keep(context.connection, lists, next(iter(lists[ORGANISATION]), {}))
    changed_in_xero.tell(context.connection)
    context.refresh()
    explained = context.mapping.now.changed.keys() & context.mapping.now.stopped.keys()
    if explained:
        tax_stops.lift(context.connection, explained)
        context.refresh()
    frappe.db.commit()
    return before != item_codes.all_lists(context.connection)


def _listed(endpoint: str, answer: dict[str, Any]) -> list[dict[str, Any]]:
    found = answer.get(ORGANISATIONS if endpoint == ORGANISATION else endpoint)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise reading.Interrupted(answers.Verdict(answers.PROBE), endpoint)
    return found
