"""The documents of an undo as rows (Xero Undo Row): which they are, found page by page, and how they are read and written. Every update is by primary key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import frappe

from ..accounting.texts import NONE, Text, _, dump, load
from ..documents.identity import Identity, moment
from ..documents.registry import SUBMITTED
from . import outbox, protocol
from .clock import now
from .screen_texts import shown, stored
from .standard_columns import standard

RUN, ROW = "Xero Undo Run", "Xero Undo Row"
IMPORT, SELECTED, BETWEEN = "An Import of History", "Selected Documents", "Sent Between"
WHAT = (IMPORT, SELECTED, BETWEEN)
WAITING, GOING, PERSON, UNDONE, STAYS = "Waiting", "Being Undone", "With a Person", "Undone", "Stays"
STATES = (WAITING, GOING, PERSON, UNDONE, STAYS)
LET_STAY_SAYS = _("Somebody lets it stay in Xero")
# Steps or links that are read at once to find their documents, and what a text column takes.
PAGE, LONGEST = 500, 1000
Row = dict[str, Any]


def add(run: Row, found: Iterable[Row]) -> None:
    """Add these documents (each `reference_doctype`, `reference_name`, `reference_creation`), each once however often it is found. Part of the caller's
    transaction."""
    values = [
        {
            "name": _name(str(run["name"]), each),
            **standard(),
            "connection": run["connection"],
            "company": run["company"],
            "undo_run": run["name"],
            "reference_doctype": each["reference_doctype"],
            "reference_name": each["reference_name"],
            "reference_creation": each["reference_creation"],
            "place": 0,
            "mark": "",
            "state": WAITING,
        }
        for each in found
        if each["reference_doctype"] in SUBMITTED
    ]
    if values:
        frappe.db.bulk_insert(ROW, list(values[0]), [tuple(each.values()) for each in values], ignore_duplicates=True)


def is_open(run: str) -> bool:
    """Whether a document of it is not begun, or on its way."""
    return bool(frappe.db.exists(ROW, {"undo_run": run, "state": ("in", (WAITING, GOING))}))


def _name(run: str, each: Row) -> str:
    said = "\x1f".join([run, str(each["reference_doctype"]), str(each["reference_name"]), str(each["reference_creation"])])
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def found_after(run: Row, last: str) -> list[Row]:
    """The next steps of an import, or links of what was sent between two times, after the one of that name; they name the documents."""
    if run["what"] == IMPORT:
        doctype, where = outbox.DOCTYPE, "`history_run`=%(history_run)s"
    else:
        doctype, where = "Xero Link", "`creation`>=%(from_time)s AND `creation`<=%(to_time)s"
    values = {name: run[name] for name in ("connection", "history_run", "from_time", "to_time")} | {"last": last}
    return list(
        frappe.db.sql(
            f"SELECT `name`, `reference_doctype`, `reference_name`, `reference_creation` FROM `tab{doctype}` "
            f"WHERE `connection`=%(connection)s AND {where} AND `name`>%(last)s ORDER BY `name` LIMIT {PAGE}",
            values,
            as_dict=True,
        )
    )


def page(run: str, limit: int, **where: Any) -> list[Row]:
    """Rows of an undo, in the order in which they are undone."""
    order = "looked_at asc, place asc, name asc" if where.get("state") in (GOING, PERSON) else "place asc, name asc"
    return [dict(row) for row in frappe.get_all(ROW, filters={"undo_run": run, **where}, fields=["*"], order_by=order, limit=limit)]


def unmarked(run: str, limit: int) -> list[Row]:
    """Rows that are not marked yet, in the order of their index. The host asks a filter for "" also for NULL, which no row has, and sorts all that is left for each page."""
    return list(
        frappe.db.sql(
            f"SELECT * FROM `tab{ROW}` WHERE `undo_run`=%(run)s AND `mark`='' ORDER BY `place`, `name` LIMIT {limit:d}",
            {"run": run},
            as_dict=True,
        )
    )


def count(run: str, **where: Any) -> int:
    """How many there are."""
    return int(frappe.db.count(ROW, {"undo_run": run, **where}))


def by_doctype(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows by their documents' DocType."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["reference_doctype"], []).append(row)
    return found


def identity(row: Row) -> Identity:
    """Its document."""
    return Identity(row["reference_doctype"], row["reference_name"], moment(row["reference_creation"]))


def names_among(run: str, names: Iterable[str]) -> set[str]:
    """Which documents of these names belong to an undo."""
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return set()
    filters = {"undo_run": run, "reference_name": ("in", wanted)}
    return set(frappe.get_all(ROW, filters=filters, pluck="reference_name"))


def text_of(row: Row, field: str, parts: str) -> Text:
    """A text of a row as it was made, so that each reads it in his own language."""
    return Text(shown(row[field]), (load(row[parts]) or {}).get(field))


def write(row: Row, texts: dict[str, Text] | None = None, **fields: Any) -> None:
    """Change a row, updated in place; `texts` are those of its columns that people read, all of them. Part of the caller's transaction."""
    changes: Row = {**fields, "looked_at": now()}
    if texts is not None:
        known = {name: texts.get(name, Text("")) for name in ("why", "to_do", "said", "cure")}
        changes |= {name: stored(text[:LONGEST]) for name, text in known.items()}
        changes["texts"] = dump(**known)
    frappe.db.set_value(ROW, row["name"], changes, update_modified=False)
    row.update(changes)


def unfinished_steps(run: Row, rows: Sequence[Row]) -> list[Row]:
    """Of the unfinished steps of these documents, a few hundred at most, what each waits for: `reference_doctype`, `reference_name`, `reference_creation`, `role`, `state`,
    `blocked_on`, `kept_by`, `undo_run`."""
    if not rows:
        return []
    values = {
        "connection": run["connection"],
        "doctypes": tuple({row["reference_doctype"] for row in rows}),
        "names": tuple({row["reference_name"] for row in rows}),
        "open": protocol.UNFINISHED,
    }
    found = frappe.db.sql(
        "SELECT `reference_doctype`, `reference_name`, `reference_creation`, `role`, `state`, `blocked_on`, `kept_by`, `undo_run` "
        f"FROM `tab{outbox.DOCTYPE}` WHERE `reference_doctype` IN %(doctypes)s AND `reference_name` IN %(names)s AND `connection`=%(connection)s "
        "AND `state` IN %(open)s",
        values,
        as_dict=True,
    )
    return list(found)


def looked_at(rows: Sequence[Row]) -> None:
    """Note that these were looked at, and nothing is to be done about them now. Part of the caller's transaction."""
    if rows:
        values = {"now": now(), "names": tuple(row["name"] for row in rows)}
        frappe.db.sql(f"UPDATE `tab{ROW}` SET `looked_at`=%(now)s WHERE `name` IN %(names)s", values)


def says(row: Row, state: str, said: Text, cure: Text = NONE) -> None:
    """Say what has become of a document, and what a person does about it. Part of the caller's transaction."""
    kept = {name: text_of(row, name, "texts") for name in ("why", "to_do")}
    write(row, {**kept, "said": said, "cure": cure}, state=state)
