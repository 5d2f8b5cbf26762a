"""Batch payments from Xero that have become a Payment Entry here and show more parts later: what is missing here is a person's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _, amount
from ..incoming.payment import IncomingPayment, Part
from .incoming_rows import DOCTYPE, DRAFT, ENTERED, MATCHED, WAITING, kept, key, payment_of, say

GREW = "batch-grew"


def notice(connection: str, batches: Iterable[IncomingPayment]) -> None:
    """Leave to a person what has more parts than its Payment Entry was made of. A list that shows some of them again adds nothing. Part of the caller's transaction."""
    for batch in batches:
        name = key(connection, batch.endpoint, batch.xero_id)
        row = frappe.db.get_value(DOCTYPE, name, ["state", "record", "reference_name"], as_dict=True)
        if not row or row["state"] not in (ENTERED, DRAFT, MATCHED) or not batch.stands:
            continue
        known = payment_of(row["record"])
        if more := grown(known, batch):
            say(name, WAITING, _grew(str(row["reference_name"]), more), record=kept(replace(known, parts=(*known.parts, *more))))


def decided(name: str) -> bool:
    """A person has entered what was missing: the row is what it was before. False where the row waits for something else. Part of the caller's transaction."""
    waits = bool(frappe.db.get_value(DOCTYPE, name, "reason_code") == GREW)
    if waits:
        say(name, ENTERED)
    return waits


def grown(known: IncomingPayment, shown: IncomingPayment) -> tuple[Part, ...]:
    """The parts of a batch that were not known."""
    ids = {each.payment_id for each in known.parts}
    return tuple(each for each in shown.parts if each.payment_id not in ids)


def _grew(name: str, more: tuple[Part, ...]) -> Problem:
    missing = sum((each.amount for each in more), Decimal(0))
    return Problem(
        GREW,
        _("The batch payment in Xero that is {name} here has another {amount} since").format(name=name, amount=amount(f"{missing:.2f}")),
        _(
            "Look at it in Xero, and enter here by hand what is missing; or cancel {name}, and enter all of it by hand. Then press Done by Hand"
        ).format(name=name),
        held=True,
    )
