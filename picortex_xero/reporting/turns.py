"""Reading reports in their turn, and when a person presses. Of several that would read a connection's reports at once one does."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date, timedelta

import frappe
from frappe.utils import getdate, nowdate

from ..compat import affected_rows
from ..engine.clock import now
from ..reports import pace, wanted
from ..reports.asked import Asked
from ..reports.kinds import ALL, BUDGET, Kind
from . import reading, snapshots, standing
from .failing import Failure

STATE = "Xero Connection State"
BUSY = "reports_busy_until"
# One that reads is done by then, or was stopped.
LONGEST = timedelta(minutes=10)
# Months of a year ago are read again once a day.
FORMER = timedelta(hours=24)


def go_on(connection: str, stop: float) -> None:
    """Read the reports whose turn it is, as far as the time (`time.monotonic`) goes. Commits."""
    kinds = standing.due(connection)
    if not kinds or not _take(connection):
        return
    try:
        for kind in kinds:
            if time.monotonic() > stop:
                break
            read(connection, kind)
    finally:
        _give_back(connection)


def read(connection: str, kind: Kind, pressed: bool = False) -> Failure | None:
    """Read one report as it comes, and note why not; `pressed`: by a person, for whom the last requests of the day are spent, too. Commits."""
    today = getdate(nowdate())
    begins = reading.year_begins(connection, today) if kind == BUDGET else today
    if isinstance(begins, date):
        failure = _read(connection, kind, _parts(connection, kind, today, begins), pressed)
    else:
        failure = begins
    standing.note(connection, kind, failure)
    frappe.db.commit()
    return failure


def _parts(connection: str, kind: Kind, today: date, begins: date) -> list[Asked]:
    """What is asked for now: the latest months always, those before them where they were not read within a day."""
    first, *former = wanted.parts(kind, today, begins)
    known = ((each, snapshots.read_at(connection, each)) for each in former)
    return [first, *(each for each, at in known if at is None or not timedelta() <= now() - at < FORMER)]


def _read(connection: str, kind: Kind, parts: list[Asked], pressed: bool = False) -> Failure | None:
    return standing.hindered(connection, kind, pressed, len(parts)) or reading.read(connection, parts)


class Busy(Exception):
    """Another one reads the reports of this connection right now."""


def press(connection: str, kind: Kind, days: Iterable[Asked] = ()) -> Failure | None:
    """A person wants a report read now, or certain days of it; why it was not. Read within the last minute it is not read again. Raises Busy. Commits."""
    asked = list(days)
    fresh = [snapshots.read_at(connection, each) for each in asked] or [snapshots.last_read(connection).get(kind.name)]
    if all(each and timedelta() <= now() - each < pace.PRESSED for each in fresh):
        return None
    if not _take(connection):
        raise Busy
    try:
        if not asked:
            return standing.hindered(connection, kind, True) or read(connection, kind, True)
        failure = _read(connection, kind, asked, True)
        if failure:
            standing.note(connection, kind, failure)
        frappe.db.commit()
        return failure
    finally:
        _give_back(connection)


def all_out_of_turn(connection: str, stop: float) -> None:
    """Read all reports now, because a person has pressed; those of the last minute are not read again. Commits."""
    if not _take(connection):
        return
    try:
        known = snapshots.last_read(connection)
        for kind in ALL.values():
            at = known.get(kind.name)
            if time.monotonic() <= stop and not (at and timedelta() <= now() - at < pace.PRESSED):
                if not standing.hindered(connection, kind, True):
                    read(connection, kind, True)
    finally:
        _give_back(connection)


def _take(connection: str) -> bool:
    """Whether this one reads now. Commits."""
    frappe.db.commit()
    known = {"name": connection, "now": now(), "ahead": now() + LONGEST, "until": now() + LONGEST}
    frappe.db.sql(
        f"UPDATE `tab{STATE}` SET `{BUSY}`=%(until)s WHERE `name`=%(name)s AND (`{BUSY}` IS NULL OR `{BUSY}`<=%(now)s OR `{BUSY}`>%(ahead)s)",
        known,
    )
    taken = affected_rows() == 1
    frappe.db.commit()
    return taken


def _give_back(connection: str) -> None:
    frappe.db.rollback()
    frappe.db.set_value(STATE, connection, BUSY, None, update_modified=False)
    frappe.db.commit()
