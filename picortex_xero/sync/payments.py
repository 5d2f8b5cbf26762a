"""Payment entries that settle documents: payments, batch payments and refunds, as `settlement.plan` plans them. Steps "payment-n".

Their further steps are in `beside`, advances in `advances`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import frappe

from ..accounting.problems import Problem, Refused
from ..accounting.tax import row_total
from ..documents.identity import identity
from ..documents.settlement import payment
from ..documents.settlement.clearing import clearing_leg
from ..documents.settlement.deductions import taking_back
from ..documents.settlement.discount import discount_note
from ..documents.settlement.fee import fee
from ..documents.settlement.plan import ADVANCE, Plan, plan, settled, unallocated, unsuitable
from ..documents.settlement.prepayment import is_prepayment
from ..documents.settlement.settlement import Settlement, SettlementKind
from ..documents.translation import Translation
from ..engine import links, outbox, protocol
from ..engine.context import Context
from ..engine.lease import Lease
from ..engine.outbox import Row
from ..xero.records.base import GONE
from ..xero.records.registry import KINDS
from . import parties
from .advances import ready_advance
from .targets import advance, as_target, as_targets, shown, target
from .transfers import ready_transfer
from .undo import waits_for_cancels
from .work import Work, sequence, settle, supersede, wait_for_approval

Made = list[tuple[Work, Translation]]


def ready_payment(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement) -> Work | None:
    """A payment or refund, once all that it settles is in Xero; its further steps are added when the first is looked at."""
    if done(context, row, doc):
        return None
    if settlement.kind is SettlementKind.TRANSFER:
        return ready_transfer(context, row, doc, settlement)
    if problems := unsuitable(settlement):
        settle(row, problems)
        return None
    if settlement.forward and (is_prepayment(settlement) or unallocated(settlement)):
        return ready_advance(context, row, doc, settlement)
    if unallocated(settlement):
        settle(row, [_waits_for_credit(settlement)])
        return None
    made = planned(context, row, settlement)
    if made is None or not _possible(context, row, settlement, made):
        return None
    targets = _targets(context, row, made)
    if targets is None:
        return None
    batch = payment.is_batch(settlement, made.legs, [as_target(found) for found in targets], context.mapping)
    steps, part = made.payments(batch), sequence(row["role"])
    if not steps:
        # A journal that writes off: no money moves, all that it takes off is a credit note.
        _add_steps(row, made, 0)
        supersede(row, f"{doc['name']} moves no money; it goes to Xero as a credit note")
        return None
    if part > len(steps):
        supersede(row, "The payment no longer has this reference")
        return None
    if part == 1:
        _add_steps(row, made, len(steps))
    elif made.fees and waits_its_turn(context, row, doc, ("payment",)):
        # Both are of one invoice: what is left of it tells of the first only once its fate is known.
        return None
    kind = KINDS["batch-payment" if batch and part == 1 else "payment"]
    return Work(
        row,
        doc,
        kind,
        {identity(doc).digest, *(targets[leg.at]["xero_id"] for leg in steps[part - 1])},
        targets=targets,
        settlement=settlement,
    )


def look_payments(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """What each payment settles as Xero shows it now, then the payment."""
    remote = shown(context, lease, [found for work in batch for found in work.targets])
    made: Made = []
    for work in batch:
        try:
            translation = _translated(context, work, remote)
        except Refused as refused:
            settle(work.row, refused.problems)
        else:
            made += [(work, translation)] if translation else []
    return made


def _translated(context: Context, work: Work, remote: dict[str, dict[str, Any]]) -> Translation | None:
    """One payment against its documents as Xero shows them now, or None after letting it wait. Raises Refused."""
    settlement = work.settlement
    assert settlement is not None
    made = plan(settlement, context.mapping, [str(found["currency"]) for found in work.targets])
    targets = as_targets(context, work, remote)
    batch = payment.is_batch(settlement, made.legs, targets, context.mapping)
    part = sequence(work.row["role"])
    legs = made.payments(batch)[part - 1]
    mine = [targets[leg.at] for leg in legs]
    if any(target.status in ("DRAFT", "SUBMITTED") for target in mine):
        wait_for_approval(work.row)
        return None
    if gone := [leg.name for leg, target in zip(legs, mine) if target.status in (*GONE, "")]:
        problem = Problem(
            "invoice-gone",
            f"{', '.join(gone)} was voided or deleted in Xero",
            "See who removed it there, and cancel it here or enter it again in Xero",
            held=True,
        )
        raise Refused([problem])
    if batch and part == 1:
        return payment.batch_payment(settlement, context.mapping, legs, targets)
    return payment.payment(settlement, context.mapping, legs[0], mine[0])


def planned(context: Context, row: Row, settlement: Settlement) -> Plan | None:
    """What a payment becomes, or None after showing why it cannot."""
    try:
        return plan(settlement, context.mapping, currencies(settlement))
    except Refused as refused:
        settle(row, refused.problems)
        return None


def currencies(settlement: Settlement) -> list[str]:
    """The currency of each document that a payment settles; an advance has that of its party account."""
    return [
        settlement.party_side.currency if part.doctype == ADVANCE else str(frappe.db.get_value(part.doctype, part.name, "currency"))
        for part in settled(settlement)
    ]


def _targets(context: Context, row: Row, made: Plan) -> list[dict[str, Any]] | None:
    """All that a payment settles, with their Xero ids; None after letting it wait for one."""
    targets = []
    for part in made.parts:
        found = advance(context, row, part.name) if part.doctype == ADVANCE else target(context, row, part.doctype, part.name)
        if found is None or (part.doctype != ADVANCE and waits_for_cancels(context, row, part.doctype, part.name)):
            return None
        targets.append(found)
    return targets


def _possible(context: Context, row: Row, settlement: Settlement, made: Plan) -> bool:
    """Whether all that follows a payment can be made, so that it is never sent half; else its problems are shown, or it waits for a contact."""
    problems: list[Problem] = []
    numbers = range(1, len(made.fees) + 1)
    tries: list[Callable[[], Translation]] = [partial(fee, settlement, context.mapping, made, number, "", "") for number in numbers]
    tries += [lambda: discount_note(settlement, context.mapping, made, "")] if made.credits else []
    tries += [lambda: clearing_leg(settlement, context.mapping, settlement.spend_or_receive, "", "")] if made.crosses else []
    for attempt in tries:
        try:
            attempt()
        except Refused as refused:
            problems += [problem for problem in refused.problems if problem not in problems]
    problems += taking_back(settlement, made.credits, _untaxed(context, made))
    if problems:
        settle(row, problems)
        return False
    return all(parties.contact_named(context, row, "Xero Deduction Mapping", each.choice.row) for each in made.fees)


def _untaxed(context: Context, made: Plan) -> list[str]:
    """Those of the invoices that a payment's own credit note is taken off which carry no tax here."""
    found = []
    for part in {made.parts[each.invoice] for each in made.allocations if each.credit is None}:
        rows = frappe.get_doc(part.doctype, part.name).as_dict().get("taxes") or []
        if not any(row_total(row) for row in rows if context.mapping.is_tax(row["account_head"])):
            found.append(part.name)
    return sorted(found)


