"""The hourly search for documents of which Xero has two records; engine/duplicates explains how that can happen.

Only a request whose answer was not clear at once can be affected. So only the lists of such requests are read, for a day after each
(`Attempt.watch_until`), and longer while nobody could look. One list serves all requests whose records it shows.
"""

from __future__ import annotations

import time

import frappe

from ..connection import settings
from ..connection.tokens import NotNow, ReconnectNeeded
from ..documents.base import Shown
from ..xero.records import matching, xero_element
from . import attempts, contexts, duplicates, leases, limits, reading, send
from .attempts import Attempt
from .contexts import Context
from .isolation import look_alone
from .leases import Lease

# For so long at most: nothing is sent while this search holds the lease. The next hour goes on.
SECONDS = 120


def find(connection: str, stop: float | None = None) -> int:
    """Look for documents of which Xero has two records, until `stop` (time.monotonic()); returns how many there were. Commits."""
    watched = [attempt for attempt in attempts.watched(connection) if not (attempt.kind.undo or attempt.kind.extra or attempt.kind.revises)]
    context = contexts.load(connection) if watched else None
    lease = leases.acquire(connection) if context and _may_look(connection) else None
    if context is None or lease is None:
        return 0
    found, latest = 0, time.monotonic() + SECONDS
    latest = latest if stop is None else min(stop, latest)
    try:
        context.renew_token()
        for together in _by_list(watched):
            if time.monotonic() > latest or not _may_look(connection):
                break
            found += _look(context, lease, together)
    except (reading.Interrupted, send.LeaseLost, NotNow, ReconnectNeeded):
        # Xero cannot be read now: the next hour tries again.
        frappe.db.rollback()
    finally:
        frappe.db.rollback()
        lease.release()
    return found


def _may_look(connection: str) -> bool:
    return limits.may_send(connection) and limits.to_spare(connection) and settings.is_this_site(connection)


def _by_list(watched: list[Attempt]) -> list[list[Attempt]]:
    """The requests grouped by the list that shows their records, the earliest first in each."""
    lists: dict[str, list[Attempt]] = {}
    for attempt in watched:
        lists.setdefault(attempt.endpoint if attempt.kind.nested else attempt.kind.name, []).append(attempt)
    return [sorted(together, key=lambda attempt: attempt.since) for together in lists.values()]


def _look(context: Context, lease: Lease, together: list[Attempt]) -> int:
    """Read one list and look for all of these requests in it; returns how many second records there were. A failure over one request does
    not keep the others from being looked at. Raises what concerns the whole connection."""
    found: list[int] = []

    def look() -> None:
        shown = reading.records_since(context, lease, together[0])
        for attempt in together:
            look_alone(context, lease, attempt, lambda attempt=attempt: found.append(_look_for(context, attempt, shown)))

    look_alone(context, lease, together[0], look)
    return sum(found)


def _look_for(context: Context, attempt: Attempt, shown: Shown) -> int:
    found = 0
    for member in attempt.members:
        own, gone_or_unlike = matching.listed(attempt.kind, member, shown.elements)
        of_it = [each for each in (*own, *gone_or_unlike) if xero_element.linked_id(each, attempt.kind.id_field)]
        if any(each in own for each in of_it):
            found += duplicates.say(context, attempt, member, of_it)
    if shown.complete:
        attempt.looked_at()
    frappe.db.commit()
    return found
