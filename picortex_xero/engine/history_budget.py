"""How many of a day's calls imports of history and undos may use together. This is the one place that says so.

Of Xero's calls a day (1,000 or 5,000 for each organisation, as its tier is) 35 in 100 are left for reading what changed, 20 for reports; 45 are for sending. Of
these 15 are kept for live traffic, more where the last two weeks took more. What is left is history's. Its own calls are counted by ten minutes, so that
no 24 hours have more of them, whenever Xero's day begins; and it stops while fewer calls are left of Xero's day than live traffic is kept.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import frappe

from . import attempts, limits
from .clock import now
from .day_calls import HISTORY, TEN_MINUTES, WRITTEN

# Of a hundred calls of the day, those that live traffic is kept.
LIVE = 15
# Calls that one round of an import may still make when it begins: looks and up to four requests.
ROUND = 12
TWO_WEEKS = 14
# A request that is sent comes with about as many reads: what it settles, whether somebody has entered it.
READS_WITH_IT = 2
STATE = limits.DOCTYPE
# For so long a count of live traffic's calls holds.
COUNTED_FOR = timedelta(hours=1)


def a_day(connection: str) -> int:
    """How many calls an import may make within 24 hours."""
    whole = limits.day_limit(connection)
    kept = max(whole * LIVE // 100, live_a_day(connection))
    return max(HISTORY.a_day(connection) - kept, whole // 100)


def live_a_day(connection: str) -> int:
    """How many calls live traffic made a day, on average over the last two weeks, as it was counted within the last hour."""
    kept: dict[str, Any] = json.loads(frappe.db.get_value(STATE, connection, "live_calls") or "{}")
    counted = datetime.fromisoformat(kept["at"]) if kept else None
    if counted and timedelta() <= now() - counted < COUNTED_FOR:
        return int(kept["a_day"])
    return _live_a_day(connection)


def count_live(connection: str) -> None:
    """Keep how many calls live traffic makes a day, where it was not counted within the last half hour: what is read at every round is not counted there, from
    all requests of two weeks. Part of the caller's transaction."""
    kept: dict[str, Any] = json.loads(frappe.db.get_value(STATE, connection, "live_calls") or "{}")
    if not kept or not timedelta() <= now() - datetime.fromisoformat(kept["at"]) < COUNTED_FOR / 2:
        counted = json.dumps({"at": now().isoformat(), "a_day": _live_a_day(connection)})
        frappe.db.set_value(STATE, connection, "live_calls", counted, update_modified=False)


def _live_a_day(connection: str) -> int:
    since = now() - timedelta(days=TWO_WEEKS)
    sent = frappe.db.sql(
        f"SELECT COUNT(*) FROM `tab{attempts.DOCTYPE}` AS a WHERE a.`connection`=%(connection)s AND a.`sealed_at`>%(since)s AND a.`first_sent_at` IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM `tabXero Outbox Entry` AS o WHERE o.`attempt`=a.`name` "
        "AND (COALESCE(o.`history_run`, '')<>'' OR (COALESCE(o.`undo_run`, '')<>'' AND SUBSTR(o.`role`, 1, 5)='undo-')))",
        {"connection": connection, "since": since},
    )
    return -(-int(sent[0][0]) * READS_WITH_IT // TWO_WEEKS)


def left(connection: str) -> int:
    """How many of them are left now."""
    return max(0, a_day(connection) - spent(connection))


def spent(connection: str) -> int:
    """How many calls imports made within the last 24 hours."""
    return HISTORY.spent(connection)


def may_go(connection: str) -> bool:
    """Whether an import may send now: calls of its own are left, and Xero's minute and day have what live traffic is kept."""
    return limits.minute_spares(connection) and free_at(connection) is None


def free_at(connection: str) -> datetime | None:
    """When calls are left for an import again (UTC), as far as is known; None where they are now."""
    spare = spare_today(connection)
    if spare is not None and spare <= 0:
        # Nobody is told when Xero's day begins: the next answer says what is left then.
        return now() + timedelta(minutes=15)
    parts = HISTORY.parts(connection)
    if not parts or sum(parts.values()) + ROUND <= a_day(connection):
        return None
    return datetime.strptime(min(parts), WRITTEN) + timedelta(days=1) + TEN_MINUTES


def spare_today(connection: str) -> int | None:
    """How many calls Xero's day has left beyond those that live traffic is kept, which may be fewer than none; None where nobody knows."""
    of_xero = limits.left_today(connection)
    return None if of_xero is None else of_xero - limits.day_limit(connection) * LIVE // 100 - ROUND


def spend(connection: str, calls: int) -> None:
    """Count calls that an import has made. Part of the caller's transaction, under the connection's lease."""
    HISTORY.spend(connection, calls)