def _add_steps(row: Row, made: Plan, payments: int) -> None:
    for number in range(2, payments + 1):
        outbox.add_sibling(row, f"payment-{number}")
    for number in range(1, len(made.fees) + 1):
        outbox.add_sibling(row, f"fee-{number}")
    if made.credits:
        outbox.add_sibling(row, "credit-1")
    for number in range(1, len(made.allocations) + 1):
        outbox.add_sibling(row, f"allocation-{number}")
    if made.crosses:
        outbox.add_sibling(row, "clearing-1")


def waits_its_turn(context: Context, row: Row, doc: dict[str, Any], roles: tuple[str, ...]) -> bool:
    """Whether a step was postponed, because one of these `roles` of the same payment comes first: of its own role those before it."""
    mine = (row["role"].partition("-")[0], sequence(row["role"]))
    for step in outbox.steps_of(context.connection, identity(doc)):
        role, _, number = step["role"].partition("-")
        first = role in roles and step["generation"] == row["generation"] and (role != mine[0] or int(number or 1) < mine[1])
        if first and step["state"] in protocol.UNFINISHED:
            problem = Problem("waits-for-payment", f"Waits until {doc['name']} itself is in Xero", f"See what stops {doc['name']}")
            return outbox.postpone(row, blocked_on=step["name"], problem=problem)
    return False


def done(context: Context, row: Row, doc: dict[str, Any]) -> bool:
    """Whether a step's record is there already; the step is closed then."""
    wanted = (row["role"].partition("-")[0], sequence(row["role"]))
    there = [(link["role"], link["sequence"]) for link in links.of(context.connection, identity(doc), row["generation"])]
    return wanted in there and outbox.move(row, "recorded")


def _waits_for_credit(settlement: Settlement) -> Problem:
    return Problem(
        "refund-waits",
        f"{settlement.name} pays money back, and it is not said for what: {unallocated(settlement)} of it belong to no credit note and no advance",
        f"Open Payment Reconciliation for {settlement.party} and match {settlement.name} with the credit note or advance that it pays back",
        held=True,
    )
