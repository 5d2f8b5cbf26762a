"""What former runs left open, after a crash, a time-out, or an answer that did not tell; only then is anything sent again.

In the first five minutes the same bytes are sent under the same Idempotency-Key. Later Xero's own lists are read (engine/probe). No unclear
request keeps others from being sent."""

from __future__ import annotations

import frappe

from ..xero import client
from . import attempts, limits, outbox, probe, send
from .answered import look_at_unshown, record_and_follow_up
from .attempts import Attempt
from .contexts import Context
from .isolation import look_alone_or_later
from .leases import Lease
from .members import give_back


def orphans(lease: Lease, ending: bool = False) -> None:
    """Make due again what was claimed but never sealed, and so never sent: at the start of a run by former holders of the lease, at its end
    (`ending`) also by this one. Commits."""
    newest = lease.epoch if ending else lease.epoch - 1
    for row in outbox.in_flight(lease.connection):
        if row["state"] == "Sending" and not row["attempt"] and int(row["epoch"] or 0) <= newest:
            outbox.move(row, "release")
    frappe.db.commit()


def unresolved(context: Context, lease: Lease) -> None:
    """Settle the attempts of which it is not known what became of them. Commits. Raises reading.Interrupted, send.LeaseLost."""
    waiting = attempts.unresolved(context.connection)
    # No more at once than are sent at the same time: the lease that `deliver` renews must outlast every one of them.
    for start in range(0, len(waiting), client.IN_FLIGHT):
        if not limits.may_send(context.connection):
            return
        some = waiting[start : start + client.IN_FLIGHT]
        for attempt in some:
            if attempt.never_sent:
                give_up(attempt)
        sent = [attempt for attempt in some if not attempt.never_sent]
        replays = [attempt for attempt in sent if attempt.may_replay]
        record_and_follow_up(context, lease, zip(replays, send.deliver(context, lease, replays)))
        for attempt in sent:
            if attempt not in replays:
                look_alone_or_later(context, lease, attempt, lambda attempt=attempt: probe.look_in_lists(context, lease, attempt))
        look_at_unshown(context, lease)


def give_up(attempt: Attempt) -> None:
    """Nothing of it has left: its worker died or lost the lease before, or Xero's minute has no room for it. Its members are due again. Commits."""
    for member in attempt.members:
        give_back(attempt, member)
    attempt.resolve("unsent")
    frappe.db.commit()
