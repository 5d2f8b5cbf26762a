"""What the documents of the last year use and what of it nobody has mapped: the list before going live says what the page shows, from the same rows."""

from __future__ import annotations

from dataclasses import dataclass

import frappe

from . import usage
from .kinds import CONNECTION, DEFAULTS, KINDS, Key
from .rows import Row, Screen


@dataclass(frozen=True)
class InUse:
    """One kind of mapping: whether documents of the last year use anything of it, the rows that nobody has mapped, and those that Xero has changed
    (by key, with what they are called)."""

    used: bool
    open: dict[Key, str]
    changed: dict[Key, str]


def of(connection: str) -> dict[str, InUse] | None:
    """Each kind as the mapping page shows it; None while what documents use is being counted. Asks Xero nothing; throws where Xero's lists were
    never read."""
    if not usage.ready(frappe.db.get_value(CONNECTION, connection, "company")):
        return None
    screen = Screen.of(connection)
    return {kind: _kind(screen.rows(kind)) for kind in KINDS if kind != DEFAULTS}


def _kind(rows: list[Row]) -> InUse:
    return InUse(
        any(row.used.documents or row.needed for row in rows),
        {row.key: row.kind.label(row.key) for row in rows if row.open},
        {row.key: row.kind.label(row.key) for row in rows if row.changed},
    )
