"""How the hourly searches walk through ERPNext's tables: page by page, so that the next hour goes on where this one stopped, and row by
row, so that a failure over one row does not stop a search.

A search goes through its parts ("Sales Invoice, cancelled", ...) in order. Its position is stored on the connection's state row after each
page. Rows that could not be looked at are stored there too and tried again each time.
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
from ..attention import notifications
from ..compat import let_pass

# The next search looks back so far: a row may be committed long after the `modified` that it bears.
OVERLAP = timedelta(hours=2)
PAGE = 500
STATE = "Xero Connection State"
SAVEPOINT = "picortex_xero_search"
# With more failures than these the search itself is broken, and raises.
MOST_FAILED = 500
# Tries in a row after which a person is told.
TELL_AFTER = 3
# Values of the state row with which every search begins anew, for instance after the go-live date was moved.
RESTART = {"swept_until": None, "releases_until": None, "search_position": ""}
Row = dict[str, Any]


@dataclass(frozen=True)
class SearchPart:
    """One walk of a search: the rows of a DocType that match `filters`, ordered by name, with these `fields` besides the name. With
    `recent` only rows modified since the last search."""

    name: str
    doctype: str
    filters: dict[str, Any]
    fields: tuple[str, ...]
    recent: bool = True


def walk(
    connection: str,
    search: str,
    cursor: str,
    parts: list[SearchPart],
    started: datetime,
    stop: float,
    look: Callable[[SearchPart, Row], int],
    gather: Callable[[SearchPart, list[Row]], None] | None = None,
) -> int:
    """Call `look` for every row of every part, going on from where the last walk ended; returns the sum of what `look` returned.

    `cursor` names the field of the state row that stores up to when rows were searched; it moves when the last part is through. No page is
    begun after `stop` (time.monotonic()). `gather` reads what all rows of a page need together. Commits page by page.
    """
    added = _again(connection, search, parts, look)
    position = _position(connection, search)
    if position is None:
        since = frappe.db.get_value(STATE, connection, cursor)
        # A time ahead was written while the clock was; then everything is looked at once.
        since = since if since and since <= started else None
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


def _page(part: SearchPart, position: dict[str, Any]) -> list[Row]:
    """The next page, found by name and not by offset: a row that stops matching meanwhile would shift another one over the edge of a
    page."""
    further = dict(part.filters)
    if part.recent and position["since"]:
        further["modified"] = (">=", datetime.fromisoformat(position["since"]))
    if position["last"]:
        further["name"] = (">", position["last"])
    return list(frappe.get_all(part.doctype, filters=further, fields=["name", *part.fields], order_by="name asc", limit=PAGE))


def _gathered(part: SearchPart, page: list[Row], gather: Callable[[SearchPart, list[Row]], None]) -> None:
    """Gather for a whole page. Where one row makes that fail, each row is read by itself later, and only the failing one is noted."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        gather(part, page)
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=f"Xero: the hourly search reads {part.doctype} from {page[0]['name']} one by one"[:140])


def _guarded(connection: str, search: str, part: SearchPart, row: Row, look: Callable[[SearchPart, Row], int]) -> int:
    """What `look` returns for one row. A failure is logged, rolled back and noted; the search goes on."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        return look(part, row)
    except Exception as error:
        # After a deadlock the savepoint is gone: `let_pass` raises, and the search goes on from its last page in the next hour.
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=f"Xero: the hourly search could not look at {part.doctype} {row['name']}"[:140])
        _note_failure(connection, search, part.name, row["name"])
        return 0


def _again(connection: str, search: str, parts: list[SearchPart], look: Callable[[SearchPart, Row], int]) -> int:
    """Look once more at rows that failed before; those that succeed, or no longer match the search, leave the list."""
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
                notifications.tell_once(connection, f"search:{name}", said, _("Tell your administrator: the Error Log has the details"))
        else:
            notifications.over(connection, f"search:{name}")
        frappe.db.commit()
    return added


def _failed(connection: str) -> dict[str, list[list[Any]]]:
    """The rows that could not be looked at, by search: [part, name, tries]."""
    return dict(json.loads(frappe.db.get_value(STATE, connection, "search_failed") or "{}"))


def _note_failure(connection: str, search: str, part: str, name: str, tries: int = 0) -> None:
    """Put a row on the list of failures, or store how often it was tried."""
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
