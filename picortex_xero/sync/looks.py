"""What Xero shows right now, looked at for each kind of step just before it is sealed: its element is made, or the step is settled."""

from __future__ import annotations

from collections.abc import Callable

from ..documents.identity import INVOICE_DOCTYPES
from ..documents.translation import Translation
from ..engine.context import Context
from ..engine.lease import Lease
from ..xero.records.registry import parent_at
from .advances import look_paid_allocation
from .credits import look_allocation, look_credits
from .journals import as_translated, look_money
from .paid_inside import look_paid_inside
from .payments import look_payments
from .work import Work

Made = list[tuple[Work, Translation]]


def _payments(context: Context, lease: Lease, batch: list[Work]) -> Made:
    inside = [work for work in batch if work.doc["doctype"] in INVOICE_DOCTYPES]
    entries = [work for work in batch if work not in inside]
    return look_payments(context, lease, entries) + (look_paid_inside(context, lease, inside) if inside else [])


def _allocations(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """Of an over- or prepayment, or of a credit note."""
    look = look_paid_allocation if parent_at(batch[0].path).is_advance else look_allocation
    return look(context, lease, batch)


LOOK: dict[str, Callable[[Context, Lease, list[Work]], Made]] = {
    "payment": _payments,
    "batch-payment": look_payments,
    "credit-note": look_credits,
    "overpayment": as_translated,
    "prepayment": as_translated,
    "bank-transaction": look_money,
    "allocation": _allocations,
    "manual-journal": as_translated,
    "bank-transfer": as_translated,
}
