"""Tax types that Xero taxed otherwise than was expected: what is unsent with them waits until a person has put right what went out wrong.

The first answer whose tax differs stops its tax types (`stop`); Xero's lists are then read anew (engine/fresh_lists). Where they show a
changed rate, that says more, and the stop is lifted. Otherwise it stands while a step that went out wrong still needs a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import frappe

from ..accounting.called import Called, called
from ..accounting.texts import _, joined
from ..attention import notifications
from ..connection import xero_lists
from . import outbox, protocol

STATE = "Xero Connection State"
CODE = "tax-in-xero-differs"
TOLD = "tax-type-stopped"
# So many documents are named in a notification.
NAMED = 20


def stop(connection: str, tax_types: Iterable[str], step: str) -> None:
    """Stop these tax types because of the document of this step (its name in the outbox). Part of the caller's transaction."""
    known = _stored(connection)
    for tax_type in tax_types:
        known[tax_type] = list(dict.fromkeys([*known.get(tax_type, []), step]))
    _store(connection, known)


def standing(connection: str) -> dict[str, str]:
    """By stopped tax type the name of a document whose tax Xero still has otherwise."""
    return {tax_type: rows[0]["reference_name"] for tax_type, rows in _wrong(connection).items() if rows}


def lift(connection: str, tax_types: Iterable[str]) -> None:
    """What Xero's lists say explains the difference: these types are no longer stopped. Part of the caller's transaction."""
    known, gone = _stored(connection), set(tax_types)
    if known.keys() & gone:
        _store(connection, {tax_type: steps for tax_type, steps in known.items() if tax_type not in gone})


def tell(connection: str) -> None:
    """Tell people once which documents went out wrong, with their cure; take that back when all are put right. Part of the caller's
    transaction."""
    if not _stored(connection):
        return
    wrong = _wrong(connection)
    if not any(wrong.values()):
        _store(connection, {})
        notifications.over(connection, TOLD)
        return
    names = sorted({row["reference_name"] for rows in wrong.values() for row in rows})
    more = [_("and {count} more").format(count=len(names) - NAMED)] if len(names) > NAMED else []
    notifications.tell_once(
        connection,
        TOLD,
        _("Xero has another tax on {names} than was sent; what has the tax types {types} and was not sent yet waits").format(
            names=joined(", ", [*names[:NAMED], *more]), types=", ".join(sorted(map(_called(connection).tax, wrong)))
        ),
        _(
            "While nothing is paid of such a document in Xero, correct its tax there; once it is paid or its tax is filed, your accountant puts the difference right by a document of its own. Then press Retry on each, or Accept"
        ),
    )


def _called(connection: str) -> Called:
    lists = xero_lists.stored(connection) if xero_lists.read_at(connection) else {}
    return called((), lists.get("tax_rates", ()))


def _wrong(connection: str) -> dict[str, list[outbox.Row]]:
    """By tax type the steps that went out wrong and still need a person."""
    found = {}
    for tax_type, names in _stored(connection).items():
        rows = [row for name in names if (row := outbox.get(name=name))]
        found[tax_type] = [row for row in rows if row["state"] == protocol.ATTENTION and row["reason_code"] == CODE]
    return {tax_type: rows for tax_type, rows in found.items() if rows}


def _stored(connection: str) -> dict[str, list[str]]:
    return dict(json.loads(frappe.db.get_value(STATE, connection, "tax_stops") or "{}"))


def _store(connection: str, stops: dict[str, list[str]]) -> None:
    frappe.db.set_value(STATE, connection, "tax_stops", json.dumps(stops) if stops else "", update_modified=False)
