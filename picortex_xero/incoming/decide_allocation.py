"""What becomes of a credit that somebody has taken off an invoice in Xero: the same here, the one that is here already, or a person's choice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..accounting.problems import Problem
from ..accounting.texts import Text, _, amount
from .allocation import IncomingAllocation
from .decide import Hold, Later, Match, Nothing
from .known import ADVANCE, Target

CREDIT_NOT_HERE = "credit-not-here"


@dataclass(frozen=True)
class Credit:
    """The return or advance here that a credit in Xero is linked with. `open`: what is left of it, in the currency of the party's account, positive; `there`: submitted."""

    doctype: str
    name: str
    party_type: str
    party: str
    account: str
    account_currency: str
    currency: str
    open: Decimal
    there: bool


@dataclass(frozen=True)
class KnownCredit:
    """What is known here of an allocation. `same`: the document here that makes the same one and has not told Xero of it; `on_its_way`: a request of ours about one of
    both has not been answered yet."""

    credit: Credit | None
    invoice: Target | None
    same: tuple[str, str] | None = None
    on_its_way: bool = False


@dataclass(frozen=True)
class Allocate:
    """Take so much of the credit off the invoice here."""

    credit: Credit
    invoice: Target
    amount: Decimal


Taken = Allocate | Match | Hold | Later | Nothing


def decide(allocation: IncomingAllocation, known: KnownCredit) -> Taken:
    """One outcome for one allocation that no link names."""
    credit, invoice = known.credit, known.invoice
    if invoice is None:
        return Nothing()
    if known.on_its_way:
        return Later()
    if credit is None:
        return Hold(_credit_not_here(invoice))
    if gone := next((each.name for each in (credit, invoice) if not each.there), ""):
        return Hold(_not_submitted(credit, invoice, gone))
    if known.same:
        return Match(known.same[1])
    if wrong := _does_not_fit(credit, invoice, allocation):
        return Hold(wrong)
    return Allocate(credit, invoice, allocation.amount)


def _does_not_fit(credit: Credit, invoice: Target, allocation: IncomingAllocation) -> Problem | None:
    if (credit.party_type, credit.party) != (invoice.party_type, invoice.party):
        return _by_hand(credit, invoice, allocation, _("they are of two customers or suppliers here"))
    if credit.doctype != ADVANCE and credit.account != invoice.account:
        return _by_hand(credit, invoice, allocation, _("they are on two accounts here"))
    if any(each.account_currency != each.currency for each in (credit, invoice)) or credit.currency != invoice.currency:
        return _by_hand(credit, invoice, allocation, _("their party is kept in another currency"))
    if allocation.amount > credit.open:
        return _less_open(credit, invoice, allocation, credit.name, credit.open)
    if allocation.amount > invoice.outstanding:
        return _less_open(credit, invoice, allocation, invoice.name, invoice.outstanding)
    return None


def to_confirm(credit: str, invoice: str, allocated: Decimal, currency: str) -> Problem:
    """Held where what comes back is to be looked at before it counts: ERPNext has no drafts of this."""
    return Problem(
        "credit-to-confirm",
        _("{amount} {currency} of {credit} were taken off {invoice} in Xero").format(
            amount=amount(f"{allocated:.2f}"), currency=currency, credit=credit, invoice=invoice
        ),
        _(
            "ERPNext has no drafts of this: press Enter Here, and the same is done here; or do it in Payment Reconciliation, and press Retry"
        ),
        held=True,
    )


def _credit_not_here(invoice: Target) -> Problem:
    return Problem(
        CREDIT_NOT_HERE,
        _("A credit that is not here was taken off {invoice} in Xero").format(invoice=invoice.name),
        _(
            "Where it is an over- or prepayment that waits in this list: decide about that first, and this follows by itself. Else enter the credit here by hand, take it off {invoice}, and press Done by Hand"
        ).format(invoice=invoice.name),
        held=True,
    )


def _not_submitted(credit: Credit, invoice: Target, gone: str) -> Problem:
    return Problem(
        "credit-not-submitted",
        _("{credit} was taken off {invoice} in Xero, and {gone} is a draft or cancelled here").format(
            credit=credit.name, invoice=invoice.name, gone=gone
        ),
        _("Submit {gone}, and this follows by itself; or take the credit off the invoice in Xero again").format(gone=gone),
        held=True,
    )


def _by_hand(credit: Credit, invoice: Target, allocation: IncomingAllocation, why: Text) -> Problem:
    return Problem(
        "credit-by-hand",
        _("{credit} was taken off {invoice} in Xero, which cannot be done here by itself: {why}").format(
            credit=credit.name, invoice=invoice.name, why=why
        ),
        _("Enter a journal over {amount} {currency} here as your accountant wants it, and press Done by Hand").format(
            amount=amount(f"{allocation.amount:.2f}"), currency=invoice.currency
        ),
        held=True,
    )


def _less_open(credit: Credit, invoice: Target, allocation: IncomingAllocation, name: str, left: Decimal) -> Problem:
    return Problem(
        "credit-less-open",
        _("{amount} {currency} of {credit} were taken off {invoice} in Xero, and {name} has only {left} left here").format(
            amount=amount(f"{allocation.amount:.2f}"),
            currency=invoice.currency,
            credit=credit.name,
            invoice=invoice.name,
            name=name,
            left=amount(f"{left:.2f}"),
        ),
        _("See what else settles {name} here, and put right which of both is wrong; then press Retry, or Done by Hand").format(name=name),
        held=True,
    )
