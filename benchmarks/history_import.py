"""An import of history in simulated time, disturbed four times: somebody pauses it, a worker dies with answers in its hands, tokens run out, and the accountant moves
the lock date and moves it back."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from benchmarks.history_books import Record
from sandbox.rig import Rig

DISTURBANCES = ("pause", "kill", "token", "lock")
RUN = "Xero History Run"
UNFINISHED = ("Held", "Needs Attention", "Pending", "Sending", "Unknown")
HALF_AN_HOUR, PAUSED = 1800, 3 * 3600
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class Broken(Exception):
    """What was promised did not hold."""


class Died(BaseException):
    """The worker's process is gone, with answers of Xero in its hands."""


@dataclass
class Seen:
    """What happened in Xero: calls by their status, and by method and path without ids."""

    last: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    paths: Counter[str] = field(default_factory=Counter)

    def look(self, rig: Rig) -> None:
        """Count what came since the last look."""
        calls = rig.xero.brief_calls(self.last)
        if calls:
            self.last = calls[-1]["number"]
            asked = [each for each in calls if each["path"].startswith("/api.xro/")]
            self.statuses.update(each["status"] for each in asked)
            self.paths.update(f"{each['method']} {_ID.sub('...', each['path'].removeprefix('/api.xro/2.0/'))}" for each in asked)


class Clock:
    """Simulated time at one connection: minutes pass as the scheduler's job would run, and hours as fast as nothing is to do."""

    def __init__(self, rig: Rig, seen: Seen) -> None:
        self.rig, self.seen = rig, seen
        self._buried: Callable[[], None] = lambda: None

    def minute(self, doctype: str, name: str) -> tuple[Record, bool]:
        """Let the jobs of one minute work, and one slice of this work after them: its row, and whether anything could be sent."""
        from picortex_xero.engine import jobs, limits, lists_search, run, slices

        with self.rig.frappe() as frappe, patch.object(frappe, "enqueue", lambda *_given, **_named: None):
            jobs.sweep()
            for each in slices.due():
                jobs.go_on(*each)
            busy = bool(not limits.resting(self.rig.connection) and run.next_due(self.rig.connection))
            if busy:
                try:
                    jobs.dispatch(self.rig.connection)
                except Died:
                    frappe.db.rollback()
                    self._buried()
                jobs.go_on(doctype, name)
            else:
                # As the hourly job does: what waits for a lock is looked at.
                lists_search.look(self.rig.connection)
            row = dict(frappe.get_all(doctype, filters={"name": name}, fields=["*"])[0])
            frappe.db.commit()
        self.seen.look(self.rig)
        return row, busy

    def on(self, busy: bool) -> None:
        """Let the next minute come, or where nothing could be sent the next half hour."""
        if busy:
            self.rig.advance(61)
        else:
            self.rest(HALF_AN_HOUR)

    def rest(self, seconds: int) -> None:
        """Let time pass in which nothing can go, and the site only shows that it lives: after a gap Xero's lists would be compared first."""
        self.rig.advance(seconds)
        with self.rig.frappe() as frappe:
            from picortex_xero.engine import clock

            clock.synchronise()
            frappe.db.set_value("Xero Connection State", self.rig.connection, "alive_at", clock.now(), update_modified=False)
            frappe.db.commit()

    def kill_after_next(self) -> None:
        """The next request that is answered is the last one of its worker: nothing of the answer is written down, no lease given up."""
        from picortex_xero.engine import run as sending
        from picortex_xero.engine import send

        real, ending = send.deliver, sending._in_spite_of_races

        def dies(*given: Any) -> Any:
            real(*given)
            send.deliver, sending._in_spite_of_races = real, lambda ending: None
            raise Died

        send.deliver = dies  # type: ignore[assignment]
        self._buried = lambda: setattr(sending, "_in_spite_of_races", ending)


class Import:
    """One import."""

    def __init__(self, clock: Clock, run: str, told: Callable[[str], None]) -> None:
        self.clock, self.rig, self.run, self._told = clock, clock.rig, run, told
        self._locked = False
        self.done: set[str] = set()

    def through(self, disturbed: bool = True) -> Record:
        """Run it to its end, with what happens meanwhile; its last row. Raises Broken where something of that never happened."""
        told = time.monotonic()
        while True:
            row, busy = self.clock.minute(RUN, self.run)
            if time.monotonic() - told > 60:
                told = time.monotonic()
                self._told(
                    f"{row['in_xero']} of {row['documents']} in Xero, {row['held']} held, {row['calls']} requests, {row['reason'] or ''}"
                )
            if disturbed:
                self._disturb(row, row["in_xero"] / max(1, row["documents"]))
            if row["state"] == "Done" and not self._locked and not self._left():
                break
            self.clock.on(busy)
        missing = set(DISTURBANCES) - self.done if disturbed else set()
        if missing:
            raise Broken(f"{', '.join(sorted(missing))} never happened")
        return row

    def _left(self) -> bool:
        """Whether a document still waits, such as for a period that was locked: it goes once that is opened, also after the import is through."""
        return any(self.rig.steps(history_run=self.run, state=state) for state in UNFINISHED)

    def _first(self, what: str) -> bool:
        first = what not in self.done
        self.done.add(what)
        return first

    def _disturb(self, row: Record, share: float) -> None:
        if share > 0.2 and self._first("pause"):
            self._pause()
        if share > 0.4 and self._first("kill"):
            self.clock.kill_after_next()
        if share > 0.5 and self._first("token"):
            with self.rig.frappe() as frappe:
                # Nobody has asked for a while: the access token is over by Xero's clock and by ours.
                frappe.db.sql("UPDATE `tabXero Authorisation` SET `access_expires_at`='2020-01-01 00:00:00'")
                frappe.db.commit()
        if share > 0.6 and self._first("lock"):
            self._locked = True
            self.rig.xero.person("set_lock_dates", period=str(_day_of(row) + timedelta(days=2)))
        if self._locked and (share > 0.7 or row["state"] == "Done"):
            self._locked = False
            self.rig.xero.person("set_lock_dates", period=None)

    def _pause(self) -> None:
        from picortex_xero.engine import history

        with self.rig.frappe() as frappe:
            if not history.pause(self.run):
                raise Broken("it was over before anything happened to it")
            frappe.db.commit()
        self.clock.rest(PAUSED)
        with self.rig.frappe() as frappe:
            if not history.resume(self.run):
                raise Broken("it was not paused any more")
            frappe.db.commit()


def _day_of(row: Record) -> date:
    return date.fromisoformat(str(row["position"]).split('"')[1])
