"""What the documents of the last year use and what of it nobody has mapped: the list before going live says what the page shows, from the same rows."""

from __future__ import annotations

from dataclasses import dataclass

import frappe

from . import usage
from .kinds import ACCOUNTS, BANKS, CONNECTION, DEFAULTS, KINDS, TAXES, Key
from .rows import Row, Screen

# The fields of the Xero Connection that stand in for mappings of a kind.
STANDING_IN = {ACCOUNTS: ("default_sales_account", "default_purchase_account"), BANKS: ("default_payment_account",)}


@dataclass(frozen=True)
class InUse:
    """One kind of mapping: whether documents of the last year use anything of it, the rows that nobody has mapped, and those that Xero has changed
    (by key, with what they are called). `nothing_stands`: documents use something of it, and for nothing of that anything is chosen."""

    used: bool
    open: dict[Key, str]
    changed: dict[Key, str]
    nothing_stands: bool


def of(connection: str) -> dict[str, InUse] | None:
    """Each kind as the mapping page shows it; None while what documents use is being counted. Asks Xero nothing; throws where Xero's lists were
    never read."""
    if not usage.ready(frappe.db.get_value(CONNECTION, connection, "company")):
        return None
    screen = Screen.of(connection)
    return {kind: _kind(screen.rows(kind)) for kind in KINDS if kind != DEFAULTS}


def taxes_now(connection: str) -> InUse:
    """The taxes; counted now, which may take seconds, where none is mapped: what was counted some time ago does not show that one is used since."""
    if nothing_chosen(connection, TAXES):
        for what in ("taxes", "journals"):
            usage.count_anew(what, frappe.db.get_value(CONNECTION, connection, "company"))
    return _kind(Screen.of(connection).rows(TAXES))


def nothing_chosen(connection: str, kind: str) -> bool:
    """Whether the connection has no mapping of this kind at all, used or not, and no default that stands in for one."""
    default = (
        any(frappe.db.get_value(CONNECTION, connection, list(STANDING_IN[kind]), as_dict=True).values()) if kind in STANDING_IN else False
    )
    return not default and not frappe.db.exists(KINDS[kind].doctype, {"connection": connection})


def _kind(rows: list[Row]) -> InUse:
    return InUse(
        any(row.used.documents or row.needed for row in rows),
        {row.key: row.kind.label(row.key) for row in rows if row.open},
        {row.key: row.kind.label(row.key) for row in rows if row.changed},
        any(row.open for row in rows) and not any(row.needed and (row.mapped or row.default) for row in rows),
    )
