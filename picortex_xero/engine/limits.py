"""Xero's limits of calls and the connection's rests and pauses, on one row (Xero Connection State) that all workers read.

A worker never sleeps because of a limit: it writes until when the organisation rests, and ends. `jobs.sweep` starts the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import frappe

from ..accounting.texts import Text, _, dump
from ..attention import notifications, shared_causes
from ..connection.current import WATCH_ONLY
from ..connection.pauses import WITHDRAWN
from ..xero.answers import LONGEST_WAIT, Answer, access_withdrawn, whole_number
from . import log
from .clock import now
from .screen_texts import stored

DOCTYPE = "Xero Connection State"
# Calls a minute that are left for people and set-up screens.
MINUTE_RESERVE = 3
# Calls that notes and files leave for documents, of 60 a minute and 1,000 or 5,000 a day (Xero's documentation, "Limits").
MINUTE_SPARE, DAY_SPARE = 20, 200
# Calls a day of the smallest tier, and of the others; a tier that was not seen for so long is not counted on.
SMALLEST_DAY, LARGER_DAY = 1000, 5000
LIMIT_SEEN = timedelta(hours=49)
# Seconds between tries while Xero answers nothing.
FIRST_REST, LONGEST_REST = 30, 900
REASON_LIMIT = 1000
NO_REST = {"paused_until": None, "paused_reason": "", "paused_reason_parts": ""}
WHAT_IT_SAYS = _("Open the Xero Connection and do what it says there")


def resting(connection: str) -> bool:
    """Whether nothing may be sent to the organisation right now."""
    until = frappe.db.get_value(DOCTYPE, connection, "paused_until")
    # No rest is longer than LONGEST_WAIT: a later time was written while the database's clock was ahead, and does not count.
    return bool(until and now() < until <= now() + timedelta(seconds=LONGEST_WAIT))


def may_send(connection: str) -> bool:
    """Whether a run may go on: the connection is Live (an answer may have paused it meanwhile) and does not rest."""
    return frappe.db.get_value("Xero Connection", connection, "state") == "Live" and not resting(connection)


def to_spare(connection: str) -> bool:
    """Whether calls are left for notes and files: well above what documents may need in this minute and today.

    The calls left, as Xero last said, count only while its minute or its day may not be over.
    """
    row = frappe.db.get_value(DOCTYPE, connection, ["day_calls_left", "minute_calls_left", "last_good_call"], as_dict=True)
    if not row or not row["last_good_call"]:
        return False
    age = now() - row["last_good_call"]
    if age < timedelta():
        # Written while the database's clock was ahead: nobody knows when that was.
        age = timedelta(days=1)
    today = int(row["day_calls_left"] or 0) > DAY_SPARE or age >= timedelta(days=1)
    return today and (int(row["minute_calls_left"] or 0) > MINUTE_SPARE or age >= timedelta(minutes=1))


def minute_spares(connection: str) -> bool:
    """Whether this minute has calls for what live traffic and people need first."""
    row = frappe.db.get_value(DOCTYPE, connection, ["minute_calls_left", "last_good_call"], as_dict=True)
    if not row or not row["last_good_call"]:
        return True
    return int(row["minute_calls_left"] or 0) > MINUTE_SPARE or not timedelta() <= now() - row["last_good_call"] < timedelta(minutes=1)


def minute_room(connection: str, wanted: int) -> int:
    """How many of the calls that are wanted Xero's minute has left, as its last answer said; all where that is another minute's. With hardly any left nothing
    more is sent for a minute. Commits."""
    row = frappe.db.get_value(DOCTYPE, connection, ["minute_calls_left", "last_good_call"], as_dict=True)
    if not row or not row["last_good_call"] or not timedelta() <= now() - row["last_good_call"] < timedelta(minutes=1):
        return wanted
    left = int(row["minute_calls_left"] or 0)
    if left <= MINUTE_RESERVE:
        _rest_a_minute(connection)
        frappe.db.commit()
    return min(left, wanted)


def day_limit(connection: str) -> int:
    """How many calls a day Xero allows this organisation: by the most that an answer has shown as left in the last two days. Xero does not name the
    tier of the app; the smallest has 1,000."""
    row = frappe.db.get_value(DOCTYPE, connection, ["day_limit", "day_limit_at"], as_dict=True)
    if not row or not row["day_limit_at"] or now() - row["day_limit_at"] > LIMIT_SEEN:
        return SMALLEST_DAY
    return max(SMALLEST_DAY, int(row["day_limit"] or 0))


def left_today(connection: str) -> int | None:
    """The calls left of Xero's limit of a day, as Xero's last answer said; None where none was heard for a day, since that limit is then another
    day's."""
    row = frappe.db.get_value(DOCTYPE, connection, ["day_calls_left", "last_good_call"], as_dict=True)
    if not row or not row["last_good_call"] or not timedelta() <= now() - row["last_good_call"] < timedelta(days=1):
        return None
    return int(row["day_calls_left"] or 0)


@dataclass
class Calls:
    """How many answers were noted meanwhile."""

    calls: int = 0


# A web process serves several people at once: each thread counts its own.
_counting: ContextVar[tuple[Calls, ...]] = ContextVar("picortex_xero_counting", default=())


@contextmanager
def counting() -> Iterator[Calls]:
    """Count the calls that this thread makes meanwhile."""
    found = Calls()
    before = _counting.set((*_counting.get(), found))
    try:
        yield found
    finally:
        _counting.reset(before)


