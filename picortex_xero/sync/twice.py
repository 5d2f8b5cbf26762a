"""The search for documents that Xero has twice: what no fence could stop (sync.doubles).

That can only happen to requests whose answer was not clear at once, so that only their kinds' lists are read, for a day after each of them
(`Attempt.watch_until`).
"""

from __future__ import annotations

import frappe

from ..core import echo, records
from . import attempts, doubles, exchange, limits
from . import context as contexts
from . import lease as leases
from .attempts import Attempt
from .context import Context
from .lease import Lease
from .tokens import NotNow, ReconnectNeeded


def find(connection: str) -> int:
    """Look for documents that Xero has twice; returns how many there were. Commits."""
    watched = [attempt for attempt in attempts.watched(connection) if not (attempt.kind.undo or attempt.kind.extra or attempt.kind.revises)]
    context = contexts.load(connection) if watched else None
    if context is None or not limits.may_send(connection) or not limits.to_spare(connection):
        return 0
    lease = leases.acquire(connection)
    if lease is None:
        return 0
    try:
        context.renew_token()
        return sum(_look(context, lease, attempt) for attempt in watched)
    except (exchange.Interrupted, exchange.LeaseLost, NotNow, ReconnectNeeded):
        # The next hour asks again.
        return 0
    finally:
        frappe.db.rollback()
        lease.release()


def _look(context: Context, lease: Lease, attempt: Attempt) -> int:
    elements = exchange.records_since(context, lease, attempt)
    found = 0
    for member in attempt.members:
        own, _ = echo.listed(attempt.kind, member, elements)
        shown = [each for each in own if records.linked_id(each, attempt.kind.id_field)]
        if len(shown) > 1:
            found += doubles.say(context, attempt, member, shown)
    frappe.db.commit()
    return found
