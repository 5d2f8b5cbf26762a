"""After a gap (engine/heartbeat): read once what Xero's lists show since then, before anything is created.

Where nothing is found that this database should know, sending goes on and nobody is asked. Records with this site's mark that belong to
nothing here mean that the site was put back from a backup, or that a copy of it sends as well. Then the connection pauses and the records
are listed. Once a person has said that this site may send, all records of those lists that belong to nothing are kept; whatever waits is
compared with them before it goes (engine/sent_before), so that what is there is linked and the rest goes once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..accounting.texts import _, joined
from ..attention import notifications
from ..connection import pauses
from ..documents.base import Shown
from ..xero.records.registry import MADE_AT
from . import heartbeat, limits, outbox, reading, second_records, unlinked, unlinked_records
from .clock import now
from .contexts import Context
from .isolation import is_of_the_connection
from .leases import Lease
from .unlinked import Unlinked
from .unlinked_records import ASK, CONFIRMED, FOUND

STATE = heartbeat.STATE
# So many records that only name documents, and look like what waits, mean as much as one with our mark.
ENOUGH_NAMED = 2
# A list that Xero does not show is asked for again after so long; what would appear in it waits.
LOOK_AGAIN = timedelta(minutes=15)
NAMES_SAID = 5
# Nobody puts back a backup that is older; what was sent after it was entered in Xero since then, whatever its date.
OLDEST_BACKUP = timedelta(days=92)
# Since when documents go to Xero, while those from before Go Live are still searched for.
FIRST = "first"


def may_create(context: Context, lease: Lease) -> bool:
    """Whether this run may create records in Xero; before, after a gap, Xero's lists are compared, one call for each. What the context
    must not create because its list cannot be read is noted there (`unread`). Commits. Raises reading.Interrupted, send.LeaseLost."""
    since = heartbeat.compare_since(context.connection)
    if since is None:
        return True
    stands = _stands(context.connection)
    if stands.get("since") != str(since):
        # Lists that were read since a later time have to be read again.
        stands = {name: value for name, value in stands.items() if name not in ("unread", "again")} | {"since": str(since)}
    confirmed, unread = bool(stands.get("confirmed")), list(stands.get("unread") or MADE_AT)
    if str(now()) < str(stands.get("again") or "") <= str(now() + LOOK_AGAIN):
        context.unread = frozenset(unread)
        return True
    context.unread = frozenset()
    for at, endpoint in enumerate(unread):
        try:
            shown = _listed(context, lease, endpoint, since)
        except reading.Interrupted as found:
            frappe.db.rollback()
            if is_of_the_connection(context, lease, found):
                # What was read is done: the next run goes on from here.
                _note(context.connection, {**stands, "unread": [*context.unread, *unread[at:]]})
                frappe.db.commit()
                raise
            context.unread |= {endpoint}
            continue
        of_it = unlinked.among(context.connection, context.instance, endpoint, shown.elements)
        of_it, doubled = second_records.tell(context, lease, of_it)
        if doubled:
            return False
        # Of the months since Go Live, not of a gap, people's own records are not kept.
        kept = _known(of_it, confirmed and FIRST not in stands)
        unlinked_records.keep(context.connection, context.company, kept, CONFIRMED if confirmed else FOUND)
        frappe.db.commit()
    if not confirmed and pause_if_needed(context.connection):
        return False
    _done(context, since, stands)
    return True


def at_first_go_live(connection: str, date: Any) -> None:
    """A connection goes live for the first time, from this date on: perhaps this site was put back to before it was made, or installed anew.
    So what Xero's lists show of its documents is compared, too. Part of the caller's transaction."""
    compare_until_searched(
        connection, max(datetime.fromisoformat(f"{str(date)[:10]}T00:00:00") - heartbeat.CLOCK_WAS_AHEAD, now() - OLDEST_BACKUP)
    )


def compare_until_searched(connection: str, since: datetime) -> None:
    """Have Xero's lists compared since then, and again with the steps that the search for documents without one adds. Part of the caller's transaction."""
    heartbeat.ask_for_comparison(connection, since)
    _note(connection, {**_stands(connection), FIRST: str(since)})


def before_the_first_search(connection: str, done: bool = False) -> None:
    """The search after Go Live adds steps for documents from before: they are compared as well, by their names, however many searches that
    takes (`done`: this was the last one). Part of the caller's transaction."""
    stands = _stands(connection)
    if since := stands.get(FIRST):
        if done:
            _note(connection, {name: value for name, value in stands.items() if name != FIRST})
        else:
            heartbeat.ask_for_comparison(connection, datetime.fromisoformat(since))


def report(connection: str, company: str, found: Unlinked) -> bool:
    """For whoever has read a list while the site is alive: keep what `unlinked.among` found there, and pause the connection where it means
    a copy or a restore. Returns whether it was paused. Commits."""
    unlinked_records.keep(connection, company, _known(found, False), FOUND)
    frappe.db.commit()
    paused = pause_if_needed(connection)
    if paused:
        heartbeat.ask_for_comparison(connection, now() - heartbeat.CLOCK_WAS_AHEAD)
        frappe.db.commit()
    return paused


