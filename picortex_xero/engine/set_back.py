"""Putting right what was written while the database's clock was ahead.

When the clock is set back, times that were written before lie in the future: what waits for one of them would wait for days, and nobody
would be told. Times that are read again and again are checked where they are read (a lease, a rest, a token: none can last that long);
rows that are searched by a time are corrected here, once, when the heartbeat notices it. Every update is by primary key.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import frappe

from .clock import now
from .leases import SEND_MARGIN

STATE, STEP, ATTEMPT = "Xero Connection State", "Xero Outbox Entry", "Xero Attempt"
AT_ONCE = 500
SOON = timedelta(minutes=3)
# When the organisation was last heard of, and when its lists were read: nobody knows, so long ago.
HEARD = ("last_good_call", "lists_read_at")


def put_right(connection: str, at: datetime, long_ago: datetime) -> None:
    """Bring what lies ahead of `at` (UTC, now) back: what waits is due; a request was sent before now, at the earliest `long_ago`. Part of
    the caller's transaction."""
    mine = {"connection": connection}
    # In whatever state: a step that is given back is due when it was.
    _steps(frappe.get_all(STEP, filters={**mine, "due_at": (">", at)}, pluck="name"), at)
    for row in frappe.get_all(ATTEMPT, filters={**mine, "state": "Sealed"}, fields=["name", "sealed_at", "send_deadline"]):
        if row["sealed_at"] <= at and (not row["send_deadline"] or row["send_deadline"] <= at + SEND_MARGIN):
            continue
        changes: dict[str, Any] = {"sealed_at": long_ago, "next_at": at}
        if row["send_deadline"]:
            changes |= {"first_sent_at": long_ago, "send_deadline": at + SEND_MARGIN}
        frappe.db.set_value(ATTEMPT, row["name"], changes, update_modified=False)
    heard = frappe.db.get_value(STATE, connection, HEARD, as_dict=True)
    if wrong := {name: long_ago for name, then in heard.items() if then and then > at}:
        frappe.db.set_value(STATE, connection, wrong, update_modified=False)


def due_at_once(connection: str) -> None:
    """Let steps go that were captured while the clock was ahead between two signs of life, so that nobody noticed: what was never tried and
    has no reason to wait is due when it is captured. Commits."""
    at = now()
    never_tried = {"connection": connection, "state": "Pending", "due_at": (">", at + SOON), "tries": 0}
    rows = frappe.get_all(STEP, filters=never_tried, fields=["name", "reason_code"], limit=AT_ONCE)
    _steps([row["name"] for row in rows if not row["reason_code"]], at)
    frappe.db.commit()


def _steps(names: list[str], at: datetime) -> None:
    for begin in range(0, len(names), AT_ONCE):
        frappe.db.sql(
            f"UPDATE `tab{STEP}` SET `due_at`=%(at)s WHERE `name` IN %(names)s", {"at": at, "names": tuple(names[begin : begin + AT_ONCE])}
        )
