"""Imports of history: documents from before the go-live date, taken up in the order of their dates and sent below live traffic.

An import is a row of Xero History Run. A job walks through its documents (engine/history_work.py) and adds the first step of each, never more at once than a few
hundred (documents/history/pool.py); the steps bear the import's name, and runs take them where no live step is due and calls are left
(engine/run.py, engine/history_budget.py). Here it begins, and people pause, resume and stop it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import frappe

from ..accounting.texts import Text, _, day
from ..compat import affected_rows
from ..connection.current import RETIRED
from ..documents.history import words
from ..documents.history.pool import Pool
from ..documents.rules.kinds import KINDS
from . import full_names, history_forecast, history_steps, limits, log, slices
from .clock import now
from .history_walk import Range
from .screen_texts import html, in_words
from .wake import wake

DOCTYPE, CONNECTION = "Xero History Run", "Xero Connection"
MODES = words.MODES
RUNNING, PAUSED, STOPPED, DONE = slices.RUNNING, "Paused", slices.STOPPED, slices.DONE
OPEN = (RUNNING, PAUSED)
HISTORY = words.HISTORY
# The walk goes on at once where the queue has room for so many documents.
ROOM = 200
FIGURES = ("looked_at", "added", "known", "in_xero", "was_there", "held", "left_out", "withdrawn", "walked", "calls", "paused_seconds")


# Beginning


def range_of(connection: str, from_date: str, to_date: str, kinds: tuple[str, ...], mode: str = words.HISTORY) -> Range:
    """What an import of history would come to. Throws, in words, where there is no such import."""
    row = frappe.db.get_value(CONNECTION, connection, ["company", "go_live_date", "state"], as_dict=True)
    if not row["go_live_date"] or row["state"] == RETIRED:
        _refuse(_("An import of history begins once the company has gone live"))
    if not kinds or set(kinds) - set(KINDS):
        _refuse(_("Choose which kinds of documents are imported"))
    if not from_date or not to_date or from_date > to_date:
        _refuse(_("Choose from which day to which day; the first is not after the last"))
    if to_date >= str(row["go_live_date"]):
        last = day_before(str(row["go_live_date"]))
        _refuse(
            _("Documents from {go_live} on go to Xero by themselves: an import ends on {last} at the latest").format(
                go_live=day(row["go_live_date"]), last=day(last)
            )
        )
    open_at = to_date if mode == words.OPENING else ""
    return Range(str(row["company"]), from_date, to_date, tuple(kind for kind in KINDS if kind in kinds), open_at)


def start(connection: str, mode: str, from_date: str, to_date: str, kinds: tuple[str, ...], preview: str = "", **columns: Any) -> str:
    """Begin an import of history; its name. Where one is running or paused at this connection, that is said instead (throws). `columns`: further ones of
    the row, for a mode of its own. Commits."""
    of = range_of(connection, from_date, to_date, kinds, mode)
    expected, details = history_forecast.of(connection, of)
    _one_at_a_time(connection)
    if open_run(connection):
        _refuse(_("An import is under way already: let it end, or stop it first"))
    values: dict[str, Any] = {
        "connection": connection,
        "company": of.company,
        "mode": mode,
        "from_date": from_date,
        "to_date": to_date,
        "kinds": "\n".join(of.kinds),
        "preview": preview,
        "documents": expected.documents,
        "forecast_documents": expected.documents,
        "forecast_requests": expected.requests,
        "forecast_a_day": expected.a_day,
        "forecast_seconds": expected.seconds,
        "forecast_end": now() + timedelta(seconds=expected.seconds),
        "forecast_details": details,
        **dict.fromkeys(FIGURES, 0),
        **columns,
    }
    name = slices.begin(DOCTYPE, values)
    said = _("{user} started the import of {what}: {count} documents")
    log.of_connection(connection, said.format(user=full_names.mine(), what=called(values), count=expected.documents))
    frappe.db.commit()
    return name


def _one_at_a_time(connection: str) -> None:
    """Of two who press at once the second one waits here, and reads after that what the first has begun. Commits what was done before."""
    frappe.db.commit()
    frappe.db.sql(
        f"UPDATE `tab{limits.DOCTYPE}` SET `history_calls`=`history_calls` WHERE `name`=%(connection)s", {"connection": connection}
    )


def day_before(day_: str) -> str:
    """The day before (both yyyy-mm-dd)."""
    return (date.fromisoformat(day_) - timedelta(days=1)).isoformat()


def open_run(connection: str) -> str:
    """The import of a connection that is running or paused; "" for none."""
    return str(frappe.db.get_value(DOCTYPE, {"connection": connection, "state": ("in", OPEN)}, "name") or "")


def called(row: dict[str, Any]) -> Text:
    """What people call an import."""
    return words.called(str(row["mode"]), str(row["from_date"] or ""), str(row["to_date"] or ""))


def _refuse(said: Text) -> None:
    frappe.throw(html(in_words(said)))


# What people press


def pause(run: str) -> bool:
    """Send nothing more of it until somebody goes on; False where it is not running any more. Part of the caller's transaction."""
    paused = moved(run, RUNNING, PAUSED, paused_at=now(), paused_by=frappe.session.user)
    return paused and _said(run, _("{user} paused the import of {what}"))


