"""What keeps a comparison from going on (inbound/comparison): it waits, or ends, with a sentence on it that says why and what to do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe

from ..accounting.texts import Text, _, dump
from ..attention import notifications, standing
from ..connection import pauses, this_site
from ..connection.current import RETIRED
from ..connection.tokens import Trouble
from ..engine import limits, reading
from ..engine.clock import now
from ..engine.screen_texts import html, in_words, stored

COMPARISON = "Xero Comparison"
RUNNING, STOPPED = "Running", "Stopped"
# For so long it is tried again where Xero cannot be read.
PATIENCE = timedelta(days=1)
NOTHING_SAID = {"reason": "", "cure": "", "reason_parts": "", "failing_since": None}


def must_be_able(connection: str) -> None:
    """Throws where nothing can be read from Xero until a person does something."""
    this_site.must_be_this_site(connection)
    state = frappe.db.get_value("Xero Connection", connection, "state")
    up = standing.of(connection)
    if state != "Live" and up:
        frappe.throw(html(in_words(pauses.joined(up.problem))))


def end_of_left() -> None:
    """End what runs for a connection that the hourly job does not come to: its company has left that organisation. Commits."""
    left = frappe.get_all("Xero Connection", filters={"state": RETIRED}, pluck="name")
    for row in (
        frappe.get_all(COMPARISON, filters={"state": RUNNING, "connection": ("in", left)}, fields=["name", "connection"]) if left else []
    ):
        waits(row["connection"], row)
    frappe.db.commit()


def waits(connection: str, row: dict[str, Any]) -> bool:
    """Whether it cannot go on now. What a person has to do, or for how long it waits, is said on it. Part of the caller's transaction."""
    state = frappe.db.get_value("Xero Connection", connection, "state")
    up = standing.of(connection)
    if up and state not in ("Live", "Paused"):
        say(row["name"], up.problem.message, up.problem.resolution, state=STOPPED, finished_at=now())
    elif up and (state == "Paused" or limits.resting(connection)):
        say(row["name"], up.problem.message, up.problem.resolution)
    elif not limits.to_spare(connection):
        said = _("Few requests to Xero are left for today or for this minute; they are kept for documents")
        say(row["name"], said, _("Nothing to do: it goes on by itself in the next hour in which more are left"))
    else:
        return False
    return True


def could_not_read(connection: str, row: dict[str, Any], trouble: reading.Interrupted | Trouble) -> None:
    """Say that Xero could not be read, or stop where that has lasted for long. Part of the caller's
    transaction."""
    if isinstance(trouble, Trouble):
        what = trouble.problem.message
    else:
        what = _("Xero does not show {what}").format(what=trouble.path.partition("?")[0] or _("what is compared"))
    at = now()
    since = row["failing_since"] if row["failing_since"] and row["failing_since"] <= at else at
    if at - since < PATIENCE:
        cure = _("Nothing to do: it is tried again every hour, until {time} (UTC); whoever presses Compare With Xero begins anew")
        say(row["name"], what, cure.format(time=str(since + PATIENCE)[:16]), failing_since=since)
        return
    said = _("The comparison with Xero was stopped: {reason}").format(reason=what)
    cure = _("Press Compare With Xero again later; if it stops again, ask Xero's support")
    say(row["name"], said, cure, state=STOPPED, finished_at=at)
    notifications.tell_once(connection, "comparison", said, cure)


def say(name: str, message: Text, resolution: Text, **fields: Any) -> None:
    """Write on a comparison why it waits or was stopped, and what to do. Part of the caller's transaction."""
    said = {"reason": stored(message), "cure": stored(resolution), "reason_parts": dump(reason=message, cure=resolution)}
    frappe.db.set_value(COMPARISON, name, {**said, **fields}, update_modified=False)
