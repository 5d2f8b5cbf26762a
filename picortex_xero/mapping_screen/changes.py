"""What each press has changed: one row (Xero Mapping Change) for each mapping, all of one press under one batch, read for where a mapping comes
from and for undoing it. What Match contacts has changed stands there too, and is read by engine/contact_presses.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe

from ..accounting.texts import NONE, Text, dump
from ..documents.party.turned_down import CONTACTS
from ..engine.clock import now
from ..engine.screen_texts import stored
from ..engine.standard_columns import standard
from .kinds import Key, Kind, Stored, Values

DOCTYPE = "Xero Mapping Change"
CHOSEN, SUGGESTED, IMPORTED, UNDONE = "Chosen", "Suggested", "Imported", "Undone"
# So far back is it known where a mapping comes from; so many presses are offered for undoing.
MOST, OFFERED = 2000, 10
SUBJECT_LENGTH = 500
FIELDS = [
    "name",
    "batch",
    "kind",
    "subject",
    "row_key",
    "how",
    "points",
    "reason",
    "reason_parts",
    "before",
    "after",
    "changed_by",
    "at",
    "undone",
]


@dataclass(frozen=True)
class Change:
    """One mapping's change: its stored forms before and after."""

    kind: Kind
    key: Key
    before: Values | None
    after: Values | None
    points: int = 0
    reason: Text = NONE


def kept(stored_row: Stored | None) -> Values | None:
    """What of a mapping is compared and put back: its values, and the rate that was agreed on."""
    if stored_row is None:
        return None
    return {**stored_row.values, **({"rate": str(stored_row.rate)} if stored_row.rate is not None else {})}


def write(connection: str, how: str, changed: list[Change]) -> str:
    """Keep what one press has changed; returns its batch. Part of the caller's transaction."""
    batch = frappe.generate_hash(length=12)
    company, at = frappe.db.get_value("Xero Connection", connection, "company"), now()
    rows: list[dict[str, Any]] = []
    for each in changed:
        values: dict[str, Any] = {
            "name": frappe.generate_hash(length=14),
            **standard(frappe.session.user),
            "connection": connection,
            "company": company,
            "batch": batch,
            "kind": each.kind.name,
            "subject": stored(each.kind.label(each.key)[:SUBJECT_LENGTH]),
            "row_key": json.dumps(each.key),
            "how": how,
            "points": each.points,
            "reason": stored(each.reason),
            "reason_parts": dump(reason=each.reason),
            "before": json.dumps(each.before),
            "after": json.dumps(each.after),
            "changed_by": frappe.session.user,
            "at": at,
            "undone": 0,
        }
        rows.append(values)
    if rows:
        frappe.db.bulk_insert(DOCTYPE, list(rows[0]), [tuple(values.values()) for values in rows])
    return batch


def origins(connection: str) -> dict[tuple[str, Key], dict[str, Any]]:
    """The newest change of each mapping, by kind and key."""
    found: dict[tuple[str, Key], dict[str, Any]] = {}
    filters = {"connection": connection, "kind": ("!=", CONTACTS)}
    for row in frappe.get_all(DOCTYPE, filters=filters, fields=FIELDS, order_by="at desc", limit=MOST):
        found.setdefault((row["kind"], tuple(json.loads(row["row_key"]))), row)
    return found


def of_batch(connection: str, batch: str) -> list[dict[str, Any]]:
    """The changes of one press that were not undone."""
    filters = {"connection": connection, "kind": ("!=", CONTACTS), "batch": batch, "undone": 0}
    return list(frappe.get_all(DOCTYPE, filters=filters, fields=FIELDS, order_by="name asc"))


def presses(connection: str) -> list[dict[str, Any]]:
    """The last presses that may be undone, the newest first: `batch`, `how`, `rows`, `subject` (of its first row), `by`, `at` (UTC)."""
    rows = frappe.get_all(
        DOCTYPE,
        filters={"connection": connection, "kind": ("!=", CONTACTS), "undone": 0},
        fields=["batch", "how", "subject", "changed_by", "at"],
        order_by="at desc",
        limit=MOST,
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        press = found.setdefault(row["batch"], {"batch": row["batch"], "how": row["how"], "rows": 0, "subject": row["subject"]})
        press["rows"] += 1
        press.update(by=row["changed_by"], at=_text(row["at"]))
    return list(found.values())[:OFFERED]


def close(rows: list[dict[str, Any]]) -> None:
    """These are undone. Part of the caller's transaction."""
    for row in rows:
        frappe.db.set_value(DOCTYPE, row["name"], "undone", 1, update_modified=False)


def _text(at: datetime | None) -> str:
    return str(at)[:19] if at else ""
