"""Allocations of a payment's credits to its invoices: of a return among its references, or of its own credit note over what was deducted.

Steps "allocation-n", after all other steps of the payment. Those of an advance are in `advances`.
"""

from __future__ import annotations

from ...accounting.problems import Refused
from ...accounting.texts import _
from .. import base
from ..base import Books, Doc
from ..decisions import Decision, done, overtaken, refused
from ..fact_types import LINKS
from ..needs import Facts
from ..step import Step, own_links
from .advances import is_or_was_advance, plan_advance_taken
from .allocation import AllocationSide, credit_taken
from .breakdown import Breakdown, CreditUsed
from .document_in_xero import find, left_out, wait_for, waits_for_cancels
from .settlement import SettledDocument, Settlement
from .step_order import CREDIT_ROLE, FEE_ROLE, PAYMENT_ROLE, begun, is_made, named, waits_its_turn, what_it_becomes
from .taken_off import in_its_balance


def plan_allocation(step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books) -> base.Plan | Decision:
    """Plan the allocation of one of the payment's credits; for a payment that is an advance see advances.py."""
    if is_or_was_advance(step, settlement, facts):
        return plan_advance_taken(step, doc, settlement, facts, books)
    try:
        made = what_it_becomes(settlement, facts, books)
    except Refused as error:
        return refused(error) if begun(step, facts) else plan_advance_taken(step, doc, settlement, facts, books)
    if step.role.number > len(made.allocations):
        return plan_advance_taken(step, doc, settlement, facts, books)
    if is_made(step, facts):
        return done()
    if decision := waits_its_turn(step, facts, (PAYMENT_ROLE, FEE_ROLE, CREDIT_ROLE)):
        return decision
    wanted = made.allocations[step.role.number - 1]
    invoice = _side(step, made, wanted.invoice, facts, made.parts[wanted.credit] if wanted.credit is not None else None)
    if isinstance(invoice, Decision):
        return invoice
    credit = _credit(step, made, wanted, facts)
    if isinstance(credit, Decision):
        return credit
    part = made.parts[wanted.invoice]
    if decision := waits_for_cancels((part.doctype, part.name), facts):
        return decision
    return credit_taken(step, doc, credit, invoice, wanted.amount)


def _side(step: Step, made: Breakdown, at: int, facts: Facts, credit: SettledDocument | None = None) -> AllocationSide | Decision:
    """The document of reference number `at` (from 0) in Xero; a decision where it is not there, though the `credit` for it may be."""
    what = (made.parts[at].doctype, made.parts[at].name)
    there = credit.name if credit and find((credit.doctype, credit.name), facts) else ""
    if decision := left_out(what, facts, there):
        return decision
    found = find(what, facts)
    if found:
        return in_its_balance(step, what, found.link, facts) or AllocationSide.of(found)
    return wait_for(step, what, facts, there)


def _credit(step: Step, made: Breakdown, wanted: CreditUsed, facts: Facts) -> AllocationSide | Decision:
    """The credit of an allocation; a decision where it is not in Xero."""
    if wanted.credit is not None:
        side, part = _side(step, made, wanted.credit, facts), made.parts[wanted.credit]
        return side if isinstance(side, Decision) else waits_for_cancels((part.doctype, part.name), facts) or side
    own = [each for each in own_links(facts.get(LINKS, named(step)), step.who, step.revision) if each.part == CREDIT_ROLE]
    if not own:
        return overtaken(_("The credit note of {name} was not sent").format(name=step.who.name))
    return AllocationSide(own[0].xero_number or step.who.name, (own[0].endpoint, own[0].xero_id))
