"""A connection that only watches: documents are noted as if it were live, each look decides what is new as a preview does, and nothing is sent.

What was seen is one Xero Preview Run of the kind "Watch Only" for the whole time (engine/preview_run): Running while a look is under way, Watching between
two, Done once it is over. What would have gone stays as it was said; what would have been stopped is decided anew every hour, and where somebody asks for
it, since its cause may be cured.
"""

from __future__ import annotations

import json
from typing import Any

import frappe

from ..connection import current
from . import outbox, preview_rows, preview_run, protocol, slices, watch_look
from .clock import now

PREVIEW, ROW, CONNECTION = preview_run.PREVIEW, preview_run.ROW, preview_run.CONNECTION


def begin(connection: str, date: str) -> None:
    """Begin the preview in which is kept what is seen from now on; a former one is forgotten. Part of the caller's transaction."""
    for old in frappe.get_all(PREVIEW, filters={"connection": connection, "what": preview_run.WATCH}, pluck="name"):
        frappe.db.delete(ROW, {"preview": old})
        frappe.db.delete(PREVIEW, {"name": old})
    values: dict[str, Any] = {
        "connection": connection,
        "company": frappe.db.get_value(CONNECTION, connection, "company"),
        "what": preview_run.WATCH,
        "from_date": date,
        "counts_in_xero": 1,
        **dict.fromkeys(("look_in_xero", "documents", "looked_at", "problems", "calls"), 0),
        "costs": "{}",
        "reference_doctype": "",
        "reference_name": "",
    }
    slices.begin(PREVIEW, values)


def end(connection: str) -> None:
    """What was seen stays, and nothing is added to it; of a watch that is over already nothing is changed. Part of the caller's transaction."""
    name = of(connection)
    if name and frappe.db.get_value(PREVIEW, name, "state") != slices.DONE:
        frappe.db.set_value(PREVIEW, name, {"state": slices.DONE, "finished_at": now()}, update_modified=False)


def of(connection: str) -> str:
    """The preview in which is kept what the connection sees, or saw when it last watched; "" for none."""
    found = frappe.get_all(PREVIEW, filters={"connection": connection, "what": preview_run.WATCH}, pluck="name", limit=1)
    return str(found[0]) if found else ""


def look(connection: str) -> None:
    """Have the documents looked at that were noted since, in the long queue. Commits."""
    name = of(connection)
    if not name or not current.watches_only(connection):
        return
    frappe.db.sql(
        f"UPDATE `tab{PREVIEW}` SET `state`=%(running)s, `due_at`=%(now)s WHERE `name`=%(name)s AND `state`=%(watching)s",
        {"running": slices.RUNNING, "now": now(), "name": name, "watching": preview_run.WATCHING},
    )
    frappe.db.commit()
    slices.queue(PREVIEW, name)


def look_again(connection: str) -> None:
    """Have all that would have been stopped decided anew: somebody has cured something. Commits."""
    if name := of(connection):
        frappe.db.set_value(PREVIEW, name, "position", "", update_modified=False)
        look(connection)


def look_if_due(connection: str) -> None:
    """Begin a look where documents were noted since the last one, or an hour is over. Commits."""
    name = of(connection)
    row = frappe.db.get_value(PREVIEW, name, ["state", "position"], as_dict=True) if name else None
    if row is None or row["state"] != preview_run.WATCHING:
        return
    new = watch_look.noted(connection) != json.loads(row["position"] or "{}").get("noted")
    if new or watch_look.due_again(row["position"]):
        look(connection)


def forget_steps(connection: str) -> None:
    """Forget what was noted while watching: nothing was sent, and going live, or watching again, finds the documents that count then. A step of which a
    request was ever made stays. Part of the caller's transaction."""
    unsent = {"connection": connection, "state": protocol.PENDING, "attempt": ("is", "not set")}
    outbox.forget(frappe.get_all(outbox.DOCTYPE, filters=unsent, pluck="name"))


def summary(connection: str) -> dict[str, Any] | None:
    """What the newest watch has seen: `preview`, `from_date`, how many documents would have gone (`go`), how many of them would have been stopped first
    (`cured`), how many would have been stopped (`stopped`), and not been sent at all (`not_sent`); None where it never watched."""
    name = of(connection)
    if not name:
        return None
    counts = {state: int(frappe.db.count(ROW, {"preview": name, "rank": rank})) for state, rank in preview_rows.RANK.items()}
    go, not_sent = counts[preview_rows.GO] + counts[preview_rows.PART], counts[preview_rows.NOT_SENT]
    return {
        "preview": name,
        "from_date": str(frappe.db.get_value(PREVIEW, name, "from_date") or "")[:10],
        "go": go,
        "cured": int(frappe.db.count(ROW, {"preview": name, "stopped_until": ("is", "set"), "rank": preview_rows.RANK[preview_rows.GO]})),
        "stopped": sum(counts.values()) - go - not_sent,
        "not_sent": not_sent,
    }
