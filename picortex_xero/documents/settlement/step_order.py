"""The order in which the records of one payment go to Xero, and which of them are there already.

First the payments ("payment", "payment-2"), then "fee-n", the credit note over what was deducted ("credit-1"), the bank's side of a payment
through the clearing account ("clearing-1"), and last the "allocation-n" to invoices. Each is a step of its own; the first one adds the
others.
"""

from __future__ import annotations

from collections.abc import Callable

from ...accounting.problems import Problem
from ...accounting.texts import _
from ..base import Books
from ..decisions import Ask, Decision, done, hold, wait_for_step
from ..fact_types import CONTACT, HEAD, LINKS, STEPS, Contact, Named
from ..needs import NOTHING, Facts, Needs
from ..step import Link, Step, own_links, own_steps
from .breakdown import Breakdown, break_down
from .settlement import PAYMENT_ENTRY, SETTLES, Settlement, settled

PAYMENT_ROLE, FEE_ROLE, CREDIT_ROLE, CLEARING_ROLE, ALLOCATION_ROLE = "payment", "fee", "credit", "clearing", "allocation"
# The DocType whose row names a fee's contact.
FEE_OWNER = "Xero Deduction Mapping"


def named(step: Step) -> Named:
    """DocType and name of a step's document."""
    return step.who.doctype, step.who.name


def is_made(step: Step, facts: Facts) -> bool:
    """Whether a step's record is there already."""
    mine = own_links(facts.get(LINKS, named(step)), step.who, step.revision)
    return any((each.part, each.number) == (step.role.part, step.role.number) for each in mine)


def begun(step: Step, facts: Facts) -> list[Link]:
    """The links of the payments themselves that still stand in Xero, of whatever revision."""
    return [each for each in own_links(facts.get(LINKS, named(step)), step.who) if each.live and each.part == PAYMENT_ROLE]


def waits_its_turn(step: Step, facts: Facts, parts: tuple[str, ...]) -> Decision | None:
    """Waits while a step of these parts of the same payment is not finished: of its own part those with a lower number."""
    for other in own_steps(facts.get(STEPS, named(step)), step.who):
        first = other.role.head in parts and other.revision == step.revision
        if first and other.unfinished and (other.role.head != step.role.head or other.role.number < step.role.number):
            return wait_for_step(other.name, waits_for_payment(step.who.name))
    return None


def further_steps(name: str, made: Breakdown, payments: int) -> tuple[Ask, ...]:
    """The steps that follow the first of a payment called `name`, each waiting for the one that is finished last before it."""
    because = waits_for_payment(name)
    paid = [PAYMENT_ROLE, *(f"{PAYMENT_ROLE}-{number}" for number in range(2, payments + 1))] if payments else []
    fees = [f"{FEE_ROLE}-{number}" for number in range(1, len(made.fees) + 1)]
    last = paid[-1] if paid else ""
    # Where a fee is kept back, several payments are of one invoice: each waits until the outcome of the one before is known.
    asks = [
        Ask(role, waits_for=before if made.fees else "", because=because if made.fees else None) for before, role in zip(paid, paid[1:])
    ]
    asks += [_after(last, role, because) for role in fees]
    asks += [_after(last, f"{CREDIT_ROLE}-1", because)] if made.credits else []
    before = f"{CREDIT_ROLE}-1" if made.credits else fees[-1] if fees else last
    asks += [_after(before, f"{ALLOCATION_ROLE}-{number}", because) for number in range(1, len(made.allocations) + 1)]
    asks += [_after(last, f"{CLEARING_ROLE}-1", because)] if made.crosses else []
    return tuple(asks)


def _after(before: str, role: str, because: Problem) -> Ask:
    return Ask(role, waits_for=before, because=because if before else None)


def waits_for_payment(name: str) -> Problem:
    """Why a further step of a payment waits."""
    return Problem(
        "waits-for-payment", _("Waits until {name} itself is in Xero").format(name=name), _("See what stops {name}").format(name=name)
    )


def needs_of_plan(settlement: Settlement) -> Needs:
    """The facts that `what_it_becomes` reads: the currencies of what is settled."""
    return HEAD.of((part.doctype, part.name) for part in settled(settlement) if part.doctype != PAYMENT_ENTRY)


def what_it_becomes(settlement: Settlement, facts: Facts, books: Books) -> Breakdown:
    """The breakdown of a payment without an unallocated amount. Raises Refused."""
    return break_down(settlement, books.mapping, list(currencies(settlement, facts)))


def currencies(settlement: Settlement, facts: Facts) -> list[str]:
    """The currency of each document that a payment settles; an advance has that of its party account."""
    return [
        settlement.party_side.currency
        if part.doctype == PAYMENT_ENTRY
        else str((facts.get(HEAD, (part.doctype, part.name)) or {}).get("currency"))
        for part in settled(settlement)
    ]


def after_the_payments(
    step: Step, settlement: Settlement, facts: Facts, books: Books, count: Callable[[Breakdown], int]
) -> Breakdown | Decision:
    """The plan that a step after the payments (a fee, the credit note, the bank's side of a clearing account) goes by; a decision where its record
    is there already, or the payments are not finished, or the plan has fewer than `step.role.number` of its kind (`count` tells how many). Raises
    Refused."""
    if is_made(step, facts):
        return done()
    if decision := waits_its_turn(step, facts, (PAYMENT_ROLE,)):
        return decision
    made = what_it_becomes(settlement, facts, books)
    return made if step.role.number <= count(made) else _begun_otherwise(step)


def _begun_otherwise(step: Step) -> Decision:
    """Held: the payment was begun in Xero with a fee, credit note or leg that it no longer has."""
    return hold(
        Problem(
            "deduction-changed",
            _("{name} was begun in Xero in another way than its deductions are treated now").format(name=step.who.name),
            _(
                "Choose under Fees, discounts and write-offs in Mapping or on the Xero Connection what held when it was begun and press Retry, or cancel it and enter it again"
            ),
            held=True,
        )
    )


def needs_of_party(settlement: Settlement) -> Needs:
    """The need of the contact of its customer or supplier; none for a settlement without a party, or with a party that has no contact in
    Xero."""
    return CONTACT.of([settlement.named_party]) if settlement.party_type in SETTLES and settlement.party else NOTHING


def contact_id(party: Contact) -> str:
    """The party's ContactID; "" while it is not in Xero, or linked under a former name only."""
    return "" if party.former_name else party.xero_id
