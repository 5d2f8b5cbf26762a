"""What goes with a payment of documents: fees, the credit note over a deduction, what the bank moved through clearing, and allocations.

Steps "fee-n", "credit-1", "clearing-1" and "allocation-n" of a payment entry, as `settlement.plan` plans them; they come after its payments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..accounting.problems import Problem, Refused
from ..documents.identity import document_url, identity
from ..documents.settlement.clearing import clearing_leg
from ..documents.settlement.discount import discount_note
from ..documents.settlement.fee import fee
from ..documents.settlement.plan import Allocation, Plan, plan, unallocated
from ..documents.settlement.prepayment import is_prepayment
from ..documents.settlement.settlement import Settlement, SettlementKind
from ..documents.translation import Translation
from ..engine import links
from ..engine.context import Context
from ..engine.outbox import Row
from ..engine.texts import shown
from ..xero.records.registry import ALLOCATION, KINDS, object_at
from . import parties
from .advances import ready_paid_allocation
from .payments import currencies, done, planned, waits_its_turn
from .targets import target
from .transfers import ready_second_leg
from .undo import waits_for_cancels
from .work import Applied, Work, sequence, settle, supersede


def ready_fee(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement) -> Work | None:
    """The spend that books a fee, after the payments that it belongs to."""
    made = _next(context, row, doc, settlement, lambda made: len(made.fees))
    if made is None:
        return None
    number = sequence(row["role"])
    contact_id = parties.contact_named(context, row, "Xero Deduction Mapping", made.fees[number - 1].choice.row)
    if not contact_id:
        return None
    url = document_url(context.site_url, context.instance, identity(doc), row["generation"])
    # Each fee has an address of its own, by which alone it may be found again (as a release has).
    url = url and f"{url}-{row['role']}"
    return _work(row, doc, "bank-transaction", contact_id, lambda: fee(settlement, context.mapping, made, number, contact_id, url))


def ready_discount(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement) -> Work | None:
    """The credit note over a written-off part or discount, after the payments; its allocations follow."""
    made = _next(context, row, doc, settlement, lambda made: int(bool(made.credits)))
    contact_id = _party(context, row, settlement) if made else ""
    if made is None or not contact_id:
        return None
    suffix = row["number_suffix"] or 0
    return _work(row, doc, "credit-note", contact_id, lambda: discount_note(settlement, context.mapping, made, contact_id, suffix))


def ready_clearing(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement) -> Work | None:
    """What the bank moved where the payment itself went through the clearing account, and the second leg of a transfer."""
    if settlement.kind is SettlementKind.TRANSFER:
        early = done(context, row, doc) or waits_its_turn(context, row, doc, ("payment",))
        return None if early else ready_second_leg(context, row, doc, settlement)
    made = _next(context, row, doc, settlement, lambda made: int(made.crosses))
    contact_id = _party(context, row, settlement) if made else ""
    if made is None or not contact_id:
        return None
    url = document_url(context.site_url, context.instance, identity(doc), row["generation"])
    what = settlement.spend_or_receive
    return _work(row, doc, "bank-transaction", contact_id, lambda: clearing_leg(settlement, context.mapping, what, contact_id, url))


def ready_settling_allocation(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement) -> Work | None:
    """A credit that the payment takes off an invoice: a return netted against it, or the payment's own credit note; else part of an advance."""
    if _is_advance(context, row, doc, settlement):
        return ready_paid_allocation(context, row, doc, settlement)
    try:
        made = plan(settlement, context.mapping, currencies(settlement))
    except Refused as refused:
        if not _begun(context, row, doc):
            return ready_paid_allocation(context, row, doc, settlement)
        settle(row, refused.problems)
        return None
    number = sequence(row["role"])
    if number > len(made.allocations):
        return ready_paid_allocation(context, row, doc, settlement)
    if done(context, row, doc) or waits_its_turn(context, row, doc, ("payment", "fee", "credit")):
        return None
    wanted = made.allocations[number - 1]
    part = made.parts[wanted.invoice]
    found = target(context, row, part.doctype, part.name)
    parent, credit = _credit_of(context, row, doc, made, wanted) if found else ("", "")
    if not found or not parent or waits_for_cancels(context, row, part.doctype, part.name):
        return None
    return Work(
        row,
        doc,
        ALLOCATION.made_by,
        {identity(doc).digest, parent.partition("/")[2], found["xero_id"]},
        targets=[found],
        path=ALLOCATION.made_by.path_below(parent),
        applied=Applied(parent, credit, wanted.amount, str(doc["posting_date"])),
    )


def _credit_of(context: Context, row: Row, doc: dict[str, Any], made: Plan, wanted: Allocation) -> tuple[str, str]:
    """Path in Xero and name of the credit of an allocation; ("", "") after letting the step wait."""
    if wanted.credit is None:
        own = [link for link in links.of(context.connection, identity(doc), row["generation"]) if link["role"] == "credit"]
        if own:
            return f"{own[0]['endpoint']}/{own[0]['xero_id']}", shown(own[0]["xero_number"]) or str(doc["name"])
        supersede(row, f"The credit note of {doc['name']} was not sent")
        return "", ""
    part = made.parts[wanted.credit]
    found = target(context, row, part.doctype, part.name)
    if not found or waits_for_cancels(context, row, part.doctype, part.name):
        return "", ""
    return f"{found['endpoint']}/{found['xero_id']}", part.name


def _party(context: Context, row: Row, settlement: Settlement) -> str:
    """ContactID of the party; "" after letting the step wait for it."""
    contact_id, party = parties.contact_of(context, settlement.named_party)
    if not contact_id:
        parties.wait_for(context, row, settlement.named_party, party)
    return contact_id


def _next(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement, count: Callable[[Plan], int]) -> Plan | None:
    """The plan of a payment for a further step of it, whose turn has come; None after moving or postponing the step."""
    if done(context, row, doc) or waits_its_turn(context, row, doc, ("payment",)):
        return None
    made = planned(context, row, settlement)
    if made is None or sequence(row["role"]) <= count(made):
        return made
    problem = Problem(
        "deduction-changed",
        f"{doc['name']} was begun in Xero in another way than its deductions are treated now",
        "Choose under Xero Deduction Mapping or on the Xero Connection what held when it was begun and press Retry, or cancel it and enter it again",
        held=True,
    )
    settle(row, [problem])
    return None


def _is_advance(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement) -> bool:
    """Whether the payment is an over- or prepayment in Xero, or will be one."""
    if linked := _begun(context, row, doc):
        return any(object_at(link["endpoint"]).is_advance for link in linked)
    return bool(settlement.forward and (is_prepayment(settlement) or unallocated(settlement)))


def _begun(context: Context, row: Row, doc: dict[str, Any]) -> list[dict[str, Any]]:
    """The links of the payments themselves that still stand in Xero."""
    return [link for link in links.live(context.connection, identity(doc)) if link["role"] == "payment"]


def _work(row: Row, doc: dict[str, Any], kind: str, contact_id: str, translate: Callable[[], Translation]) -> Work | None:
    try:
        return Work(row, doc, KINDS[kind], {identity(doc).digest, contact_id}, translate())
    except Refused as refused:
        settle(row, refused.problems)
        return None
