"""Reads what changed in Xero since the last time, and lets it have its effect here: what waits for an approval goes on, what was voided,
deleted or changed by a person is told.

One call (more only where more than a page has changed) for each endpoint that documents here became records of, in its turn (pace.py). It is
part of a run (engine/run.py), under the run's lease: no request of ours is on its way meanwhile, what former runs left open was settled just
before, and what is woken goes in the same run. While calls are scarce (`limits.to_spare`) nothing is read: documents go first. What Xero has told of
(received.py) brings the turn of its list forward.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import frappe

from ..accounting.texts import _
from ..attention import notifications
from ..compat import let_pass
from ..engine import day_calls, limits, outbox, reading, settled
from ..engine.clock import now
from ..engine.contexts import Context
from ..engine.isolation import is_of_the_connection, read_alone
from ..engine.leases import Lease
from ..xero.records import xero_element
from ..xero.records.registry import object_at
from . import (
    changed,
    coming_back,
    cursors,
    full_pass,
    month_proposal,
    pace,
    pages,
    people_entries,
    people_payments,
    received,
    told,
    unjudged,
)
from .cursors import Cursor

Element = dict[str, Any]
# The next read begins so long before the last one, by Xero's clock.
OVERLAP = timedelta(minutes=5)
# So long one run reads at most; the next one goes on.
SECONDS = 60
# Turns in a row after which people are told that a list cannot be read.
MOST_MISSES = 3


def due(connection: str) -> bool:
    """Whether a run is wanted to read something."""
    if coming_back.is_due(connection) or changed.is_due(connection):
        return True
    return limits.to_spare(connection) and (
        any(_turns(connection, cursors.load(connection), received.waiting(connection))) or full_pass.due(connection)
    )


def _turns(connection: str, known: dict[str, Cursor], events: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """The endpoints to read now, and those of which reading begins now: the changes from now on will be read in their turn."""
    again = settled.to_read(connection)
    awaited = [endpoint for endpoint in pace.APPROVED if endpoint in again or outbox.awaits_any(connection, endpoint)]
    last, chosen = (
        cursors.last_reads(known),
        pace.chosen(frappe.db.get_value("Xero Connection", connection, list(pace.SETTINGS), as_dict=True) or {}),
    )
    turns = pace.due(last, awaited, now(), chosen)
    told_of = received.lists(events)
    told_of |= coming_back.read_soon(connection, last)
    if told_of:
        soon = pace.told(told_of, last, day_calls.READING.used(connection), now())
        turns = [endpoint for endpoint in chosen if endpoint in turns or endpoint in soon]
    if turns and day_calls.READING.used(connection) >= pace.USED_UP:
        turns = []
    new = [endpoint for endpoint in pace.PACE if endpoint not in known and endpoint not in turns]
    used = coming_back.used(connection, [*turns, *new])
    return [each for each in turns if each in used], [each for each in new if each in used]


def read(context: Context, lease: Lease) -> None:
    """Read every endpoint whose turn it is. A failure over one endpoint does not keep the others from theirs. Raises what concerns the whole
    connection: reading.Interrupted, send.LeaseLost, tokens.NotNow, tokens.ReconnectNeeded. Commits."""
    stop = time.monotonic() + SECONDS
    known = cursors.load(context.connection)
    events = told.not_our_own(context, received.waiting(context.connection))
    turns, new = _turns(context.connection, known, events)
    for endpoint in new:
        cursors.keep(context.connection, endpoint, cursors.first(context))
    if turns or new:
        full_pass.note(context.connection)
    frappe.db.commit()
    shown: dict[str, set[str]] = {}
    most = day_calls.READING.a_day(context.connection) * pace.USED_UP // 100 - day_calls.READING.spent(context.connection) if turns else 0
    with limits.counting() as made:

        def in_time() -> bool:
            return time.monotonic() <= stop

        def go_on() -> bool:
            return in_time() and made.calls < most and limits.to_spare(context.connection)

        try:
            for endpoint in turns:
                if not go_on():
                    break
                shown[endpoint] = set()
                _apart(context, lease, endpoint, known.get(endpoint) or cursors.first(context), go_on, shown[endpoint])
            if full_pass.due(context.connection):
                full_pass.read(context, lease, made, in_time)
            people_entries.decide_all(context)
            month_proposal.follow(context.connection)
            people_payments.read(context, lease)
            coming_back.decide_all(context, lease)
            changed.look(context, lease)
            if events:
                told.close(context, lease, events, shown)
        finally:
            # What was left half done when another worker took over, or the time was up, is not kept with the count.
            frappe.db.rollback()
            day_calls.READING.spend(context.connection, made.calls)
            frappe.db.commit()


def _apart(context: Context, lease: Lease, endpoint: str, cursor: Cursor, go_on: Callable[[], bool], shown: set[str]) -> None:
    cursor.read = now().isoformat()
    try:
        _read(context, lease, endpoint, cursor, go_on, shown)
        notifications.over(context.connection, f"reader:{endpoint}")
        frappe.db.commit()
        return
    except reading.Interrupted as interrupted:
        frappe.db.rollback()
        if is_of_the_connection(context, lease, interrupted):
            raise
    except Exception as error:
        let_pass(error)
        frappe.db.rollback()
    frappe.log_error(title=f"Xero: what changed in its {endpoint} could not be read"[:140])
    cursor.misses += 1
    if cursor.misses == MOST_MISSES:
        what = _("Xero does not show what changed in its {endpoint}: what people approve, void or change there is not noticed here")
        cure = _(
            "Nothing to do at once: it is asked again in each turn. If this lasts for a day, look at the Error Log and ask Xero's support"
        )
        notifications.tell_once(context.connection, f"reader:{endpoint}", what.format(endpoint=endpoint), cure)
    # Its next turn goes on from the last page; not every minute, since each try costs a call.
    cursors.keep(context.connection, endpoint, cursor)
    frappe.db.commit()


def _read(context: Context, lease: Lease, endpoint: str, cursor: Cursor, go_on: Callable[[], bool], shown: set[str]) -> None:
    """Read the pages of one endpoint, each judged and committed with the cursor behind it; into `shown` go the ids of its records, in lower case."""
    began, page = now(), 1
    _read_failed(context, lease, endpoint, cursor)
    cursor.begin(began + (context.xero_ahead or timedelta()))
    if cursor.since > (began + (context.xero_ahead or timedelta())).strftime(reading.ISO):
        # Written while a clock was ahead.
        cursor.since = cursors.first(context).since
    while True:
        elements, last = reading.changes(context, lease, endpoint, cursor.since, page)
        pages.judge_page(context, lease, endpoint, elements, cursor)
        shown |= {xero_element.linked_id(each, object_at(endpoint).id_field).casefold() for each in elements}
        if last:
            ahead = context.xero_ahead
            reached = began + ahead - OVERLAP if ahead is not None else began - cursors.FIRST
            cursor.since = max(cursor.since, reached.strftime(reading.ISO))
            settled.were_read(context.connection, endpoint, began)
        else:
            cursor.since, page = reading.next_page(elements, cursor.since, page)
        if not last and not go_on():
            # The next run goes on here, in a minute.
            cursor.read = (now() - pace.DAY).isoformat()
            last = True
        cursor.misses = 0
        cursors.keep(context.connection, endpoint, cursor)
        frappe.db.commit()
        if last:
            return


def _read_failed(context: Context, lease: Lease, endpoint: str, cursor: Cursor) -> None:
    """Read again, one by one, what could not be judged before: one that Xero does not show keeps nobody waiting."""
    for xero_id in list(cursor.failed):
        turns = cursor.failed[xero_id]
        if turns >= unjudged.MOST_TRIES and turns % unjudged.SELDOM:
            cursor.failed[xero_id] = turns + 1
            continue
        there, found = read_alone(context, lease, partial(reading.one, context, lease, endpoint, xero_id))
        if not there:
            unjudged.note(context, cursor, xero_id, unjudged.unseen(context, endpoint, xero_id))
        elif found is None:
            cursor.failed.pop(xero_id, None)
            notifications.over(context.connection, f"reader:{xero_id}")
        else:
            pages.judge_page(context, lease, endpoint, [found], cursor)
