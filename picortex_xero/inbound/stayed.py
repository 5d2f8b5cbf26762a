"""What people had entered in Xero before its kind came back, and that stays there: counted while all lists are looked through, so that it is said how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from ..engine.contexts import Context
from ..incoming import facts
from ..incoming.payment import read
from ..xero.records.registry import PAYMENT
from . import people_entries, people_rows
from .incoming_rows import DOCTYPE

Element = dict[str, Any]
PAYMENTS = "payments_from_xero"
# By which the company chooses what comes back.
SETTINGS = (PAYMENTS, *(kind.setting for kind in people_entries.KINDS))


def setting(endpoint: str) -> str:
    """The setting of what a list shows that pays nothing; "" where it shows nothing of the kind."""
    return next((kind.setting for kind in people_entries.KINDS if endpoint in kind.endpoints), "")


def payments(context: Context, endpoint: str, before: Sequence[Element]) -> dict[str, int]:
    """Of payments from before, how many pay what was sent from here."""
    if endpoint != PAYMENT.endpoint or not before:
        return {}
    shown = [each for each in read(before) if each.stands]
    pays = facts.noticed(context.connection, (part.target for each in shown for part in each.parts))
    mine = [each for each in shown if any(part.target in pays for part in each.parts)]
    return _without_a_row(context, PAYMENTS, [(each.endpoint, each.xero_id) for each in mine])


def entries(context: Context, endpoint: str, before: Sequence[Element]) -> dict[str, int]:
    """Of records from before that pay nothing, how many would come back."""
    kind = next((each for each in people_entries.KINDS if endpoint in each.endpoints), None)
    if kind is None or not before:
        return {}
    shown = [kind.read(endpoint, each) for each in before]
    live = str(context.go_live_date or "9999")
    mine = [(each.endpoint, each.xero_id) for each in shown if each is not None and each.stands and each.date >= live]
    return _without_a_row(context, kind.setting, mine)


def _without_a_row(context: Context, its: str, records: list[tuple[str, str]]) -> dict[str, int]:
    names = [people_rows.key(context.connection, *each) for each in records]
    listed = set(frappe.get_all(DOCTYPE, filters={"name": ("in", names)}, pluck="name")) if names else set()
    return {its: len(set(names) - listed)} if set(names) - listed else {}
