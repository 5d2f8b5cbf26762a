"""Long work that a person has started, as a row that says how far it is (Xero Preview Run, Xero Question Run, Xero Test Run, Xero History Run): done by a job in the long
queue, a slice at a time, and taken up again by the minute's sweep where a worker died or Xero asked for a wait.

`due_at` of the row is when it may go on; whoever works on it moves that on, so that two workers are never at the same one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import frappe

from ..accounting.texts import Text, dump
from ..compat import affected_rows, let_pass
from .clock import now
from .screen_texts import stored
from .standard_columns import standard

RUNNING, DONE, STOPPED = "Running", "Done", "Stopped"
JOB = "picortex_xero.engine.jobs.go_on"
QUEUE, JOB_SECONDS = "long", 1500
# A slice says so often that it is alive; what has not for this long is taken up by another worker.
ALIVE = timedelta(minutes=5)
# What may go on at once may, although two readings of the database's clock differ by the time of an answer. Far below ALIVE, so it never meets another worker.
SAME_MOMENT = timedelta(seconds=5)
SAID = 1000


def begin(doctype: str, values: dict[str, Any]) -> str:
    """Insert the row of a work that begins now, and queue it once that is committed; its name. Part of the caller's transaction."""
    by = frappe.session.user
    row = {
        "name": frappe.generate_hash(length=12),
        **standard(by),
        "state": RUNNING,
        "started_at": now(),
        "started_by": by,
        "due_at": now(),
    }
    row |= values
    frappe.db.bulk_insert(doctype, list(row), [tuple(row.values())])
    frappe.db.after_commit.add(lambda: queue(doctype, str(row["name"])))
    return str(row["name"])


def only_one(doctype: str, connection: str, begun: str) -> str:
    """Where two were begun at a connection at the same moment, the first of them stays, and whoever began the other one gets its name. Commits."""
    frappe.db.commit()
    at_once = frappe.get_all(
        doctype, filters={"connection": connection, "state": RUNNING}, pluck="name", order_by="started_at asc, name asc"
    )
    if begun in at_once[1:]:
        frappe.db.delete(doctype, {"name": begun})
        frappe.db.commit()
        return str(at_once[0])
    return begun


def queue(doctype: str, name: str) -> None:
    """Queue the job; where that fails the minute's sweep does. Never raises."""
    try:
        frappe.enqueue(JOB, queue=QUEUE, timeout=JOB_SECONDS, doctype=doctype, name=name)
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"Could not queue {doctype} {name}: {error}")


def take(doctype: str, name: str) -> bool:
    """Whether this worker may go on with it now; then nobody else does while it is `alive`. Commits."""
    if doctype not in _KINDS:
        raise LookupError(doctype)
    frappe.db.sql(
        f"UPDATE `tab{doctype}` SET `due_at`=%(until)s WHERE `name`=%(name)s AND `state`=%(running)s AND `due_at`<=%(soon)s",
        {"until": now() + ALIVE, "name": name, "running": RUNNING, "soon": now() + SAME_MOMENT},
    )
    taken = affected_rows() == 1
    frappe.db.commit()
    return taken


def alive(doctype: str, name: str, **fields: Any) -> None:
    """Note how far it is. Commits."""
    frappe.db.set_value(doctype, name, {"due_at": now() + ALIVE, **fields}, update_modified=False)
    frappe.db.commit()


def later(doctype: str, name: str, at: datetime, reason: Text) -> None:
    """It goes on at that time (UTC). Commits."""
    said = {"reason": stored(reason[:SAID]), "cure": "", "reason_parts": dump(reason=reason)}
    frappe.db.set_value(doctype, name, {"due_at": at, **said}, update_modified=False)
    frappe.db.commit()


def end(doctype: str, name: str, state: str = DONE, reason: Text | None = None, cure: Text | None = None, **fields: Any) -> None:
    """It is over. Commits."""
    said: dict[str, Any] = {"reason": "", "cure": "", "reason_parts": ""}
    if reason is not None:
        cure = cure if cure is not None else Text("")
        said = {"reason": stored(reason[:SAID]), "cure": stored(cure[:SAID]), "reason_parts": dump(reason=reason, cure=cure)}
    frappe.db.set_value(doctype, name, {"state": state, "finished_at": now(), **said, **fields}, update_modified=False)
    frappe.db.commit()


def running(doctype: str, connection: str) -> str:
    """The name of the one that is running at a connection; "" for none."""
    return str(frappe.db.get_value(doctype, {"connection": connection, "state": RUNNING}, "name") or "")


def due() -> list[tuple[str, str]]:
    """What may go on now: DocType and name."""
    found = []
    for doctype in _KINDS:
        rows = frappe.get_all(doctype, filters={"state": RUNNING, "due_at": ("<=", now())}, pluck="name", limit=20)
        found += [(doctype, name) for name in rows]
    return found


_KINDS = ("Xero Preview Run", "Xero Question Run", "Xero Test Run", "Xero History Run", "Xero Undo Run", "Xero Statement Import")