def rest(connection: str, seconds: int, reason: Text) -> None:
    """Send nothing to this organisation for `seconds`. Never shortens a longer rest (of four answers one may name the day's limit). Never
    longer than any limit of Xero lasts: where Xero asks for more, people are told."""
    until: datetime = now() + timedelta(seconds=min(seconds, LONGEST_WAIT))
    known = frappe.db.get_value(DOCTYPE, connection, "paused_until")
    if known and known >= until and resting(connection):
        return
    said = {"paused_reason": stored(reason[:REASON_LIMIT]), "paused_reason_parts": dump(paused_reason=reason)}
    frappe.db.set_value(DOCTYPE, connection, {"paused_until": until, **said}, update_modified=False)
    if seconds >= LONGEST_WAIT and not (known and known > now()):
        _tell_of_a_wait_without_end(connection, reason)


def _tell_of_a_wait_without_end(connection: str, reason: Text) -> None:
    notifications.tell_once(
        connection,
        "told-to-wait",
        _("{reason}. Xero asked for a wait longer than any of its limits lasts; sending starts again after {hours} hours").format(
            reason=reason, hours=LONGEST_WAIT // 3600
        ),
        _("If this comes back, ask Xero's support about the limits of this organisation"),
    )


def rest_longer(connection: str, seconds: int, reason: Text) -> None:
    """Rest because Xero answers nothing useful: at least `seconds`, twice as long each time until a call succeeds."""
    outages = int(frappe.db.get_value(DOCTYPE, connection, "outages") or 0)
    frappe.db.set_value(DOCTYPE, connection, {"outages": outages + 1}, update_modified=False)
    rest(connection, min(max(seconds, FIRST_REST) * 2 ** min(outages, 10), LONGEST_REST), reason)


def rest_over(connection: str) -> None:
    """What the organisation rested for is over, as far as is known. Part of the caller's transaction."""
    frappe.db.set_value(DOCTYPE, connection, {**NO_REST, "outages": 0}, update_modified=False)


def note(connection: str, answers: list[Answer]) -> None:
    """Store the calls left, as Xero's answers say; rest a minute when the minute's calls are nearly used up. Commits."""
    fields: dict[str, Any] = {}
    for answer in answers:
        for header, field in (("x-daylimit-remaining", "day_calls_left"), ("x-minlimit-remaining", "minute_calls_left")):
            left = whole_number(answer.header(header))
            if left is not None:
                fields[field] = min(left, fields.get(field, left))
        if answer.status == 200:
            fields["last_good_call"], fields["outages"] = now(), 0
            notifications.over(connection, "told-to-wait")
    if fields.get("day_calls_left", 0) >= SMALLEST_DAY:
        fields |= {"day_limit": LARGER_DAY, "day_limit_at": now()}
    for each in _counting.get():
        each.calls += len(answers)
    if fields:
        frappe.db.set_value(DOCTYPE, connection, fields, update_modified=False)
    if fields.get("minute_calls_left", MINUTE_RESERVE + 1) <= MINUTE_RESERVE:
        _rest_a_minute(connection)
    frappe.db.commit()


def _rest_a_minute(connection: str) -> None:
    rest(connection, 60, _("Xero allows 60 requests a minute; the next ones follow in a moment"))


def pause(connection: str, reason: Text, cure: Text = WHAT_IT_SAYS, code: str = "paused") -> None:
    """Stop the connection until a person does what `cure` says, and tell people once. `code` says which kind of pause it is
    (connection/pauses). Commits."""
    if frappe.db.get_value("Xero Connection", connection, "state") != "Live":
        return
    stopped(connection, reason, cure, code)


def withdrawn(connection: str) -> None:
    """Xero no longer lists the organisation for this sign-in: the connection is Disconnected, whether or not it has gone live. Commits."""
    if frappe.db.get_value("Xero Connection", connection, "state") in ("Live", "Setting Up", WATCH_ONLY):
        problem = access_withdrawn()
        stopped(connection, problem.message, problem.resolution, problem.code)


def stopped(connection: str, reason: Text, cure: Text, code: str) -> None:
    """Stop a connection, whatever its state is, and tell people once. Commits."""
    state = "Disconnected" if code == WITHDRAWN else "Paused"
    frappe.db.set_value("Xero Connection", connection, {"state": state, **paused_because(reason, cure, code)})
    said = _("Disconnected: {reason}") if code == WITHDRAWN else _("Paused: {reason}")
    log.of_connection(connection, said.format(reason=reason))
    notifications.over(connection, "paused")
    shared = shared_causes.of_sign_in(connection) if code in shared_causes.OF_THE_SIGN_IN else None
    notifications.tell_once(connection, "paused", reason, cure, shared)
    frappe.log_error(
        title="Xero connection paused", message=f"{connection}: {reason}", reference_doctype="Xero Connection", reference_name=connection
    )
    frappe.db.commit()


def paused_because(reason: Text, cure: Text, code: str) -> dict[str, Any]:
    """The columns of a Xero Connection that say why it is paused and what to do."""
    return {
        "reason": stored(reason[:REASON_LIMIT]),
        "cure": stored(cure[:REASON_LIMIT]),
        "reason_parts": dump(reason=reason, cure=cure),
        "reason_code": code,
    }
