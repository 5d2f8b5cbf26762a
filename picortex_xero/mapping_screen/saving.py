"""Saving what was chosen on the screen, many rows with one press: each through its DocType's own checks, and one that is refused takes no other with
it. Undoing a press puts back exactly what was before."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import frappe
from frappe import _

from ..accounting.texts import NONE, Text
from ..connection import changed_in_xero
from ..engine.screen_texts import html
from . import changes
from .changes import Change
from .kinds import KINDS, Key, Kind, Stored, Values

ROW, WHOLE = "picortex_xero_mapping_row", "picortex_xero_mapping_all"
SHOWN = 5


@dataclass(frozen=True)
class Entry:
    """One row to save: `values` None removes the mapping. `was` is what the person saw there (None: nothing); what somebody else has chosen
    meanwhile is not written over. UNSEEN: whatever stands there."""

    kind: Kind
    key: Key
    values: Values | None
    was: Any = None
    points: int = 0
    reason: Text = NONE


UNSEEN = object()


@dataclass(frozen=True)
class Refused:
    """A row that was not saved, and why, as plain text."""

    entry: Entry
    message: str


@dataclass(frozen=True)
class Saved:
    """What came of a press: its batch ("" where nothing was changed), what changed, and what was refused."""

    batch: str
    changed: list[Change]
    refused: list[Refused]

    def shown(self) -> dict[str, Any]:
        """For the screen."""
        rows = [
            {"key": list(each.entry.key), "label": each.entry.kind.label(each.entry.key), "message": each.message} for each in self.refused
        ]
        return {"batch": self.batch, "saved": len(self.changed), "refused": rows}


def save(connection: str, entries: list[Entry], how: str, all_or_nothing: bool = False) -> Saved:
    """Save these rows. With `all_or_nothing` one refusal undoes all. Part of the caller's transaction."""
    frappe.db.savepoint(WHOLE)
    changed, refused = [], []
    for entry in entries:
        outcome = _save_row(connection, entry)
        if isinstance(outcome, Refused):
            refused.append(outcome)
        elif outcome:
            changed.append(outcome)
    if refused and all_or_nothing:
        frappe.db.rollback(save_point=WHOLE)
        return Saved("", [], refused)
    batch = changes.write(connection, how, changed) if changed else ""
    if changed:
        changed_in_xero.tell(connection)
    return Saved(batch, changed, refused)


def tried(connection: str, entries: list[Entry]) -> Saved:
    """What would come of saving these rows; nothing stays."""
    frappe.db.savepoint(WHOLE)
    found = [(entry, _save_row(connection, entry)) for entry in entries]
    frappe.db.rollback(save_point=WHOLE)
    return Saved(
        "", [each for _entry, each in found if isinstance(each, Change)], [each for _entry, each in found if isinstance(each, Refused)]
    )


def _save_row(connection: str, entry: Entry) -> Change | Refused | None:
    """None where nothing changes."""
    before = entry.kind.one(connection, entry.key)
    seen = before.values if before else None
    if entry.was is not UNSEEN and entry.was != seen:
        return Refused(entry, _meanwhile(before))
    if entry.values is not None and seen is not None and all(seen.get(field) == value for field, value in entry.values.items()):
        return None
    frappe.db.savepoint(ROW)
    try:
        entry.kind.write(connection, entry.key, None if entry.values is None else {**(seen or {}), **entry.values})
    except frappe.ValidationError as refusal:
        frappe.db.rollback(save_point=ROW)
        frappe.clear_messages()
        return Refused(entry, plain_words(str(refusal)))
    after = changes.kept(entry.kind.one(connection, entry.key))
    return Change(entry.kind, entry.key, changes.kept(before), after, entry.points, entry.reason)


def undo(connection: str, batch: str) -> Saved:
    """Put back what stood before this press. Throws, and changes nothing, where somebody has changed one of its rows since, or Xero no longer
    takes what stood there. Part of the caller's transaction."""
    rows = changes.of_batch(connection, batch)
    if not rows:
        frappe.throw(_("This was undone already"))
    since = [found for row in rows if (found := _changed_since(connection, row))]
    if since:
        frappe.throw(_("This cannot be undone: {0}").format(html("; ".join(since[:SHOWN]))))
    undone = []
    for row in rows:
        kind, key = KINDS[row["kind"]], tuple(json.loads(row["row_key"]))
        before, after = json.loads(row["before"]), json.loads(row["after"])
        values = None if before is None else {field: value for field, value in before.items() if field != "rate"}
        try:
            kind.write(connection, key, values)
        except frappe.ValidationError as refusal:
            frappe.clear_messages()
            frappe.throw(_("{0} cannot be put back as it was: {1}").format(html(kind.label(key)), html(plain_words(str(refusal)))))
        if before and "rate" in before:
            kind.agree(connection, key, before["rate"])
        undone.append(Change(kind, key, after, before))
    changes.close(rows)
    batch = changes.write(connection, changes.UNDONE, undone)
    changed_in_xero.tell(connection)
    return Saved(batch, undone, [])


def _changed_since(connection: str, row: dict[str, Any]) -> str:
    kind, key = KINDS[row["kind"]], tuple(json.loads(row["row_key"]))
    now = kind.one(connection, key)
    if changes.kept(now) == json.loads(row["after"]):
        return ""
    label = kind.label(key)
    if now is None:
        return str(_("{0} was removed since").format(label))
    return str(_("{0} was changed since by {1}").format(label, now.modified_by))


def _meanwhile(now: Stored | None) -> str:
    if now is None:
        return str(_("Somebody has removed this mapping meanwhile; it is shown as it is now"))
    return str(_("{0} has changed this meanwhile; it is shown as it is now").format(now.modified_by))


def plain_words(message: str) -> str:
    """A message that the host would draw as HTML, as plain text."""
    return unescape(re.sub(r"<[^>]*>", " ", message)).strip()
