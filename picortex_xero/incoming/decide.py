"""What becomes of a payment that somebody has entered in Xero: a Payment Entry here, the one that is here already, or a person's choice. Decides on values; the
engine writes it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO
from ..accounting.problems import Problem
from ..accounting.texts import Text, _, amount, day, joined
from .known import ADVANCE, Bank, Known, Named, OwnPayment, Target
from .payment import IncomingPayment
from .voucher import allocated, converts, voucher
from .words import moved_in_xero, to_be_entered_here

# A payment that was entered on both sides bears dates so many days apart at most: one is often the day at the bank, the other the day it was typed.
DAYS_APART = 5


@dataclass(frozen=True)
class Enter:
    """Make this Payment Entry (a dict of its fields, amounts as Decimal)."""

    voucher: dict[str, Any]


@dataclass(frozen=True)
class Match:
    """The payment here is the same one: nothing is made, and nothing of it is sent."""

    name: str


@dataclass(frozen=True)
class Hold:
    """A person decides."""

    problem: Problem


@dataclass(frozen=True)
class Later:
    """Nobody knows yet: looked at again in the next run."""


@dataclass(frozen=True)
class Nothing:
    """It pays nothing that was sent from here."""


Outcome = Enter | Match | Hold | Later | Nothing


def decide(payment: IncomingPayment, known: Known) -> Outcome:
    """One outcome for one payment that no link names."""
    found = [known.targets.get(part.target) for part in payment.parts]
    targets = [each for each in found if each]
    if not targets:
        return Nothing()
    if known.on_its_way:
        return Later()
    if not payment.whole:
        return Hold(_in_part(targets))
    if len(targets) != len(found):
        return Hold(_pays_others(targets))
    if gone := [each for each in targets if not each.there]:
        return Hold(_cancelled(gone))
    if isinstance(known.bank, Problem):
        return Hold(known.bank)
    if same := _same(payment, targets, known.own, known.bank):
        return same
    if known.moved:
        return Hold(moved_in_xero(known.moved, targets))
    if known.bank.entered_here:
        return Hold(to_be_entered_here(known.bank, payment.amount, targets[0].currency))
    if problem := _does_not_fit(payment, targets, known.bank, known):
        return Hold(problem)
    return Enter(voucher(payment, targets, known.bank, known))


def _same(payment: IncomingPayment, targets: list[Target], own: tuple[OwnPayment, ...], bank: Bank) -> Match | Hold | None:
    """The payment here that was entered on both sides; a person says so where it is not the same in every part, since one of the two is perhaps entered in parts."""
    near = [each for each in own if each.account == bank.account and _days(each.date, payment.date) <= DAYS_APART]
    if not near:
        return None
    pays: dict[Named, Decimal] = {}
    for target, part in zip(targets, payment.parts):
        named = (target.doctype, target.name)
        if target.doctype == ADVANCE:
            continue  # a refund of an advance settles it by Payment Reconciliation, and names nothing itself
        pays[named] = pays.get(named, ZERO) + (part.amount if target.outstanding >= ZERO else -part.amount)
    same = [each for each in near if each.pays == frozenset(pays.items()) and each.amount == payment.amount]
    if len(near) > 1:
        return Hold(_several(near))
    if not same:
        return Hold(_perhaps_in_parts(near[0]))
    return Hold(_a_draft(same[0])) if same[0].draft else Match(same[0].name)


def _days(one: str, other: str) -> int:
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)


def _does_not_fit(payment: IncomingPayment, targets: list[Target], bank: Bank, known: Known) -> Problem | None:
    first = targets[0]
    if any((each.party_type, each.party, each.account) != (first.party_type, first.party, first.account) for each in targets):
        return _several_parties(targets)
    if any(each.currency != first.currency for each in targets):
        return _by_hand(payment, targets, _("its documents are in several currencies"))
    if first.converted and not converts(targets, known):
        return _by_hand(
            payment, targets, _("it is in {currency}, and its party is kept in another currency").format(currency=first.currency)
        )
    if first.converted and not known.exchange_account:
        return _by_hand(payment, targets, _("the company has no Exchange Gain / Loss Account"))
    if bank.currency not in (known.base_currency, first.currency):
        return _by_hand(payment, targets, _("its bank account is in {currency}").format(currency=bank.currency))
    over = [each for each, part in zip(targets, payment.parts) if abs(each.outstanding) < abs(allocated(each, part.amount))]
    return _more_than_open(payment, over) if over else None


def _names(targets: list[Target]) -> Text:
    return joined(", ", [each.name for each in targets])


def _in_part(targets: list[Target]) -> Problem:
    return Problem(
        "batch-in-part",
        _("A batch payment in Xero pays {names} and more that Xero has not shown yet").format(names=_names(targets)),
        _(
            "It is entered as soon as Xero's list shows all of it. If that does not come about, enter it here by hand, and press Done by Hand"
        ),
        held=True,
    )


def _pays_others(targets: list[Target]) -> Problem:
    return Problem(
        "pays-others",
        _("A payment in Xero pays {names} and documents that were never sent from here").format(names=_names(targets)),
        _("Enter here what it pays of {names}, and the rest as it is in your books; then press Done by Hand").format(names=_names(targets)),
        held=True,
    )


def _cancelled(targets: list[Target]) -> Problem:
    return Problem(
        "pays-cancelled",
        _("A payment in Xero pays {names}, cancelled here").format(names=_names(targets)),
        _("See who is right: remove the payment in Xero, or enter the document here anew and the payment with it; then press Done by Hand"),
        held=True,
    )


def _a_draft(own: OwnPayment) -> Problem:
    return Problem(
        "same-as-draft",
        _("{name} is a draft here for the same amount").format(name=own.name),
        _("Submit {name}, and both are one payment; or delete it, and press Retry").format(name=own.name),
        held=True,
    )


def _perhaps_in_parts(own: OwnPayment) -> Problem:
    return Problem(
        "perhaps-in-parts",
        _("{name} pays the same document from the same account here, with another amount, and is not in Xero").format(name=own.name),
        _(
            "Where both are the same money: cancel {name}, and press Retry; what was entered in Xero is entered here. Where they are different: press Retry once {name} is in Xero"
        ).format(name=own.name),
        held=True,
    )


def _several(alike: list[OwnPayment]) -> Problem:
    return Problem(
        "same-as-several",
        _("{names} pay the same document from the same account here, and are not in Xero").format(
            names=joined(", ", [each.name for each in alike])
        ),
        _("Cancel those that are the same money as what was entered in Xero, and press Retry; what was entered in Xero is entered here"),
        held=True,
    )


def _several_parties(targets: list[Target]) -> Problem:
    return Problem(
        "several-parties",
        _("A payment in Xero pays documents of several customers or suppliers: {names}").format(names=_names(targets)),
        _("ERPNext has one customer or supplier in a payment: enter one here for each of them, and press Done by Hand"),
        held=True,
    )


def _by_hand(payment: IncomingPayment, targets: list[Target], why: Text) -> Problem:
    return Problem(
        "payment-by-hand",
        _("A payment of {names} in Xero cannot be entered here by itself: {why}").format(names=_names(targets), why=why),
        _("Enter it here, dated {date}, and press Done by Hand").format(date=day(payment.date)),
        held=True,
    )


def _more_than_open(payment: IncomingPayment, targets: list[Target]) -> Problem:
    return Problem(
        "more-than-open",
        _("{names} was paid with {amount} {currency} in Xero, and less is open here").format(
            names=_names(targets), amount=amount(f"{payment.amount:.2f}"), currency=targets[0].currency
        ),
        _("See what else settles it here: a payment that was entered twice, a credit, a write-off; then press Retry, or Done by Hand"),
        held=True,
    )
