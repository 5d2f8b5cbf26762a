"""The site's sign of life, by which it notices that it was switched off, copied or put back from a backup.

Every minute, idle or not, the sweep notes the time on each connection's state row, and so does every run. A database that was put back has
an old time there. What was sent to Xero since then, this database does not know. So after a gap Xero's lists are compared since the last
sign of life before anything is created (`engine/restored`); until that is done, `compare_since` keeps the time, whatever happens meanwhile.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import frappe

from . import set_back
from .clock import now

STATE, CONNECTION = "Xero Connection State", "Xero Connection"
# The sweep comes every minute; two of them may be late.
GAP = timedelta(minutes=3)
# The database's and Xero's clock may differ by so much without anything being meant by it.
CLOCKS = timedelta(minutes=1)
# A request that left just before the last sign of life may have arrived later.
MARGIN = timedelta(minutes=15)
# How far back to look where the last sign of life lies ahead: the database's clock was wrong, nobody knows by how much.
CLOCK_WAS_AHEAD = timedelta(days=1)
# For so long Xero accepts a refresh token that was used already (Xero's documentation, "Token types"): so long two copies of a site may
# both send before one of them is refused.
TOKENS_OVERLAP = timedelta(minutes=30)


def beat(connection: str) -> None:
    """Note that the site is alive; after a gap also since when Xero's lists are to be compared. Commits."""
    frappe.db.commit()
    note(connection)
    frappe.db.commit()


def note(connection: str) -> None:
    """The same as a part of the caller's transaction: from the moment when a connection is made, so that a backup from then has a time."""
    row = frappe.db.get_value(STATE, connection, ["alive_at", "heartbeat", "compare_since"], as_dict=True)
    if not row:
        return
    at, seen = now(), row["alive_at"]
    changes: dict[str, Any] = {"alive_at": at}
    # A former release noted only when a worker last held the lease, which is the last time at which anything was sent.
    last = seen or row["heartbeat"]
    if last and abs(at - last) > GAP:
        since = last - MARGIN if last < at else at - CLOCK_WAS_AHEAD
        changes["compare_since"] = min(since, row["compare_since"] or since)
        if last > at:
            set_back.put_right(connection, at, at - CLOCK_WAS_AHEAD)
    # Another process that was faster has noted the same gap.
    _update(connection, changes, "`alive_at`=%(seen)s" if seen else "`alive_at` IS NULL", seen)


def xero_said(connection: str, ahead: timedelta) -> bool:
    """Note how far Xero's clock is ahead of the database's, by an answer; returns whether time has gone by that this site has not lived
    through: it was put back to a snapshot with its memory, and its own clock goes on from then. That is a gap like any other. Part of the
    caller's transaction."""
    row = frappe.db.get_value(STATE, connection, ["xero_ahead", "last_good_call"], as_dict=True)
    if not row:
        return False
    seconds = int(ahead.total_seconds())
    moved = timedelta(seconds=seconds - int(row["xero_ahead"])) if row["xero_ahead"] else timedelta()
    if not row["xero_ahead"] or abs(moved) > CLOCKS:
        frappe.db.set_value(STATE, connection, {"xero_ahead": str(seconds)}, update_modified=False)
    if moved <= GAP:
        return False
    # Nothing that is in Xero from before its last answer is unknown here.
    ask_for_comparison(connection, min(row["last_good_call"] or now(), now()) - MARGIN)
    return True


def compare_since(connection: str) -> datetime | None:
    """Since when (UTC, by the database's clock) Xero's lists are to be compared before anything is created; None where nothing is to be
    compared."""
    since = frappe.db.get_value(STATE, connection, "compare_since")
    return since if isinstance(since, datetime) else None


def ask_for_comparison(connection: str, since: datetime) -> None:
    """Have Xero's lists compared since then before the next creation. Part of the caller's transaction."""
    known = compare_since(connection)
    if known is None or since < known:
        frappe.db.set_value(STATE, connection, {"compare_since": since}, update_modified=False)


def compared(connection: str, since: datetime) -> None:
    """The comparison since then is done; where an earlier time was asked for meanwhile, that one stays. Part of the caller's transaction."""
    _update(connection, {"compare_since": None}, "`compare_since`=%(seen)s", since)


def grant_refused(authorisation: str, refreshed_at: datetime | None) -> None:
    """Xero refused the sign-in's refresh token (`invalid_grant`), perhaps because a copy of this site has used it: what that one may have
    sent since the last refresh here is compared before the next creation. Part of the caller's transaction."""
    # A time ahead was written while the database's clock was.
    since = min(refreshed_at or now(), now()) - TOKENS_OVERLAP - MARGIN
    for connection in frappe.get_all(CONNECTION, filters={"authorisation": authorisation}, pluck="name"):
        if frappe.db.exists(STATE, connection):
            ask_for_comparison(connection, since)


def _update(connection: str, changes: dict[str, Any], still: str, seen: Any) -> None:
    """Change the state row unless another process has changed it since it was read."""
    assignments = ", ".join(f"`{field}`=%({field})s" for field in changes)
    frappe.db.sql(
        f"UPDATE `tab{STATE}` SET {assignments} WHERE `name`=%(_name)s AND {still}", {**changes, "_name": connection, "seen": seen}
    )
