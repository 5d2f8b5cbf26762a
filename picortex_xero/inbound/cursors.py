"""Up to where what changed in Xero was read: one cursor for each endpoint, on the connection's state row.

A cursor is a time of Xero's own clock, less an overlap: a record may bear a time shortly before it can be listed. It moves with each page, so
that a read that is cut off goes on there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import frappe

from ..engine import reading
from ..engine.clock import now
from ..engine.contexts import Context
from ..xero.records import xero_element

# The first read begins so long before now, by Xero's clock.
FIRST = timedelta(days=1)
# A list shows what was changed from a second on.
A_MOMENT, A_WEEK = timedelta(seconds=1), timedelta(days=7)
STATE, FIELD = "Xero Connection State", "read_until"


@dataclass
class Cursor:
    """`since`: changes from then on are not read yet (Xero's clock, UTC); `read`: when the last read began (the database's clock); `failed`:
    records (id) that could not be judged or read by their ids, and for how many turns; `misses`: turns in a row in which the list could not
    be read; `unsure`: a record changed then of which it was not known yet whether a request of ours has made it: the next read begins there."""

    since: str
    read: str
    failed: dict[str, int] = field(default_factory=dict)
    misses: int = 0
    unsure: str = ""

    def wait_for(self, elements: Iterable[dict[str, Any]]) -> None:
        """These are read once more: by then it may be known whose they are, and a person's own would else be passed over."""
        times = [at for each in elements if (at := xero_element.updated(each))]
        if times:
            earliest = (min(times) - A_MOMENT).strftime(reading.ISO)
            self.unsure = min(self.unsure or earliest, earliest)

    def begin(self, reached: datetime) -> None:
        """A read begins, by Xero's clock at `reached`. What has not become known in a week is left to the look at all lists (inbound/full_pass.py)."""
        if self.unsure > (reached - A_WEEK).strftime(reading.ISO):
            self.since = min(self.since, self.unsure)
        self.unsure = ""


def first(context: Context) -> Cursor:
    """Where reading a list begins that was never read."""
    return Cursor((now() + (context.xero_ahead or timedelta()) - FIRST).strftime(reading.ISO), now().isoformat())


def load(connection: str) -> dict[str, Cursor]:
    """All cursors of a connection, by endpoint."""
    kept: dict[str, Any] = json.loads(frappe.db.get_value(STATE, connection, FIELD) or "{}")
    return {endpoint: Cursor(**each) for endpoint, each in kept.items()}


def keep(connection: str, endpoint: str, cursor: Cursor) -> None:
    """Store one cursor. Part of the caller's transaction; only the holder of the lease writes here."""
    known = {name: asdict(each) for name, each in load(connection).items()}
    frappe.db.set_value(STATE, connection, FIELD, json.dumps({**known, endpoint: asdict(cursor)}), update_modified=False)


def last_reads(cursors: dict[str, Cursor]) -> dict[str, datetime]:
    """When each endpoint was read last."""
    return {endpoint: datetime.fromisoformat(each.read) for endpoint, each in cursors.items()}
