"""What Xero shows right now, looked at for each kind of step just before it is sealed: its element is made, or the step is settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..accounting.problems import Problem
from ..documents.identity import INVOICE_DOCTYPES
from ..documents.translation import Translation
from ..engine import outbox, reading
from ..engine.agreement import looked_at_again
from ..engine.context import Context
from ..engine.lease import Lease
from ..xero.records import elements as records
from ..xero.records.base import GONE
from ..xero.records.registry import CREDIT_NOTE, INVOICE, parent_at
from .advances import look_paid_allocation, look_undo_credits
from .credits import look_allocation, look_credits
from .journals import as_translated, look_money, look_undo
from .openings import was_there_before, without_existing
from .paid_inside import look_paid_inside
from .payments import look_payments
from .recheck import settlers
from .undo import finish_undo
from .updates import look_updates
from .work import Work, not_in_xero, settle

Made = list[tuple[Work, Translation]]


def _invoices(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """New ones are translated already; one that is linked (somebody pressed Retry) is only looked at again."""
    batch = without_existing(context, lease, batch)
    linked = [work for work in batch if work.linked]
    remote = reading.invoices(context, lease, [work.xero_id for work in linked]) if linked else {}
    for work in linked:
        looked_at_again(work, remote.get(work.xero_id))
    return [(work, work.translation) for work in batch if work.translation]


def _payments(context: Context, lease: Lease, batch: list[Work]) -> Made:
    inside = [work for work in batch if work.doc["doctype"] in INVOICE_DOCTYPES]
    entries = [work for work in batch if work not in inside]
    return look_payments(context, lease, entries) + (look_paid_inside(context, lease, inside) if inside else [])


def _void_invoices(context: Context, lease: Lease, batch: list[Work]) -> Made:
    remote = reading.invoices(context, lease, [work.xero_id for work in batch])
    made: Made = []
    for work in batch:
        element = remote.get(work.xero_id) or {}
        made += _undo(context, work, element, element.get("InvoiceNumber") or work.doc["name"], INVOICE.used(element))
    return made


def _undo(context: Context, work: Work, element: dict[str, Any], number: str, used: bool) -> Made:
    """Void what is approved, delete what is not, close what is gone; what was paid or applied in Xero is a person's."""
    status = element.get("Status", "")
    if status in GONE:
        finish_undo(context, work.row, work.doc, str((work.linked or {})["name"]), status)
    elif not status:
        settle(work.row, [not_in_xero(number)])
    elif work.linked and was_there_before(work.linked):
        problem = Problem(
            "adopted-stays",
            f"{work.doc['name']} was cancelled here; {number} was in Xero before and stays there",
            f"Void {number} in Xero if it is not owed, then press Retry",
            held=True,
        )
        settle(work.row, [problem])
    elif used and (waiting := settlers(context, element)):
        name = work.doc["name"]
        problem = Problem(
            "waits-for-cancel", f"Waits until what paid {name} is taken off it in Xero", f"See what stops {waiting[0]['reference_name']}"
        )
        outbox.move(work.row, "release", problem, blocked_on=waiting[0]["name"])
    elif used:
        problem = Problem(
            "cancel-of-paid",
            f"{work.doc['name']} was cancelled here, but {number} has payments or credits in Xero",
            f"Remove the payments of {number} in Xero (or cancel their Payment Entries here), then press Retry",
            held=True,
        )
        settle(work.row, [problem])
    else:
        target = work.kind.xero_object.undone(status)
        return [(work, Translation({work.kind.id_field: work.xero_id, "Status": target}, {work.kind.id_field: work.xero_id}))]
    return []


def _allocations(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """Of an over- or prepayment, or of a credit note."""
    look = look_paid_allocation if parent_at(batch[0].path).is_advance else look_allocation
    return look(context, lease, batch)


def _delete(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """One that a person has deleted in Xero already is done; one that Xero does not show is sent all the same, and Xero says why not."""
    made: Made = []
    for work in batch:
        element = reading.each(context, lease, work.kind.endpoint, [work.xero_id])[0] or {}
        if records.gone(element):
            finish_undo(context, work.row, work.doc, str((work.linked or {})["name"]), element["Status"])
        else:
            made.append((work, Translation({"Status": work.kind.xero_object.undone(element.get("Status", ""))}, {work.kind.id_field: work.xero_id})))
    return made


def _delete_nested(context: Context, lease: Lease, batch: list[Work]) -> Made:
    return [(work, Translation({}, {work.kind.id_field: work.xero_id})) for work in batch]


def _void_credits(context: Context, lease: Lease, batch: list[Work]) -> Made:
    made: Made = []
    for work, shown in zip(batch, reading.each(context, lease, CREDIT_NOTE.endpoint, [work.xero_id for work in batch])):
        element = shown or {}
        made += _undo(context, work, element, element.get("CreditNoteNumber") or work.doc["name"], CREDIT_NOTE.used(element))
    return made


LOOK: dict[str, Callable[[Context, Lease, list[Work]], Made]] = {
    "invoice": _invoices,
    "payment": _payments,
    "batch-payment": look_payments,
    "void-invoice": _void_invoices,
    "delete-payment": _delete,
    "delete-batch-payment": _delete,
    "update-invoice": look_updates,
    "update-credit-note": look_updates,
    "credit-note": look_credits,
    "void-credit-note": _void_credits,
    "overpayment": as_translated,
    "undo-overpayment": look_undo_credits,
    "prepayment": as_translated,
    "undo-prepayment": look_undo_credits,
    "bank-transaction": look_money,
    "delete-bank-transaction": look_undo,
    "allocation": _allocations,
    "delete-allocation": _delete_nested,
    "manual-journal": as_translated,
    "void-journal": look_undo,
    "bank-transfer": as_translated,
    "delete-transfer": look_undo,
}
