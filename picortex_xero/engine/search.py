"""How the hourly searches walk through the host's tables: page by page, so that a search goes on in the next hour where this one ended, and
one thing at a time, so that none is ever stopped by a single one.

A search goes through its parts ("Sales Invoice, cancelled", ...) in order. Where it is stands on the connection's state row after each page;
what it could not look at is kept there in a list of its own and tried again each time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import frappe

from ..accounting.texts import _
from ..attention import notifications as telling
from ..compat import let_pass

# What was committed while a search ran, under an earlier `modified`, is seen by the next one.
OVERLAP = timedelta(hours=2)
PAGE = 500
STATE = "Xero Connection State"
SAVEPOINT = "picortex_xero_search"
# A list of failures that outgrows this is a defect of its own, and told as one.
MOST_FAILED = 500
# Tries in a row after which a person is told.
TELL_AFTER = 3
# Fields of the state row that let every search begin anew, as where the go-live date was moved.
RESTART = {"swept_until": None, "releases_until": None, "search_position": ""}
Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One walk of a search: rows of a DocType that match `filters`, by name, with these `fields` besides it. `recent` walks look only at
    what was modified since the last search."""

    name: str
    doctype: str
    filters: dict[str, Any]
    fields: tuple[str, ...]
    recent: bool = True


def walk(
    connection: str,
    search: str,
    cursor: str,
    parts: list[Part],
    started: datetime,
    stop: float,
    look: Callable[[Part, Row], int],
    gather: Callable[[Part, list[Row]], None] | None = None,
) -> int:
    """Look at every row of every part, going on from where the last walk ended; returns what `look` added. `cursor` names the field that
    holds up to when rows were searched; it moves when the last part is through. `stop` is a moment of the monotonic clock after which no
    further page is begun. `gather` reads what the rows of a page need at once, where that can be. Commits page by page."""
    added = _again(connection, search, parts, look)
    position = _position(connection, search)
    if position is None:
        since = frappe.db.get_value(STATE, connection, cursor)
        position = {"started": str(started), "since": str(since - OVERLAP) if since else "", "part": 0, "last": ""}
    while position["part"] < len(parts):
        if time.monotonic() > stop:
            return added
        part = parts[position["part"]]
        page = _page(part, position)
        if gather and page:
            _gathered(part, page, gather)
        for row in page:
            added += _guarded(connection, search, part, row, look)
        if len(page) < PAGE:
            position = {**position, "part": position["part"] + 1, "last": ""}
        else:
            position = {**position, "last": page[-1]["name"]}
        _keep_position(connection, search, position)
        frappe.db.commit()
    frappe.db.set_value(STATE, connection, cursor, datetime.fromisoformat(position["started"]), update_modified=False)
    _keep_position(connection, search, None)
    frappe.db.commit()
    return added


def _page(part: Part, position: dict[str, Any]) -> list[Row]:
    """By name and not by offset: a row that stops matching meanwhile would push another one over the edge of a page."""
    further = dict(part.filters)
    if part.recent and position["since"]:
        further["modified"] = (">=", datetime.fromisoformat(position["since"]))
    if position["last"]:
        further["name"] = (">", position["last"])
    return list(frappe.get_all(part.doctype, filters=further, fields=["name", *part.fields], order_by="name asc", limit=PAGE))


def _gathered(part: Part, page: list[Row], gather: Callable[[Part, list[Row]], None]) -> None:
    """Read for a whole page; where one row keeps that from being done, each row is read for by itself, and the one that fails is noted then."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        gather(part, page)
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=f"Xero: the hourly search reads {part.doctype} from {page[0]['name']} one by one"[:140])


def _guarded(connection: str, search: str, part: Part, row: Row, look: Callable[[Part, Row], int]) -> int:
    """What `look` adds; a failure is logged, undone and noted, and does not keep the search from the rest."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        return look(part, row)
    except Exception as error:
        # After a lost race the savepoint is gone: the search ends and goes on from its last page in the next hour.
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=f"Xero: the hourly search could not look at {part.doctype} {row['name']}"[:140])
        _note_failure(connection, search, part.name, row["name"])
        return 0


def _again(connection: str, search: str, parts: list[Part], look: Callable[[Part, Row], int]) -> int:
    """Look once more at what failed before; what succeeds, or is no longer what is searched for, leaves the list."""
    by_name = {part.name: part for part in parts}
    added = 0
    for part_name, name, tries in _failed(connection).get(search, []):
        _forget_failure(connection, search, part_name, name)
        if part := by_name.get(part_name):
            for row in frappe.get_all(part.doctype, filters={**part.filters, "name": name}, fields=["name", *part.fields]):
                added += _guarded(connection, search, part, row, look)
        if any(each[:2] == [part_name, name] for each in _failed(connection).get(search, [])):
            _note_failure(connection, search, part_name, name, tries + 1)
            if tries + 1 >= TELL_AFTER:
                said = _("The hourly search cannot look at {name}: it may be missing in Xero").format(name=name)
                telling.tell_once(connection, f"search:{name}", said, _("Tell your administrator: the Error Log has the details"))
        else:
            telling.over(connection, f"search:{name}")
        frappe.db.commit()
    return added


def _failed(connection: str) -> dict[str, list[list[Any]]]:
    """What could not be looked at, by search: [part, name, tries]."""
    return dict(json.loads(frappe.db.get_value(STATE, connection, "search_failed") or "{}"))


def _note_failure(connection: str, search: str, part: str, name: str, tries: int = 0) -> None:
    """Put one on the list, or note how often it was tried."""
    failed = _failed(connection)
    known = next((each for each in failed.get(search, []) if each[:2] == [part, name]), None)
    mine = [each for each in failed.get(search, []) if each is not known]
    if len(mine) >= MOST_FAILED:
        raise RuntimeError(f"More than {MOST_FAILED} documents could not be looked at by the search {search}")
    _write(connection, "search_failed", {**failed, search: [*mine, [part, name, tries or (known[2] if known else 1)]]})


def _forget_failure(connection: str, search: str, part: str, name: str) -> None:
    failed = _failed(connection)
    _write(connection, "search_failed", {**failed, search: [each for each in failed.get(search, []) if each[:2] != [part, name]]})


def _position(connection: str, search: str) -> dict[str, Any] | None:
    found = json.loads(frappe.db.get_value(STATE, connection, "search_position") or "{}").get(search)
    return dict(found) if found else None


def _keep_position(connection: str, search: str, position: dict[str, Any] | None) -> None:
    known = json.loads(frappe.db.get_value(STATE, connection, "search_position") or "{}")
    _write(connection, "search_position", {**known, search: position} if position else {k: v for k, v in known.items() if k != search})


def _write(connection: str, field: str, value: Any) -> None:
    frappe.db.set_value(STATE, connection, field, json.dumps(value), update_modified=False)
