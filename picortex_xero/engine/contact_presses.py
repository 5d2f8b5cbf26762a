"""What each press on Match contacts has changed: one row (Xero Mapping Change, of the kind "contacts") for each customer or supplier, all of one press
under one batch. Written in the transaction of what it says, so that a press that stops half way can be undone as far as it came; read for undoing it,
also after the page was loaded anew, and for which contacts a person has said that they are another one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import frappe

from ..documents.party.turned_down import CONTACTS, DOCTYPE, TURNED_DOWN, Key
from .clock import now
from .screen_texts import shown, stored
from .standard_columns import standard

CHOSEN, SUGGESTED, IMPORTED, UNDONE = "Chosen", "Suggested", "Imported", "Undone"
# So far back presses are looked for; so many are offered for undoing.
MOST, OFFERED = 5000, 10
FIELDS = ["name", "batch", "subject", "row_key", "how", "before", "after", "changed_by", "at"]
SUBJECT_LENGTH = 500


@dataclass(frozen=True)
class Linked:
    """The contact that a party was linked with, before a press or after it."""

    xero_id: str
    name: str

    def kept(self) -> dict[str, str]:
        """As it is stored."""
        return {"xero_id": self.xero_id, "name": self.name}


@dataclass
class Press:
    """One press that is being done; `batch` is what its rows are known by."""

    connection: str
    how: str
    batch: str = field(default_factory=lambda: str(frappe.generate_hash(length=12)))
    rows: int = 0

    def note(self, party: Key, before: Linked | None, after: Linked | None) -> None:
        """Keep what became of one party: linked (`after`), unlinked (`before`), or, where the press turns contacts down, the contact that is
        another one (`after`). Part of the caller's transaction."""
        values: dict[str, Any] = {
            "name": frappe.generate_hash(length=14),
            **standard(frappe.session.user),
            "connection": self.connection,
            "company": frappe.db.get_value("Xero Connection", self.connection, "company"),
            "batch": self.batch,
            "kind": CONTACTS,
            "subject": stored(party[1][:SUBJECT_LENGTH]),
            "row_key": json.dumps(party),
            "how": self.how,
            "points": 0,
            "before": json.dumps(before and before.kept()),
            "after": json.dumps(after and after.kept()),
            "changed_by": frappe.session.user,
            "at": now(),
            "undone": 0,
        }
        frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())])
        self.rows += 1

    @property
    def known_as(self) -> str:
        """The batch; "" where the press has changed nothing."""
        return self.batch if self.rows else ""


@dataclass(frozen=True)
class Change:
    """What a press has changed in one party."""

    row: str
    party: Key
    how: str
    before: Linked | None
    after: Linked | None


def of_batch(connection: str, batch: str) -> list[Change]:
    """The changes of one press that were not undone, the last first."""
    filters = {"connection": connection, "kind": CONTACTS, "batch": batch, "undone": 0}
    rows = frappe.get_all(DOCTYPE, filters=filters, fields=FIELDS, order_by="at desc, name asc")
    return [_change(row) for row in rows]


def _change(row: dict[str, Any]) -> Change:
    doctype, name = json.loads(row["row_key"])
    before, after = ((Linked(**kept) if (kept := json.loads(row[field] or "null")) else None) for field in ("before", "after"))
    return Change(row["name"], (doctype, name), row["how"], before, after)


def close(change: Change) -> None:
    """This is undone. Part of the caller's transaction."""
    frappe.db.set_value(DOCTYPE, change.row, "undone", 1, update_modified=False)


def presses(connection: str) -> list[dict[str, Any]]:
    """The last presses that may be undone, the newest first: `batch`, `how`, `what` ("linked", "unlinked", "turned down"), `rows`, `subject` (of its
    first row), `by`, `at` (UTC)."""
    filters = {"connection": connection, "kind": CONTACTS, "undone": 0}
    found: dict[str, dict[str, Any]] = {}
    for row in frappe.get_all(DOCTYPE, filters=filters, fields=FIELDS, order_by="at desc, name asc", limit=MOST):
        change = _change(row)
        what = "turned down" if change.how == TURNED_DOWN else "linked" if change.after else "unlinked"
        press = found.setdefault(row["batch"], {"batch": row["batch"], "how": row["how"], "what": what, "rows": 0})
        press["rows"] += 1
        press |= {"subject": shown(row["subject"]), "by": row["changed_by"], "at": str(row["at"] or "")[:19]}
    return list(found.values())[:OFFERED]
