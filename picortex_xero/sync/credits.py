"""Returns: the credit note, and taking credit off an invoice. Steps "credit" and "allocation-n".

An allocation has no marker in Xero: what both sides have left is read just before, one is in flight per credit, and afterwards the
credit's own allocations tell what happened.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, decimal, half_up
from ..accounting.problems import Problem, Refused
from ..documents.credit_note.credit_note import allocation, applied_at_once, credit_note, to_the_cent
from ..documents.identity import amount_due, identity
from ..documents.journal_entry.rows import Journal
from ..documents.translation import Translation
from ..engine import links, outbox, reading
from ..engine.agreement import looked_at_again
from ..engine.context import Context
from ..engine.lease import Lease
from ..engine.outbox import Row
from ..xero.records.base import GONE
from ..xero.records.registry import ALLOCATION, CREDIT_NOTE, object_at
from . import parties
from .ledger import with_ledger
from .paid_inside import add_payments
from .targets import target
from .undo import waits_for_cancels
from .work import Applied, Work, settle, wait_for_approval
from .write_offs import add_write_off


def ready_credit(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """A return whose contact is in Xero; its allocation follows as a step of its own where the host applied it at once."""
    who = identity(doc)
    linked = [link for link in links.of(context.connection, who, row["generation"]) if link["role"] == "credit"]
    if linked:
        return Work(row, doc, CREDIT_NOTE.made_by, {who.digest}, linked=linked[0], xero_id=linked[0]["xero_id"])
    contact_id, party = parties.contact_of(context, parties.invoiced(doc))
    doc = with_ledger(context, doc)
    try:
        translation = credit_note(doc, context.mapping, contact_id, row["number_suffix"] or 0)
    except Refused as refused:
        settle(row, refused.problems)
        return None
    if not contact_id:
        parties.wait_for(context, row, parties.invoiced(doc), party)
        return None
    if applied_at_once(doc):
        outbox.add_sibling(row, "allocation-1")
    add_payments(row, doc)
    add_write_off(row, doc)
    return Work(row, doc, CREDIT_NOTE.made_by, {who.digest}, translation)


def ready_allocation(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """A return that the host took off its invoice at once."""
    amount = abs(decimal(amount_due(doc)))
    return allocate(context, row, doc, (doc["doctype"], doc["name"]), doc["return_against"], amount, doc["currency"])


def ready_applied_by_journal(context: Context, row: Row, entry: Journal) -> Work | None:
    """A journal that takes a return off an invoice, as Payment Reconciliation makes them: one allocation, never a manual journal."""
    taken, used = sorted(entry.legs, key=lambda leg: bool(leg.row["reference_is_return"]))
    credit = (used.row["reference_type"], used.row["reference_name"])
    return allocate(context, row, entry.doc, credit, taken.row["reference_name"], abs(taken.own))


def allocate(
    context: Context, row: Row, doc: dict[str, Any], credit: tuple[str, str], invoice: str, amount: Decimal, currency: str = ""
) -> Work | None:
    """The work of taking `amount` of a credit note off an invoice of the same kind, once both are in Xero. It is in `currency`, or in that
    of the party account: then a foreign invoice's share is converted at its own rate."""
    who = identity(doc)
    if any(object_at(link["endpoint"]) is ALLOCATION for link in links.of(context.connection, who, row["generation"])):
        outbox.move(row, "recorded")
        return None
    found_credit = target(context, row, *credit)
    found = target(context, row, credit[0], invoice) if found_credit else None
    if found is None or found_credit is None:
        return None
    if any(waits_for_cancels(context, row, credit[0], name) for name in (credit[1], invoice)):
        return None
    if found["currency"] != found_credit["currency"]:
        settle(row, [_two_currencies(credit[1], found_credit["currency"], invoice, found["currency"])])
        return None
    converted = found["currency"] != (currency or found["party_account_currency"])
    if converted:
        amount = half_up(amount / decimal(found["conversion_rate"]))
    settles = converted and ZERO in (decimal(found["outstanding_amount"]), decimal(found_credit["outstanding_amount"]))
    parent = f"{CREDIT_NOTE.endpoint}/{found_credit['xero_id']}"
    return Work(
        row,
        doc,
        ALLOCATION.made_by,
        {who.digest, found_credit["xero_id"], found["xero_id"]},
        targets=[found],
        path=ALLOCATION.made_by.path_below(parent),
        applied=Applied(parent, credit[1], amount, str(doc["posting_date"]), settles),
    )


def _two_currencies(credit: str, credit_currency: str, invoice: str, currency: str) -> Problem:
    return Problem(
        "allocation-currency",
        f"{credit} in {credit_currency} was taken off {invoice} in {currency}, which Xero's credits cannot do",
        f"In Xero, refund {credit} to a clearing account and pay {invoice} from there, on this date and with these amounts",
        held=True,
    )


def look_credits(context: Context, lease: Lease, batch: list[Work]) -> list[tuple[Work, Translation]]:
    """New credit notes are translated already; one that is linked (somebody pressed Retry) is only looked at again."""
    for work in batch:
        if not work.linked:
            continue
        looked_at_again(work, reading.each(context, lease, CREDIT_NOTE.endpoint, [work.xero_id])[0])
    return [(work, work.translation) for work in batch if work.translation]


def look_allocation(context: Context, lease: Lease, batch: list[Work]) -> list[tuple[Work, Translation]]:
    """Read both sides, then allocate what the host applied."""
    work = batch[0]
    found, applied = work.targets[0], work.applied
    assert applied is not None
    credit = reading.credit_behind(context, lease, applied.parent)
    invoice = reading.invoices(context, lease, [found["xero_id"]]).get(found["xero_id"]) or {}
    if {credit.get("Status"), invoice.get("Status")} & {"DRAFT", "SUBMITTED"}:
        wait_for_approval(work.row)
        return []
    if gone := [name for name, side in ((applied.credit, credit), (found["name"], invoice)) if side.get("Status", "") in (*GONE, "")]:
        problem = Problem(
            "credit-gone",
            f"{applied.credit} belongs on {found['name']}, but {' and '.join(gone)} was voided or deleted in Xero",
            f"See who removed it there, and cancel {applied.credit} here or apply it in Xero by hand",
            held=True,
        )
        settle(work.row, [problem])
        return []
    left, due = decimal(credit.get("RemainingCredit")), decimal(invoice.get("AmountDue"))
    work.remaining = left
    amount = to_the_cent(applied.amount, left, due, applied.settles)
    try:
        return [(work, allocation(amount, applied.date, found["xero_id"], left, due, (applied.credit, found["name"])))]
    except Refused as refused:
        settle(work.row, refused.problems)
        return []
