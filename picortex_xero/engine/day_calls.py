"""How many of a day's calls one purpose may use, and has used: counted by ten minutes on the connection's state row, so that no 24 hours have more of them,
whenever Xero's day begins."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import frappe

from . import limits
from .clock import now

# Of a hundred calls of the day: for reading what changed, for reports, for sending.
POLLS, REPORTS, SENDING = 35, 20, 45
WRITTEN = "%Y-%m-%dT%H:%M"
TEN_MINUTES = timedelta(minutes=10)


@dataclass(frozen=True)
class Purpose:
    """`field`: where the calls are counted; `share`: of a hundred calls of the day, how many are for this."""

    field: str
    share: int

    def a_day(self, connection: str) -> int:
        """How many calls this may make within 24 hours."""
        return limits.day_limit(connection) * self.share // 100

    def used(self, connection: str) -> int:
        """How much of that is used up, in hundredths."""
        return self.spent(connection) * 100 // max(1, self.a_day(connection))

    def spent(self, connection: str) -> int:
        """How many calls it made within the last 24 hours."""
        return sum(self.parts(connection).values())

    def spend(self, connection: str, calls: int) -> None:
        """Count calls that were made. Part of the caller's transaction, under the connection's lease; reports, of which people start some, go without it, and of two that are
        counted in one moment one may be lost."""
        if calls:
            parts = self.parts(connection)
            this = part_of(now())
            parts[this] = parts.get(this, 0) + calls
            frappe.db.set_value(limits.DOCTYPE, connection, self.field, json.dumps(parts), update_modified=False)

    def parts(self, connection: str) -> dict[str, int]:
        """Calls of the last 24 hours by the ten minutes in which they were made; these count until all of them is 24 hours ago."""
        since = part_of(now() - timedelta(days=1))
        known: dict[str, Any] = json.loads(frappe.db.get_value(limits.DOCTYPE, connection, self.field) or "{}")
        return {at: int(calls) for at, calls in known.items() if since <= at}


def part_of(moment: datetime) -> str:
    """The ten minutes in which a moment lies, as they are stored."""
    return moment.replace(minute=moment.minute // 10 * 10).strftime(WRITTEN)


# Reading what changed in Xero; reports; imports of history and undos, which have what of their share live traffic is not kept (history_budget.py).
READING, REPORTING, HISTORY = Purpose("reading_calls", POLLS), Purpose("report_calls", REPORTS), Purpose("history_calls", SENDING)
