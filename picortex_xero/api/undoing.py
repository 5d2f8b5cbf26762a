"""What the page Undo and the list of sync items call: having documents taken back in Xero that stand here."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import frappe
from frappe import _

from ..attention import undone
from ..engine import outbox, undoing
from ..engine.screen_texts import html
from ..engine.undo_rows import BETWEEN, IMPORT, RUN, SELECTED, STATES
from .arguments import asks, count, listed, moment_or_nothing, name, name_or_nothing, one

CONNECTION, STEP = "Xero Connection", "Xero Outbox Entry"
MOST = 500
# Seconds for a look at what has become of the documents.
LOOK = 2


# Who may


def _may_see(connection: str, **_arguments: Any) -> None:
    """Throws unless the user may read what is in these books."""
    one(CONNECTION, connection, "read")
    frappe.has_permission(RUN, "read", throw=True)


def _may_see_run(undo_run: str, **_arguments: Any) -> None:
    one(RUN, undo_run, "read")
    one(CONNECTION, str(frappe.db.get_value(RUN, undo_run, "connection")), "read")


def _may_decide(connection: str, **_arguments: Any) -> None:
    """Throws unless the user decides what is sent to this organisation."""
    one(CONNECTION, connection, "write")


def _may_decide_run(undo_run: str, **_arguments: Any) -> None:
    one(RUN, undo_run, "read")
    one(CONNECTION, str(frappe.db.get_value(RUN, undo_run, "connection")), "write")


def _may_decide_steps(steps: list[str]) -> None:
    frappe.has_permission(STEP, "read", throw=True)
    for each in steps:
        one(STEP, each, "read")
    for connection in {str(row["connection"]) for row in outbox.named(steps)}:
        one(CONNECTION, connection, "write")


# Kinds of arguments


def _what(label: str, value: Any) -> str:
    if value not in (IMPORT, BETWEEN):
        frappe.throw(_("{0} must be one of {1}").format(html(label), html(", ".join((IMPORT, BETWEEN)))))
    return str(value)


def _steps(label: str, value: Any) -> list[str]:
    """Names of sync items; a list or its JSON."""
    found = [name(label, each) for each in listed(label, value, MOST)]
    if not found:
        frappe.throw(_("Select at least one sync item"))
    return found


def _mark(label: str, value: Any) -> str:
    return str(value) if value in undone.MARKS else ""


def _state(label: str, value: Any) -> str:
    return str(value) if value in STATES else ""


# What


@frappe.whitelist(methods=["GET"])
@asks(_may_see, connection=name, undo_run=name_or_nothing)
def shown(connection: str, undo_run: str = "") -> dict[str, Any]:
    """One undo, or the newest one, with its counts; the others; and which imports of history can be undone. `decides`: whether the user may undo."""
    if undo_run and frappe.db.get_value(RUN, undo_run, "connection") != connection:
        frappe.throw(_("There is no such undo of this company"))
    return {**undone.shown(connection, undo_run), "decides": bool(frappe.has_permission(CONNECTION, "write", doc=connection))}


@frappe.whitelist(methods=["GET"])
@asks(_may_see_run, undo_run=name, mark=_mark, state=_state, start=count)
def documents(undo_run: str, mark: str = "", state: str = "", start: int = 0) -> dict[str, Any]:
    """One page of the documents of an undo."""
    return undone.documents(undo_run, mark, state, start)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide, connection=name, selection=_what, history_run=name_or_nothing, from_time=moment_or_nothing, to_time=moment_or_nothing)
def mark(connection: str, selection: str, history_run: str = "", from_time: datetime | None = None, to_time: datetime | None = None) -> str:
    """Say what would become of the documents of an import, or of those sent between two times (of the site); its name. Nothing is taken back yet."""
    return undoing.look(connection, selection, history_run, from_time, to_time)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide_steps, steps=_steps)
def mark_selected(steps: list[str]) -> dict[str, str]:
    """The same of the documents of these sync items, of one company: `connection` and `run`."""
    connections = {str(row["connection"]) for row in outbox.named(steps)}
    if len(connections) != 1:
        frappe.throw(_("Choose sync items of one company"))
    (connection,) = connections
    return {"connection": connection, "run": undoing.look(connection, SELECTED, steps=tuple(steps))}


@frappe.whitelist(methods=["POST"])
@asks(_may_decide_run, undo_run=name)
def start(undo_run: str) -> bool:
    """Take the documents back in Xero, as it was said; False where it is not ready any more."""
    return undoing.start(undo_run)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide_run, undo_run=name)
def pause(undo_run: str) -> bool:
    """Begin with no further document for now; False where it is not running."""
    return undoing.pause(undo_run)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide_run, undo_run=name)
def resume(undo_run: str) -> bool:
    """Go on with a paused one; False where it is not paused."""
    return undoing.resume(undo_run)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide_run, undo_run=name)
def at_once(undo_run: str) -> bool:
    """Take back along with live traffic, and not only within the calls of imports of history; False where it is over, or goes so already."""
    return undoing.at_once(undo_run)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide_run, undo_run=name)
def stop(undo_run: str) -> bool:
    """End it: what is not begun stays in Xero; False where it is over already."""
    return undoing.stop(undo_run)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide_run, undo_run=name)
def look_again(undo_run: str) -> None:
    """See at once, and not only with the next hour, what has become of the documents of undos that are over, paused or stopped. Commits."""
    undoing.catch_up(str(frappe.db.get_value(RUN, undo_run, "connection")), time.monotonic() + LOOK)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide_run, undo_run=name, document=name)
def let_stay(undo_run: str, document: str) -> bool:
    """Let a document stay in Xero that waits for a person (`document`: the name of its row); False where it does not wait any more."""
    return undoing.let_stay(undo_run, document)
