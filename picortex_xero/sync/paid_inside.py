"""Payments that were entered inside an invoice (counter sales, bills paid on entry, their returns). Steps "payment-n" of the invoice."""

from __future__ import annotations

from typing import Any

from ..accounting.problems import Problem, Refused
from ..documents.identity import identity
from ..documents.settlement.paid_on_entry import tenders
from ..documents.settlement.paid_on_entry_payment import payment
from ..documents.translation import Translation
from ..engine import links, outbox, reading
from ..engine.context import Context
from ..engine.lease import Lease
from ..engine.outbox import Row
from ..xero.records.base import GONE
from ..xero.records.registry import CREDIT_NOTE, KINDS
from .targets import as_target, target
from .work import Work, sequence, settle, supersede, wait_for_approval

Made = list[tuple[Work, Translation]]


def add_payments(row: Row, doc: dict[str, Any]) -> None:
    """Ask for a step per sum that changed hands; each waits for the invoice or credit note itself."""
    for number, tender in enumerate(tenders(doc), start=1):
        outbox.add_sibling(row, f"payment-{number}", amount=tender.amount)


def ready_paid_inside(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """One sum, once the document that it settles is in Xero."""
    who, part = identity(doc), sequence(row["role"])
    if any((link["role"], link["sequence"]) == ("payment", part) for link in links.of(context.connection, who, row["generation"])):
        outbox.move(row, "recorded")
        return None
    if part > len(tenders(doc)):
        supersede(row, f"{who.name} no longer has this payment")
        return None
    found = target(context, row, doc["doctype"], doc["name"])
    if found is None:
        return None
    return Work(row, doc, KINDS["payment"], {who.digest, found["xero_id"]}, targets=[found])


def look_paid_inside(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """What Xero shows of each document now, then its payment."""
    notes = [work.targets[0]["xero_id"] for work in batch if work.doc.get("is_return")]
    remote = reading.invoices(context, lease, [work.targets[0]["xero_id"] for work in batch if not work.doc.get("is_return")])
    remote |= {xero_id: element or {} for xero_id, element in zip(notes, reading.each(context, lease, CREDIT_NOTE.endpoint, notes))}
    made: Made = []
    for work in batch:
        element = remote.get(work.targets[0]["xero_id"]) or {}
        try:
            translation = _translated(context, work, element)
        except Refused as refused:
            settle(work.row, refused.problems)
        else:
            made += [(work, translation)] if translation else []
    return made


def _translated(context: Context, work: Work, element: dict[str, Any]) -> Translation | None:
    """The payment, or None after letting it wait for approval. Raises Refused."""
    name, status = work.doc["name"], element.get("Status", "")
    if status in ("DRAFT", "SUBMITTED"):
        wait_for_approval(work.row)
        return None
    if status in (*GONE, ""):
        problem = f"{name} was paid on entry, but was voided or deleted in Xero"
        raise Refused(
            [Problem("invoice-gone", problem, f"See who removed {name} there, and cancel it here or enter it again in Xero", held=True)]
        )
    return payment(work.doc, context.mapping, as_target(work.targets[0], element), sequence(work.row["role"]))
