"""Payments, batch payments and refunds: steps "payment-n" of whatever settles invoices, bills, returns or advances.

The first one waits until everything that is settled is in Xero, checks that every record of the payment can be built, and then adds the
further steps (step_order.py). So a payment is never sent in part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, decimal
from ...accounting.problems import Problem, Refused
from ...accounting.texts import Text, _, lines
from ...xero.records.base import GONE
from ...xero.records.registry import BATCH_PAYMENT, PAYMENT, object_at
from .. import base
from ..base import Books, Doc, InXero, Reads
from ..decisions import Ask, Decision, Effect, Seen, Send, hold, overtaken, refused
from ..fact_types import FEE_CONTACT, HEAD, SETTLING_DOCUMENTS, STEPS, Named
from ..history import coded
from ..identity import INVOICE_DOCTYPES, Identity, moment
from ..needs import NOTHING, Facts, Needs
from ..party.room import wait_for_contact
from ..step import SYNCED, Step, own_steps
from ..still_in_xero import objections
from ..translation import Translation
from . import payment_elements
from .awaited import awaited
from .breakdown import Breakdown, unallocated
from .clearing import clearing_leg
from .deduction_credit_note import discount_note
from .deductions import rows
from .discount_tax import needs_of_own_taxes, own_taxes
from .document_in_xero import (
    UNAPPROVED,
    DocumentInXero,
    find,
    left_out,
    needs_of_target,
    wait_for,
    wait_for_amount,
    wait_for_approval,
    waits_for_cancels,
    was_removed,
)
from .fee import fee
from .payment_elements import PlannedPayment
from .refunds import find_advance, needs_of_advance, wait_for_advance
from .settlement import PAYMENT_ENTRY, SettledDocument, Settlement, settled
from .step_order import FEE_OWNER, PAYMENT_ROLE, further_steps, waits_its_turn, what_it_becomes
from .taken_off import in_its_balance

ENTERED_THERE_TOO = "entered-there-too"


@dataclass(frozen=True, kw_only=True)
class Paying(base.Plan):
    """One payment of one of the documents that a settlement settles, or one batch payment of several (`batch`). `targets` are all of those
    documents, in the order of the parts; `last`, of which of them no other payment is still to come; `asks`, the further steps."""

    settlement: Settlement
    mapping: Mapping
    legs: tuple[PlannedPayment, ...]
    targets: tuple[DocumentInXero, ...]
    last: tuple[bool, ...]
    batch: bool
    asks: tuple[Ask, ...]
    comes_back: bool = False

    def reads(self) -> Reads:
        """All that is settled."""
        return Reads(records=frozenset(target.place for target in self.targets))

    def whose(self, shown: InXero) -> frozenset[tuple[str, str]]:
        """The payments that stand already on what an import of history pays; on whatever is paid, where payments in Xero come back."""
        if not (self.comes_back or coded.asks(self)):
            return frozenset()
        elements = [shown.record(*target.place) or {} for target in self.targets]
        return frozenset(place for each in elements for one in coded.payments_of(each) for place in coded.places_of(one))

    def decide(self, shown: InXero) -> Decision:
        """Send it once all that it pays is approved in Xero, with the amounts that Xero shows as due."""
        elements = [shown.record(*target.place) or {} for target in self.targets]
        seen: list[Effect] = [
            Seen(target.link.name, element.get("Status", ""), amount_due=object_at(target.link.endpoint).left(element))
            for target, element in zip(self.targets, elements)
            if element
        ]
        targets = [as_payable(*each) for each in zip(self.targets, elements, self.last)]
        decision = self._decided(targets, elements)
        if isinstance(decision.outcome, Send) and (wrong := self._perhaps_there(decision.outcome.translation, elements, shown)):
            return hold(wrong).with_effects(*seen)
        return decision.with_effects(*self.asks, *seen)

    def _perhaps_there(self, made: Translation, elements: list[dict[str, Any]], shown: InXero) -> Problem | None:
        """Why a payment waits that somebody may have entered on the invoice in Xero: for a person where an import of history brings it, else until that one is
        known here."""
        if not (self.comes_back or coded.asks(self)):
            return None
        amounts = [each["Amount"] for each in made.body["Payments"]] if self.batch else [made.body["Amount"]]
        paid = [(elements[leg.at], decimal(each)) for leg, each in zip(self.legs, amounts)]
        found = [one for element, each in paid for one in coded.paid_there(element, each, made.body["Date"], shown.owners)]
        if coded.asks(self):
            return coded.problem(self.step, found)
        return entered_there_too(self.step.who.name) if found else None

    def _decided(self, targets: list[payment_elements.PayableInXero], elements: list[dict[str, Any]]) -> Decision:
        mine = [targets[leg.at] for leg in self.legs]
        if waits := next((self.targets[leg.at] for leg, target in zip(self.legs, mine) if target.status in UNAPPROVED), None):
            return wait_for_approval(waits.place)
        if gone := [leg for leg, target in zip(self.legs, mine) if target.status in (*GONE, "")]:
            raised = [each for leg in gone for each in was_removed(self.targets[leg.at].step, leg.name, targets[leg.at].status)]
            return hold(targets_gone([leg.name for leg in gone])).with_effects(*raised)
        for at in dict.fromkeys(leg.at for leg in self.legs):
            if waits_for_it := wait_for_amount(self.targets[at], elements[at]):
                return waits_for_it
        try:
            return Decision(Send(self._made(targets)))
        except Refused as error:
            return refused(error)

    def _made(self, targets: list[payment_elements.PayableInXero]) -> Translation:
        if self.batch:
            return payment_elements.batch_payment(self.settlement, self.mapping, list(self.legs), targets)
        return payment_elements.payment(self.settlement, self.mapping, self.legs[0], targets[self.legs[0].at])


def entered_there_too(name: str) -> Problem:
    """Held: somebody has entered a payment of the same amount in Xero, and nobody knows yet whether it is the same one."""
    return Problem(
        ENTERED_THERE_TOO,
        _("A payment of the same amount as {name} was entered in Xero").format(name=name),
        _(
            "Nothing to do: it is read within minutes, and linked where it is this one. Where it became another Payment Entry here: press Retry"
        ),
        held=True,
    )


def targets_gone(names: list[str]) -> Problem:
    """Held: a document that is settled was voided or deleted in Xero."""
    resolution = _("See who removed it there. Then press Send again on it, and this follows by itself; or cancel this, or Leave it out too")
    return Problem("invoice-gone", _("{names} was voided or deleted in Xero").format(names=", ".join(names)), resolution, held=True)


def as_payable(found: DocumentInXero, element: dict[str, Any], last: bool) -> payment_elements.PayableInXero:
    """A document that is settled as Xero shows it; `last`: no other payment of it is still to come."""
    its, status = object_at(found.link.endpoint), element.get("Status") or ""
    return payment_elements.PayableInXero(found.xero_id, found.currency, its.left(element), status, found.rate, last, its.named_in_payments)


def needs_of_payments(step: Step, doc: Doc, settlement: Settlement, facts: Facts) -> Needs:
    """All that is settled; where something is deducted, also with whom fees are, and the tax of the invoices."""
    found = needs_of_parts(settled(settlement), facts)
    found |= NOTHING.union(*(_needs_of_last((part.doctype, part.name), facts) for part in settled(settlement)))
    if deducted := {row.account for row in rows(settlement)}:
        found |= FEE_CONTACT.of(deducted) | needs_of_own_taxes(settlement, facts)
    return found


def needs_of_parts(parts: list[SettledDocument], facts: Facts) -> Needs:
    """The facts about each document that is settled (see document_in_xero.py)."""
    return NOTHING.union(
        *(
            needs_of_advance((part.doctype, part.name))
            if part.doctype == PAYMENT_ENTRY
            else needs_of_target((part.doctype, part.name), facts)
            for part in parts
        )
    )


def plan_payment(step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books) -> base.Plan | Decision:
    """Plan a payment or refund, once all that it settles is in Xero."""
    name = step.who.name
    if waits := awaited(settlement, books):
        return hold(waits)
    if unallocated(settlement):
        return hold(_waits_for_credit(settlement))
    try:
        made = what_it_becomes(settlement, facts, books)
    except Refused as error:
        return refused(error)
    if decision := _not_possible(settlement, made, facts, books):
        return decision
    targets: list[DocumentInXero] = []
    for part in made.parts:
        found = _found(step, part, facts)
        if isinstance(found, Decision):
            return found
        targets.append(found)
    batch = payment_elements.is_batch(settlement, made.legs, [as_payable(found, {}, False) for found in targets], books.mapping)
    steps, number = made.payments(batch), step.role.number
    asks = further_steps(name, made, len(steps)) if number == 1 or not steps else ()
    if not steps:
        # A journal that writes off: no money moves, so a credit note is all there is.
        return overtaken(_("{name} moves no money; it goes to Xero as a credit note").format(name=name), *asks)
    if number > len(steps):
        return overtaken(_("The payment no longer has this reference"))
    # Both pay one invoice: its amount due is right for the second only once the outcome of the first is known.
    if number > 1 and made.fees and (decision := waits_its_turn(step, facts, (PAYMENT_ROLE,))):
        return decision
    legs, batch = steps[number - 1], batch and number == 1
    return Paying(
        step=step,
        doc=doc,
        kind=(BATCH_PAYMENT if batch else PAYMENT).made_by,
        chain=frozenset({step.who.digest, *(targets[leg.at].xero_id for leg in legs)}),
        settlement=settlement,
        mapping=books.mapping,
        legs=tuple(legs),
        targets=tuple(targets),
        last=tuple(_is_last(step, found, facts) for found in targets),
        batch=batch,
        asks=asks,
        comes_back=books.payments_come_back,
    )


def _found(step: Step, part: SettledDocument, facts: Facts) -> DocumentInXero | Decision:
    """One document that is settled, once it is in Xero and nothing on it is being cancelled; else a decision to wait or hold."""
    what = (part.doctype, part.name)
    if part.doctype == PAYMENT_ENTRY:
        return find_advance(what, facts) or wait_for_advance(what, facts)
    if decision := left_out(what, facts):
        return decision
    found = find(what, facts)
    if not found:
        return wait_for(step, what, facts)
    return in_its_balance(step, what, found.link, facts) or waits_for_cancels(what, facts) or found


def _not_possible(settlement: Settlement, made: Breakdown, facts: Facts, books: Books) -> Decision | None:
    """A hold where a later record of the payment could not be built; a wait for the contact of a fee; None where nothing is missing."""
    problems: list[Problem] = []
    numbers = range(1, len(made.fees) + 1)
    tries: list[Callable[[], Translation]] = [partial(fee, settlement, books.mapping, made, number, "", "") for number in numbers]
    tries += [lambda: discount_note(settlement, books.mapping, made, "", own=own_taxes(made, facts, books.mapping))] if made.credits else []
    tries += [lambda: clearing_leg(settlement, books.mapping, settlement.spend_or_receive, "", "")] if made.crosses else []
    for attempt in tries:
        try:
            wrong = objections(attempt().body, books.mapping)
        except Refused as error:
            wrong = error.problems
        problems += [problem for problem in wrong if problem not in problems]
    if problems:
        return hold(*problems)
    for each in made.fees:
        owner = facts.get(FEE_CONTACT, each.account)
        if owner.former_name or not owner.xero_id:
            return wait_for_contact((FEE_OWNER, each.choice.row), owner)
    return None


def _needs_of_last(what: Named, facts: Facts) -> Needs:
    """The facts that `_is_last` reads."""
    head = facts.known(HEAD, what)
    return HEAD.of(_payments(what, facts)) if head and what[0] in INVOICE_DOCTYPES and _converted_and_settled(head) else NOTHING


def _is_last(step: Step, found: DocumentInXero, facts: Facts) -> bool:
    """Whether nothing is left of a base-currency receivable of a foreign invoice, and no other payment of it is still to be sent."""
    what = (found.who.doctype, found.who.name)
    if found.currency == found.account_currency or found.outstanding != ZERO:
        return False
    for other in _payments(what, facts):
        head = facts.get(HEAD, other)
        if other[1] == step.who.name or head is None or head["docstatus"] != 1:
            continue
        steps = own_steps(facts.get(STEPS, other), Identity(*other, moment(head["creation"])))
        if not any(each.state == SYNCED for each in steps):
            return False
    return True


def _converted_and_settled(head: Doc) -> bool:
    return head["currency"] != head.get("party_account_currency") and decimal(head["outstanding_amount"]) == ZERO


def _payments(what: Named, facts: Facts) -> list[Named]:
    """The payment entries whose references name an invoice."""
    return [settler for settler in facts.known(SETTLING_DOCUMENTS, what) or [] if settler[0] == PAYMENT_ENTRY]


def _by_hand() -> Text:
    return _(
        "In Xero, open the credit note, overpayment or prepayment that it pays back and refund it by hand from the bank account; then press Done by Hand"
    )


def _waits_for_credit(settlement: Settlement) -> Problem:
    name, party = settlement.name, settlement.party
    return Problem(
        "refund-waits",
        _("{name} pays money back, and it is not said for what: {amount} of it belong to no credit note and no advance").format(
            name=name, amount=unallocated(settlement)
        ),
        _by_hand()
        if settlement.who.doctype != PAYMENT_ENTRY
        else lines(
            [
                _("Open Payment Reconciliation for {party} and match {name} with the return or advance that it pays back").format(
                    party=party, name=name
                ),
                _("Where that is a journal: {by_hand}").format(by_hand=_by_hand()),
            ]
        ),
        held=True,
    )