def pause_if_needed(connection: str) -> bool:
    """Pause the connection where the records found mean that the site was put back or copied. The others of them, which only name a
    document, are left to a person with that document. Commits."""
    found = unlinked_records.of(connection, FOUND)
    marked = [each for each in found if each["bears"] == unlinked_records.MARK]
    alike = [each for each in found if each["bears"] == unlinked_records.NAME and each["alike"]]
    if not marked and len(alike) < ENOUGH_NAMED:
        unlinked_records.move(found, ASK)
        frappe.db.commit()
        return False
    proof = marked or alike
    names = list(dict.fromkeys(each["document"] or each["number"] or each["xero_id"] for each in proof))
    listed = joined(", ", names[:NAMES_SAID])
    count, more = len(proof), len(names) - NAMES_SAID
    if marked:
        what = _("Xero has {count} records with the mark of this site that nothing here is linked to ({names})")
        some = _("Xero has {count} records with the mark of this site that nothing here is linked to ({names} and {more} more)")
    else:
        what = _("Xero has {count} records that name documents which wait to be sent, and look like them ({names})")
        some = _("Xero has {count} records that name documents which wait to be sent, and look like them ({names} and {more} more)")
    said = some.format(count=count, names=listed, more=more) if more > 0 else what.format(count=count, names=listed)
    cure = _(
        "Either this site was put back from a backup, or a copy of it sends as well. If another copy sends, stop that one. On the site that is to go on, look at the list below and press Resume: what Xero has already is linked to its document, and only the rest is sent"
    )
    limits.pause(connection, said, cure, pauses.PUT_BACK)
    return True


def confirm(connection: str) -> None:
    """A person says that this site may send, and that the records found belong to its documents. Part of the caller's transaction."""
    if unlinked_records.of(connection, FOUND):
        _note(connection, {**_first(connection), "confirmed": True})


def waits_for_a_person(connection: str) -> bool:
    """Whether records were found that a person has not yet confirmed as this site's."""
    return bool(unlinked_records.of(connection, FOUND)) and not _stands(connection).get("confirmed")


def last_compared(connection: str) -> str:
    """When (in the site's time) the lists were last compared; "" for never."""
    return str(_stands(connection).get("compared_at") or "")


def _known(found: Unlinked, confirmed: bool) -> Unlinked:
    """What is kept: once a person has confirmed, every record that belongs to nothing, since a mark may have been lost; before, those that
    bear a mark or a name."""
    return found if confirmed else Unlinked(found.endpoint, found.marked, found.named)


def _listed(context: Context, lease: Lease, endpoint: str, since: datetime) -> Shown:
    """What a list shows since then, by Xero's own clock once an answer has told it."""
    kind = MADE_AT[endpoint][0].made_by

    def read(moment: datetime) -> Shown:
        return reading.listing(context, lease, endpoint, kind.listing, kind.paged, moment.strftime(reading.ISO))

    asked = since + min(context.xero_ahead or timedelta(), timedelta())
    shown = read(asked)
    known = since + min(context.xero_ahead or timedelta(), timedelta())
    return read(known) if asked - known > heartbeat.CLOCKS else shown


def _done(context: Context, since: datetime, stands: dict[str, Any]) -> None:
    """Note what was compared, and which lists are still to be read."""
    if context.unread:
        _note(context.connection, {**stands, "unread": sorted(context.unread), "again": str(now() + LOOK_AGAIN)})
        _tell(context.connection, context.unread)
    else:
        notifications.over(context.connection, "cannot-compare")
        heartbeat.compared(context.connection, since)
        unlinked_records.move(unlinked_records.of(context.connection, FOUND), CONFIRMED)
        if stands.get("confirmed"):
            outbox.look_for_extras_first(context.connection)
        _note(context.connection, {**_first(context.connection), "compared_at": str(now_datetime())})
    frappe.db.commit()


def _tell(connection: str, unread: Iterable[str]) -> None:
    what = _("After a pause of this site, Xero does not show its lists of {names}; what would be created there waits")
    notifications.tell_once(
        connection,
        "cannot-compare",
        what.format(names=", ".join(sorted(unread))),
        _(
            "Nothing is left to do here: the lists are asked for again every quarter of an hour. If this lasts for a day, ask Xero's support"
        ),
    )


def _stands(connection: str) -> dict[str, Any]:
    return dict(json.loads(frappe.db.get_value(STATE, connection, "comparison") or "{}"))


def _first(connection: str) -> dict[str, Any]:
    """What is kept until the first search after Go Live is through."""
    return {name: value for name, value in _stands(connection).items() if name == FIRST}


def _note(connection: str, stands: dict[str, Any]) -> None:
    frappe.db.set_value(STATE, connection, {"comparison": json.dumps(stands) if stands else ""}, update_modified=False)
