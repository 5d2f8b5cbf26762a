"""What follows an answer: it is recorded, and what it leaves open is looked up in Xero."""

from __future__ import annotations

from ..xero import answers
from . import existing, merged_contacts, probe, record
from .attempts import Attempt
from .contexts import Context
from .isolation import look_alone, look_alone_or_later
from .leases import Lease


def record_and_follow_up(context: Context, lease: Lease, attempt: Attempt, answer: answers.Answer) -> None:
    """Record one answer, then look up the records that Xero says exist already. Commits."""
    exists = record.record(context, attempt, answer)
    if exists:
        look_alone_or_later(context, lease, attempt, lambda: existing.look_up(context, lease, attempt, exists))
    if attempt.elsewhere:
        look_alone(context, lease, attempt, lambda: merged_contacts.recognise(context, lease, attempt))
    if record.removed_allocation(attempt, answer):
        look_alone_or_later(context, lease, attempt, lambda: probe.look_in_lists(context, lease, attempt))
