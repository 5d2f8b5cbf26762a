"""What follows an answer: it is recorded, and what it leaves open is looked up in Xero."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from ..xero import answers
from ..xero.records.base import EXACT
from ..xero.records.registry import object_at
from . import existing, merged_contacts, outbox, probe, protocol, reading, record
from .attempts import Attempt
from .close import LINES_NOT_SHOWN, close, keep_lines
from .contexts import Context
from .isolation import is_of_the_connection, look_alone, look_alone_or_later
from .leases import Lease
from .members import Member


def record_and_follow_up(context: Context, lease: Lease, answered: Iterable[tuple[Attempt, answers.Answer]]) -> None:
    """Record these answers, then look up what they leave open: whatever a look meets, no answer is lost by it. Commits."""
    recorded = [(attempt, answer, record.record(context, attempt, answer)) for attempt, answer in answered]
    for attempt, answer, exists in recorded:
        _follow_up(context, lease, attempt, answer, exists)


def _follow_up(context: Context, lease: Lease, attempt: Attempt, answer: answers.Answer, exists: list[Member]) -> None:
    """Look up the records that Xero says exist already (`exists`), and what else one answer leaves open. Commits."""
    if exists:
        look_alone_or_later(context, lease, attempt, lambda: existing.look_up(context, lease, attempt, exists))
    if attempt.elsewhere:
        look_alone(context, lease, attempt, lambda: merged_contacts.recognise(context, lease, attempt))
    if record.removed_allocation(attempt, answer):
        look_alone_or_later(context, lease, attempt, lambda: probe.look_in_lists(context, lease, attempt))
    look_at_unshown(context, lease)


def look_at_unshown(context: Context, lease: Lease) -> None:
    """Read once, by their ids, the records that Xero answered or listed without their lines, and compare them. What still shows none stays
    in Xero with a warning that says so. Commits. Raises send.LeaseLost, and reading.Interrupted where nothing goes through."""
    while context.unshown:
        one = context.unshown.pop()
        try:
            query = f"?{EXACT}" if object_at(one.endpoint).read_exactly else ""
            element = reading.one(context, lease, one.endpoint, one.xero_id, query)
        except reading.Interrupted as interrupted:
            frappe.db.rollback()
            if is_of_the_connection(context, lease, interrupted):
                raise
            continue
        row = outbox.get(name=one.member["entry"])
        if element and row and row["state"] == protocol.SYNCED and row["reason_code"] == LINES_NOT_SHOWN:
            problem = close(context, row, one.member, element)
            if problem is None:
                keep_lines(context, outbox.identity(row), one.member, "")
        frappe.db.commit()