def resume(run: str) -> bool:
    """Go on with a paused one; False where it is not paused any more. Part of the caller's transaction."""
    row = frappe.db.get_value(DOCTYPE, run, ["paused_at", "paused_seconds", "connection"], as_dict=True)
    rested = int(row["paused_seconds"] or 0) + _seconds_since(row["paused_at"])
    if not moved(run, PAUSED, RUNNING, paused_at=None, paused_by="", paused_seconds=rested, due_at=now()):
        return False
    frappe.db.after_commit.add(lambda: _go_on_soon(run, str(row["connection"])))
    return _said(run, _("{user} went on with the import of {what}"))


def stop(run: str) -> bool:
    """End it before all is sent; what is not sent yet is given back (`go_on`), and can be taken up by a later one. False where it is over already. Part of
    the caller's transaction."""
    row = frappe.db.get_value(DOCTYPE, run, ["paused_at", "paused_seconds"], as_dict=True)
    rested = int(row["paused_seconds"] or 0) + _seconds_since(row["paused_at"])
    fields = {"paused_at": None, "paused_by": "", "paused_seconds": rested, "due_at": now()}
    if not (moved(run, RUNNING, STOPPED, **fields) or moved(run, PAUSED, STOPPED, **fields)):
        return False
    frappe.db.after_commit.add(lambda: slices.queue(DOCTYPE, run))
    return _said(run, _("{user} stopped the import of {what}"))


def moved(run: str, state: str, to: str, **fields: Any) -> bool:
    """Take an import from one state to another; of two who do so at once one does. Part of the caller's transaction."""
    changes = {"state": to, **fields}
    assignments = ", ".join(f"`{field}`=%({field})s" for field in changes)
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET {assignments} WHERE `name`=%(run)s AND `state`=%(was)s", {**changes, "run": run, "was": state}
    )
    return affected_rows() == 1


def _said(run: str, said: Text) -> bool:
    row = frappe.db.get_value(DOCTYPE, run, ["connection", "mode", "from_date", "to_date"], as_dict=True)
    log.of_connection(row["connection"], said.format(user=full_names.mine(), what=called(row)))
    return True


def _seconds_since(moment_: Any) -> int:
    return max(0, int((now() - moment_).total_seconds())) if moment_ else 0


def _go_on_soon(run: str, connection: str) -> None:
    slices.queue(DOCTYPE, run)
    wake(connection)


def count_calls(run: str, calls: int) -> None:
    """Note how many calls it has made besides. Part of the caller's transaction."""
    frappe.db.sql(f"UPDATE `tab{DOCTYPE}` SET `calls`=COALESCE(`calls`, 0)+%(calls)s WHERE `name`=%(run)s", {"calls": calls, "run": run})


# Whose steps a run may take


def sending(connection: str) -> tuple[str, ...]:
    """The imports whose steps may go: running ones, and what others have left (a document waited for a person, or is in Xero in part)."""
    return tuple(str(row["name"]) for row in _runs(connection) if not _stands(row))


def standing(connection: str) -> tuple[str, ...]:
    """The imports of which nothing goes: paused, or what is not sent is being given back."""
    return tuple(str(row["name"]) for row in _runs(connection) if _stands(row))


def _runs(connection: str) -> list[dict[str, Any]]:
    return list(frappe.get_all(DOCTYPE, filters={"connection": connection}, fields=["name", "state", "due_at"]))


def _stands(row: dict[str, Any]) -> bool:
    return bool(row["state"] == PAUSED or (row["state"] == STOPPED and row["due_at"]))


def sends_part(connection: str) -> bool:
    """Whether requests go that are not full, since nothing comes for now that would fill them. Where the queue is half empty the walk goes on at once."""
    row = frappe.db.get_value(DOCTYPE, {"connection": connection, "state": RUNNING}, ["name", "walked"], as_dict=True)
    if not row:
        return True
    pool = Pool(*history_steps.pool(row["name"]), bool(row["walked"]))
    if not pool.over and not pool.is_full and pool.room >= ROOM:
        frappe.db.set_value(DOCTYPE, row["name"], "due_at", now(), update_modified=False)
        frappe.db.commit()
        slices.queue(DOCTYPE, row["name"])
    return pool.sends_part
