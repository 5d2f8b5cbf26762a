"""The sync settings of a connection as rows of the file, and back: whether and when documents of each kind go to Xero."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _

from ..connection import sync_rules
from ..documents.rules.kinds import KINDS, WITH_STATUS
from ..documents.rules.rule import DAILY, REAL_TIME, TIMES
from ..documents.rules.words import PLURALS
from ..engine import policies
from ..engine.screen_texts import in_words
from .file import Row

# As the file names them, in the order of the page; `kind` says which row it is.
FIELDS = ("enabled", "send", "send_at", "start_date", "target_status")
STATUSES = ("", "DRAFT", "SUBMITTED", "AUTHORISED")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
Values = dict[str, Any]
AS_ALWAYS: Values = {"enabled": 1, "send": REAL_TIME, "send_at": "", "start_date": "", "target_status": ""}


def rows(connection: str) -> list[Row]:
    """One row for every kind; for one of which nothing was chosen, what holds then."""
    here = stored(connection)
    return [{"kind": kind, **here[kind]} for kind in KINDS]


def stored(connection: str) -> dict[str, Values]:
    """By kind what holds here."""
    found = frappe.get_all(policies.SETTING, filters={"connection": connection}, fields=["kind", *FIELDS])
    known = {row["kind"]: _values(row) for row in found}
    return {kind: known.get(kind, AS_ALWAYS) for kind in KINDS}


def _values(row: Any) -> Values:
    daily = row["send"] == DAILY and row["send_at"] is not None
    return {
        "enabled": int(row["enabled"] or 0),
        "send": row["send"] or REAL_TIME,
        "send_at": _clock(row["send_at"]) if daily else "",
        "start_date": str(row["start_date"] or ""),
        "target_status": row["target_status"] or "",
    }


def _clock(value: Any) -> str:
    """A time of day with its seconds; the database gives it as a timedelta."""
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    parts = [int(each) for each in str(value).partition(".")[0].split(":")]
    return ":".join(f"{each:02}" for each in [*parts, 0, 0][:3])


def are_sound(rows: list[Row]) -> bool:
    """Whether an export can have written these rows."""
    return all(_is_sound(row) for row in rows) and len({row["kind"] for row in rows}) == len(rows)


def _is_sound(row: Row) -> bool:
    if set(row) != {"kind", *FIELDS} or row["kind"] not in KINDS or row["enabled"] not in (0, 1) or row["send"] not in TIMES:
        return False
    if row["target_status"] not in STATUSES or (row["target_status"] and row["kind"] not in WITH_STATUS):
        return False
    at, start = row["send_at"], row["start_date"]
    if not isinstance(at, str) or not isinstance(start, str):
        return False
    return bool(CLOCK.fullmatch(at) if row["send"] == DAILY else at == "") and (not start or _is_day(start))


def _is_day(value: str) -> bool:
    try:
        return bool(DAY.fullmatch(value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def values_of(row: Row) -> Values:
    """What a sound row of the file says."""
    return {field: row[field] for field in FIELDS}


def save(connection: str, kind: str, values: Values) -> None:
    """Choose this for a kind. Throws what the form would say."""
    name = frappe.db.get_value(policies.SETTING, {"connection": connection, "kind": kind}, "name")
    made = {"doctype": policies.SETTING, "connection": connection, "kind": kind}
    doc = frappe.get_doc(policies.SETTING, name) if name else frappe.get_doc(made)
    doc.update({field: None if value == "" else value for field, value in values.items()})
    doc.save()


def label(kind: str) -> str:
    """What a kind is called."""
    return in_words(PLURALS[kind])


def said(values: Values) -> str:
    """A kind's setting as people read it, also what would hold were it switched on."""
    told = in_words(sync_rules.said_of_setting(frappe.get_doc({"doctype": policies.SETTING, **values, "enabled": 1})))
    return told if values["enabled"] else f"{_('Switched off')} ({told})"
