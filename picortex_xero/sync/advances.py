"""Taking back over- and prepayments: only looked at, for the interface for programs cannot remove them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ..accounting.problems import Problem
from ..documents.translation import Translation
from ..engine import reading
from ..engine.context import Context
from ..engine.lease import Lease
from ..xero.records import elements as records
from ..xero.records.base import GONE
from .undo import STAYS, finish_undo
from .work import Work, not_in_xero, settle

Made = list[tuple[Work, Translation]]


def look_undo_credits(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """The allocations are gone; an over- or prepayment itself only a person can remove. Closed once that was done, or the money refunded."""
    kind = batch[0].kind
    for work, element in zip(batch, reading.each(context, lease, kind.endpoint, [work.xero_id for work in batch])):
        name, thing = work.doc["name"], kind.xero_object.noun
        if element is None:
            settle(work.row, [not_in_xero(f"the {thing} of {name}")])
            continue
        refunded = _paid_back(element)
        if element.get("Status") in GONE or refunded:
            status = "Refunded" if refunded and element.get("Status") not in GONE else element["Status"]
            finish_undo(context, work.row, work.doc, str((work.linked or {})["name"]), status)
            continue
        worth = f" of {total}" if (total := records.money(element.get("Total"))) else ""
        problem = Problem(
            STAYS,
            f"{name} was cancelled here, but its {thing}{worth} is still in Xero, which lets no program remove it",
            f'In Xero, open the {thing} "{name}" in the bank account, take it off any invoice and remove it (or refund it), then press Retry',
        )
        settle(work.row, [problem])
    return []


def _paid_back(element: dict[str, Any]) -> bool:
    """Whether Xero shows that the whole of an over- or prepayment was paid back: nothing is left, and its payments are all of it."""
    whole, nothing_left = records.money(element.get("Total")), records.money(element.get("RemainingCredit")) == "0.00"
    return bool(whole and records.paid_back(element)) and nothing_left and records.paid_back(element) == Decimal(whole)
