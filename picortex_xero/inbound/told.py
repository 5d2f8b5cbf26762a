"""Events that Xero has told of, and the lists that are read for them: which say nothing new, which are done with, and which records are read by their ids."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import frappe

from ..documents.picture import seen_as_of
from ..documents.step import link
from ..engine import links, reading
from ..engine.contexts import Context
from ..engine.isolation import read_alone
from ..engine.leases import Lease
from . import coming_back, cursors, pages, received, unjudged

# So many records that Xero told of and no list showed are read one by one in a run.
MOST_ALONE = 20
# So long after a record was changed an event of it is of the same change: whether Xero gives both the same time is not documented. What a person changes in that
# time is read in the list's turn.
ECHO = timedelta(seconds=2)


def not_our_own(context: Context, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events but those of what our own requests made: the link has seen the record as it was then, or later. Commits."""
    rows = links.by_records(context.connection, sorted({each["xero_id"] for each in events})) if events else []
    seen = {(str(row["xero_id"]).casefold(), row["endpoint"]): at for row in rows if (at := seen_as_of(link(row)))}

    def known(event: dict[str, Any]) -> bool:
        lists = received.LISTS.get(event["category"], ())
        at, ours = received.happened(event), seen.get((event["xero_id"], lists[0])) if lists else None
        return at is not None and ours is not None and at <= ours + ECHO

    own = {each["name"] for each in events if known(each)}
    received.close(own, received.NOT_NEEDED)
    frappe.db.commit()
    return [each for each in events if each["name"] not in own]


def close(context: Context, lease: Lease, events: list[dict[str, Any]], shown: dict[str, set[str]]) -> None:
    """Close the events whose lists were read since they came. A record that its list did not show then is read by its id: lists lag behind. Commits."""
    read = {endpoint: each.read for endpoint, each in cursors.load(context.connection).items() if not each.misses}
    used = coming_back.used(context.connection, sorted(received.lists(events)))
    done: list[str] = []
    unneeded: list[str] = []
    alone: dict[str, dict[str, list[str]]] = {}
    for event in events:
        lists = [endpoint for endpoint in received.LISTS.get(event["category"], ()) if endpoint in used]
        if not lists:
            unneeded.append(event["name"])
        elif all(read.get(endpoint, "") > event["received_at"].isoformat() for endpoint in lists):
            own = received.LISTS[event["category"]][0]
            if own not in lists or event["xero_id"] in shown.get(own, ()):
                done.append(event["name"])
            else:
                alone.setdefault(own, {}).setdefault(event["xero_id"], []).append(event["name"])
    received.close(unneeded, received.NOT_NEEDED)
    received.close(done)
    frappe.db.commit()
    for endpoint, records in alone.items():
        _read_alone(context, lease, endpoint, records)


def _read_alone(context: Context, lease: Lease, endpoint: str, records: dict[str, list[str]]) -> None:
    """Read so many records by their ids as one run may, with the names of their events; the next run goes on. One that Xero does not show is tried again in
    each turn of its list (`Cursor.failed`)."""
    cursor = cursors.load(context.connection).get(endpoint) or cursors.first(context)
    for xero_id in list(records)[:MOST_ALONE]:
        there, found = read_alone(context, lease, partial(reading.one, context, lease, endpoint, xero_id))
        if not there:
            unjudged.note(context, cursor, xero_id, unjudged.unseen(context, endpoint, xero_id))
        elif found is not None:
            pages.judge_page(context, lease, endpoint, [found], cursor)
        cursors.keep(context.connection, endpoint, cursor)
        received.close(records[xero_id])
        frappe.db.commit()
