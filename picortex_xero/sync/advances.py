"""Payments with a part that belongs to no invoice: the over- or prepayment, its allocations, and taking both back.

The whole payment becomes one of them (step "payment"); every invoice it settles, at once or later, is one allocation of it (steps
"allocation-n"). Such a step is bound to no row: it takes what the host has allocated and Xero has not, so that a row that ERPNext
splits, drops or adds by SQL never makes it wrong. Rows that change without any event (Unreconcile Payment, a cancelled invoice)
are what `recheck` is for: their Payment Entry fires nothing.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal
from ..accounting.problems import Problem, Refused
from ..documents.credit_note.credit_note import allocation
from ..documents.identity import identity
from ..documents.settlement.overpayment import overpayment
from ..documents.settlement.plan import ADVANCE, settled, unsuitable
from ..documents.settlement.prepayment import is_prepayment, prepayment
from ..documents.settlement.settlement import Part, Settlement
from ..documents.translation import Translation
from ..engine import link_targets, links, outbox, protocol, reading
from ..engine.context import Context
from ..engine.lease import Lease
from ..engine.outbox import Row
from ..xero.records import elements as records
from ..xero.records.base import GONE
from ..xero.records.registry import ALLOCATION, KINDS, object_at
from . import parties, recheck
from .targets import in_xero, payment_steps, target
from .undo import STAYS, finish_undo, takes_back, waits_for_cancels
from .work import Applied, Work, not_in_xero, sequence, settle, supersede, wait_for_approval

Made = list[tuple[Work, Translation]]


def ready_advance(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement) -> Work | None:
    """A payment with an unallocated part, once its party is in Xero. It waits for no invoice: the money has moved."""
    who = identity(doc)
    if sequence(row["role"]) > 1:
        supersede(row, f"It is part of the advance {who.name}")
        return None
    for step in outbox.steps_of(context.connection, who):
        if step["role"].startswith("payment-") and step["state"] in protocol.IN_FLIGHT:
            outbox.postpone(row, blocked_on=step["name"])
            return None
    if any(link["role"] == "payment" for link in links.of(context.connection, who, row["generation"])):
        _enter_again(row)
        return None
    parts = settled(settlement)
    currencies = {part.name: str(frappe.db.get_value(part.doctype, part.name, "currency")) for part in parts}
    contact_id, party = parties.contact_of(context, settlement.named_party)
    site = (context.site_url, context.instance, row["generation"])
    kind, translate = ("prepayment", prepayment) if is_prepayment(settlement) else ("overpayment", overpayment)
    try:
        made = translate(settlement, context.mapping, contact_id, *site, currencies)
    except Refused as refused:
        settle(row, refused.problems)
        return None
    if not contact_id:
        parties.wait_for(context, row, settlement.named_party, party)
        return None
    for number in range(1, len(parts) + 1):
        outbox.add_sibling(row, f"allocation-{number}")
    return Work(row, doc, KINDS[kind], {who.digest, contact_id}, made)


def ready_paid_allocation(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement) -> Work | None:
    """The next invoice that this payment settles and its over- or prepayment in Xero does not yet."""
    who = identity(doc)
    _wake_refunds(context, settlement)
    steps = outbox.steps_of(context.connection, who)
    linked = links.live(context.connection, who)
    credit = next((link for link in linked if link["role"] == "payment"), None)
    if credit is None or not object_at(credit["endpoint"]).is_advance:
        _without_overpayment(context, row, settlement, steps, linked)
        return None
    for step in steps:
        if takes_back(step) and step["state"] in protocol.UNFINISHED:
            outbox.postpone(row, blocked_on=step["name"])
            return None
    siblings = [step for step in steps if step["role"].startswith("allocation") and step["name"] != row["name"]]
    for step in siblings:
        # Nothing marks an allocation in Xero: while the fate of one is open, no other is begun.
        if step["state"] in protocol.IN_FLIGHT:
            outbox.postpone(row, blocked_on=step["name"])
            return None
    missing = _not_allocated(context, settlement, linked)
    if not missing:
        if problems := unsuitable(settlement):
            settle(row, problems)
        else:
            supersede(row, f"All that {who.name} settles is allocated in Xero")
        return None
    if len(missing) > 1 and not any(step["state"] in protocol.UNFINISHED for step in siblings):
        outbox.add_sibling(row, f"allocation-{max(sequence(step['role']) for step in (row, *siblings)) + 1}")
    part, found = next(((part, found) for part, found in missing if found), missing[0])
    if not found:
        target(context, row, part.doctype, part.name)
        return None
    if waits_for_cancels(context, row, part.doctype, part.name):
        return None
    if found["currency"] != settlement.bank_side.currency:
        problem = Problem(
            "overpayment-other-currency",
            f"{who.name} is an advance in {settlement.bank_side.currency} in Xero, {part.name} is in {found['currency']}",
            f"In Xero, refund the advance to a clearing account and pay {part.name} from there, on this date and with these amounts",
            held=True,
        )
        settle(row, [problem])
        return None
    parent = f"{credit['endpoint']}/{credit['xero_id']}"
    applied = Applied(parent, who.name, part.allocated, max(str(doc["posting_date"]), str(found["posting_date"])))
    chain = {who.digest, credit["xero_id"], found["xero_id"]}
    return Work(row, doc, ALLOCATION.made_by, chain, targets=[found], path=ALLOCATION.made_by.path_below(parent), applied=applied)


def look_paid_allocation(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """Read both sides, then allocate what is missing: what a person allocated in Xero meanwhile is taken over."""
    work = batch[0]
    found, applied = work.targets[0], work.applied
    assert applied is not None
    credit = reading.credit_behind(context, lease, applied.parent)
    invoice = reading.invoices(context, lease, [found["xero_id"]]).get(found["xero_id"]) or {}
    gone = [name for name, each in ((applied.credit, credit), (found["name"], invoice)) if each.get("Status", "") in (*GONE, "")]
    if gone:
        cure = "See who removed it there, and cancel it here or enter it again in Xero"
        settle(work.row, [Problem("invoice-gone", f"{', '.join(gone)} was voided or deleted in Xero", cure, held=True)])
        return []
    if invoice["Status"] in ("DRAFT", "SUBMITTED"):
        wait_for_approval(work.row)
        return []
    there = [each for each in credit.get("Allocations") or [] if (each.get("Invoice") or {}).get("InvoiceID") == found["xero_id"]]
    amount = applied.amount - sum((decimal(each["Amount"]) for each in there), ZERO)
    if amount <= ZERO:
        _take_over(context, work, there)
        return []
    left, due = decimal(credit.get("RemainingCredit")), decimal(invoice.get("AmountDue"))
    work.remaining = left
    try:
        return [(work, allocation(amount, applied.date, found["xero_id"], left, due, (applied.credit, found["name"])))]
    except Refused as refused:
        settle(work.row, refused.problems)
        return []


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


def _not_allocated(context: Context, settlement: Settlement, linked: list[dict[str, Any]]) -> list[tuple[Part, dict[str, Any] | None]]:
    """What the host allocates beyond our allocations in Xero, each with its invoice where that is in Xero."""
    done: dict[str, Decimal] = {}
    for link in linked:
        if link["role"] == "allocation" and link["remote_status"] not in GONE:
            marker = json.loads(link["marker"])
            done[marker["InvoiceID"]] = done.get(marker["InvoiceID"], ZERO) + decimal(marker["Amount"])
    missing = []
    for part in settled(settlement):
        found = in_xero(context, part.doctype, part.name)
        if found is None or part.allocated > done.get(found["xero_id"], ZERO):
            missing.append((part, found))
    return missing


def _take_over(context: Context, work: Work, there: list[dict[str, Any]]) -> None:
    """Somebody allocated it in Xero: it becomes ours, so that a cancel takes it back too."""
    who = identity(work.doc)
    endpoint = work.path.partition("?")[0]
    known = {link["xero_id"] for link in links.of(context.connection, who)}
    for each in there:
        if each["AllocationID"] not in known:
            marker = json.dumps({"InvoiceID": work.targets[0]["xero_id"], "Amount": str(each["Amount"])})
            number = sequence(work.row["role"])
            links.add(
                context.connection,
                context.company,
                who,
                "allocation",
                number,
                endpoint,
                each["AllocationID"],
                generation=work.row["generation"],
                marker=marker,
                adopted=True,
            )
            break
    outbox.move(work.row, "recorded")


def _without_overpayment(context: Context, row: Row, settlement: Settlement, steps: list[Row], linked: list[dict[str, Any]]) -> None:
    """There is no overpayment to allocate from: it is still to come, or the payment went to Xero as payments of its invoices, or never."""
    name = settlement.name
    step = next((step for step in steps if step["role"].startswith("payment") and step["state"] in protocol.UNFINISHED), None)
    if step:
        if step["state"] == protocol.HELD:
            # What it settles has changed since it was held: look again.
            outbox.move(step, "release")
        problem = Problem("waits-for-payment", f"Waits until {name} is in Xero", f"See what stops {name}")
        outbox.postpone(row, blocked_on=step["name"], problem=problem)
        return
    parts = settled(settlement)
    wanted = [found for part in parts if (found := in_xero(context, part.doctype, part.name))]
    paid = [link for link in linked if link["role"] == "payment"]
    if paid:
        done = link_targets.settled_by([link["name"] for link in paid])
        if all(found["xero_id"] in done for found in wanted) and len(wanted) == len(parts):
            supersede(row, f"It is part of the payment {name}")
        else:
            _enter_again(row)
    elif wanted or any(_on_its_way(context, part) for part in parts):
        cure = f"Allocate {name} in Xero by hand, where it was entered; nothing is left to do here"
        settle(
            row, [Problem("advance-not-in-xero", f"{name} was never sent to Xero, but settles an invoice that is there", cure, held=True)]
        )
    else:
        supersede(row, f"Neither {name} nor what it settles was sent to Xero")


def _wake_refunds(context: Context, settlement: Settlement) -> None:
    """Payment Reconciliation notes on the advance alone what pays it back (recorded): the refund that waited for this looks again."""
    for part in settlement.parts:
        for step in payment_steps(context, part.name) if part.doctype == ADVANCE else []:
            if step["state"] == protocol.HELD and step["role"] == "payment":
                outbox.move(step, "release")


def _on_its_way(context: Context, part: Part) -> bool:
    """Whether an invoice is still on its way to Xero."""
    return any(step["state"] in protocol.UNFINISHED for step in outbox.steps_named(context.connection, part.doctype, part.name))


def _enter_again(row: Row) -> None:
    """It is in Xero as payment of other invoices than it settles here now: it is taken back there and entered again."""
    recheck.add(row)
    supersede(row, f"{row['reference_name']} settles other invoices than before and is entered again")
