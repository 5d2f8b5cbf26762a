"""The table of a settlement's steps, by role ("payment", "fee", "credit", "allocation" ...): which facts each needs, and how it is planned.

Used by the rooms of Payment Entry, and of Journal Entry where that is in effect a payment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .. import base
from ..base import Books, Doc
from ..decisions import Decision, done, hold
from ..needs import Facts, Needs
from ..step import Step
from .advances import is_advance, needs_of_advances, needs_of_taken, plan_advance
from .allocation_steps import plan_allocation
from .clearing import needs_of_clearing, plan_clearing
from .deduction_credit_note import needs_of_discount, plan_discount
from .fee import needs_of_fee, plan_fee
from .not_for_xero import problems_before
from .payment_steps import needs_of_payments, plan_payment
from .settlement import Settlement
from .step_order import ALLOCATION_ROLE, CLEARING_ROLE, CREDIT_ROLE, FEE_ROLE, PAYMENT_ROLE, is_made
from .transfer import is_transfer, needs_of_transfer, plan_second_leg, plan_transfer


@dataclass(frozen=True)
class SettlementAction:
    """One row of the table: `needs(step, doc, settlement, facts)` and `plan(step, doc, settlement, facts, books)`. `compares_itself`
    as in `Action`."""

    needs: Callable[[Step, Doc, Settlement, Facts], Needs]
    plan: Callable[[Step, Doc, Settlement, Facts, Books], base.Plan | Decision]
    compares_itself: bool = False


def _needs_of_first(step: Step, doc: Doc, settlement: Settlement, facts: Facts) -> Needs:
    if is_transfer(settlement):
        return needs_of_transfer(step, doc, settlement, facts)
    return (needs_of_advances if is_advance(settlement) else needs_of_payments)(step, doc, settlement, facts)


def _first(step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books) -> base.Plan | Decision:
    """The step that moves the money: a transfer, an over- or prepayment, or payments."""
    if is_made(step, facts):
        return done()
    if is_transfer(settlement):
        return plan_transfer(step, doc, settlement, facts, books)
    if problems := problems_before(settlement):
        return hold(*problems)
    return (plan_advance if is_advance(settlement) else plan_payment)(step, doc, settlement, facts, books)


def _needs_of_clearing(step: Step, doc: Doc, settlement: Settlement, facts: Facts) -> Needs:
    return (needs_of_transfer if is_transfer(settlement) else needs_of_clearing)(step, doc, settlement, facts)


def _clearing(step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books) -> base.Plan | Decision:
    return (plan_second_leg if is_transfer(settlement) else plan_clearing)(step, doc, settlement, facts, books)


ACTIONS: Mapping[str, SettlementAction] = {
    PAYMENT_ROLE: SettlementAction(_needs_of_first, _first),
    FEE_ROLE: SettlementAction(needs_of_fee, plan_fee),
    CREDIT_ROLE: SettlementAction(needs_of_discount, plan_discount, compares_itself=True),
    CLEARING_ROLE: SettlementAction(_needs_of_clearing, _clearing),
    ALLOCATION_ROLE: SettlementAction(needs_of_taken, plan_allocation),
}
