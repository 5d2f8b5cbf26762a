"""What becomes of a payment that somebody has entered in Xero: a Payment Entry here, the one that is here already, or a person's choice. Decides on values; the
engine writes it down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, half_up
from ..accounting.problems import Problem
from ..accounting.texts import Text, _, amount, day, joined
from .known import ADVANCE, Bank, Known, Named, OwnPayment, Target
from .pairs import DAYS_APART, OneMore, days, likeliest, one_of_several, says_another
from .payment import IncomingPayment
from .voucher import ROUNDING, allocated, converts, voucher
from .words import moved_in_xero, to_be_entered_here

# Why a payment waits where a person says which one here it is.
ASKED_ELSEWHERE = "asked-at-another"
PAYS_DRAFT, PAYS_CANCELLED = "pays-draft", "pays-cancelled"
CHOICES = ("same-as-several", "perhaps-in-parts", "same-as-draft", ASKED_ELSEWHERE)
# What a person says where none of the payments here is the one in Xero.
ANOTHER = "another"


@dataclass(frozen=True)
class Enter:
    """Make this Payment Entry (a dict of its fields, amounts as Decimal)."""

    voucher: dict[str, Any]


@dataclass(frozen=True)
class Match:
    """The payment here is the same one: nothing is made, and nothing of it is sent."""

    name: str
    doctype: str = ADVANCE


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


@dataclass(frozen=True)
class TakeApart:
    """Each payment of the batch is looked at for itself."""


Outcome = Enter | Match | Hold | Later | Nothing | TakeApart


def decide(payment: IncomingPayment, known: Known) -> Outcome:
    """One outcome for one payment that no link names."""
    found = [known.targets.get(part.target) for part in payment.parts]
    targets = [each for each in found if each]
    if not targets:
        return Nothing()
    if known.on_its_way:
        return Later()
    if known.apart:
        return TakeApart()
    if not payment.whole:
        return Hold(_in_part(targets))
    if payment.bank_amount == payment.amount and _is_mixed(targets, len(found)):
        return TakeApart()
    if len(targets) != len(found):
        return Hold(_pays_others(targets))
    if drafts := [each for each in targets if each.draft]:
        return Hold(_draft_here(drafts))
    if gone := [each for each in targets if not each.there]:
        return Hold(_cancelled(gone))
    if isinstance(known.bank, Problem):
        return Hold(known.bank)
    if same := _same(payment, known):
        return same
    if known.moved:
        return Hold(moved_in_xero(known.moved, targets))
    if known.bank.entered_here:
        return Hold(to_be_entered_here(known.bank, payment.amount, targets[0].currency))
    if problem := _does_not_fit(payment, targets, known.bank, known):
        return Hold(problem)
    return Enter(voucher(payment, targets, known.bank, known))


def _is_mixed(targets: list[Target], parts: int) -> bool:
    """Whether one Payment Entry cannot be all of a batch: it pays documents that are not from here, or of several parties."""
    return len(targets) != parts or len({(each.party_type, each.party, each.account) for each in targets}) > 1


def alike(payment: IncomingPayment, known: Known) -> list[OwnPayment]:
    """The payments here of which one is perhaps the payment in Xero: from the same account, a few days apart at most; where none of these is the same, also those that wait to
    be entered in Xero, whatever their day."""
    if isinstance(known.bank, Problem):
        return []
    return about(known.own, known.bank, payment.date, lambda each: is_same(each, payment, known))


def about(own: Iterable[OwnPayment], bank: Bank, dated: str, same: Callable[[OwnPayment], bool]) -> list[OwnPayment]:
    """Those of `own` that may be money of this account and day."""
    mine = [each for each in own if each.account == bank.account]
    near = [each for each in mine if days(each.date, dated) <= DAYS_APART]
    return near if any(same(each) for each in near) else [each for each in mine if each in near or each.awaited]


def is_same(own: OwnPayment, payment: IncomingPayment, known: Known) -> bool:
    """Whether a payment here is the one in Xero in every part and in its whole money."""
    # Of a return that is settled by now nothing tells which sign it had.
    here = {named: abs(amount) for named, amount in own.pays}
    there: dict[Named, Decimal] = {}
    near, converted = ZERO, False
    for part in payment.parts:
        target = known.targets.get(part.target)
        # A refund of an advance settles it by Payment Reconciliation, and names nothing itself.
        if target and target.doctype != ADVANCE:
            named, converted = (target.doctype, target.name), converted or target.converted
            there[named] = there.get(named, ZERO) + (half_up(part.amount * target.rate) if target.converted else part.amount)
            near += ROUNDING if target.converted else ZERO
    if here.keys() != there.keys() or any(abs(here[named] - there[named]) > near for named in there):
        return False
    return _moves_as_much(own, payment, known) and (converted or own.amount == payment.amount)


def _moves_as_much(own: OwnPayment, payment: IncomingPayment, known: Known) -> bool:
    """Whether the bank account moves the same, as far as both say it: a bank in company currency may have moved another amount for the same foreign money."""
    bank = known.bank
    foreign = next((each.currency for each in known.targets.values()), "")
    there = payment.amount if isinstance(bank, Bank) and bank.currency == foreign else payment.bank_amount
    return not own.at_bank or own.at_bank == there


def _same(payment: IncomingPayment, known: Known) -> Match | Hold | None:
    """The payment here that was entered on both sides; a person says which one where there are several (unless as many in Xero, or more, are like them in everything, pairs.py), or where
    it is not the same in every part, since one of the two is perhaps entered in parts."""
    near = alike(payment, known)
    if not near or known.chosen == ANOTHER:
        return None
    same = [each for each in near if is_same(each, payment, known)]
    near = [each for each in near if each.name == known.chosen] or same or near
    if len(near) > 1:
        one = one_of_several(near, payment, known.undecided) if same else None
        if isinstance(one, OneMore):
            return None
        return Match(one.name, one.doctype) if one else _asked_once(_several(near), near, payment, known)
    (own,) = near
    if same and known.chosen != own.name and says_another(own, payment, known.undecided):
        return None
    if not is_same(own, payment, known):
        return _asked_once(_perhaps_in_parts(own), near, payment, known)
    if own.draft:
        return _asked_once(_a_draft(own), near, payment, known)
    return _asked_once(_in_doubt(own), near, payment, known) if own.in_doubt else Match(own.name, own.doctype)


def _asked_once(problem: Problem, near: list[OwnPayment], payment: IncomingPayment, known: Known) -> Hold:
    """A person is asked; where several payments in Xero may be the one here, at the likeliest of them, and the others wait for the answer."""
    own = min(near, key=lambda each: each.name)
    first = likeliest(own, payment, known.undecided, known.documents)
    return Hold(problem if first == payment else _asked_elsewhere(own, first))


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


def _draft_here(targets: list[Target]) -> Problem:
    return Problem(
        PAYS_DRAFT,
        _("A payment in Xero pays {names}, which is a draft here").format(names=_names(targets)),
        _("Submit {names}, and the payment is entered by itself").format(names=_names(targets)),
        held=True,
    )


def _cancelled(targets: list[Target]) -> Problem:
    return Problem(
        PAYS_CANCELLED,
        _("A payment in Xero pays {names}, cancelled or deleted here").format(names=_names(targets)),
        _("See who is right: remove the payment in Xero, or enter the document here anew and the payment with it; then press Done by Hand"),
        held=True,
    )


def _a_draft(own: OwnPayment) -> Problem:
    return Problem(
        "same-as-draft",
        _("{name} is a draft here for the same amount").format(name=own.name),
        _("Submit {name}, and both are one payment; or delete it, and press Retry. Where they are different: press Choose Payment").format(
            name=own.name
        ),
        held=True,
    )


def _perhaps_in_parts(own: OwnPayment) -> Problem:
    return Problem(
        "perhaps-in-parts",
        _("{name} pays the same document from the same account here, with another amount, and is not in Xero").format(name=own.name),
        _(
            "Where both are the same money: cancel {name}, and press Retry; what was entered in Xero is entered here. Where they are different: press Choose Payment"
        ).format(name=own.name),
        held=True,
    )


def _asked_elsewhere(own: OwnPayment, first: IncomingPayment) -> Problem:
    return Problem(
        ASKED_ELSEWHERE,
        _("{name} here may be this payment; whether it is the one of {amount} in Xero, dated {date}, is asked first").format(
            name=own.name, amount=amount(f"{first.amount:.2f}"), date=day(first.date)
        ),
        _("Nothing to do: it goes on by itself once that one is decided. Where you know which it is: press Choose Payment"),
        held=True,
    )


def _in_doubt(own: OwnPayment) -> Problem:
    return Problem(
        "perhaps-in-parts",
        _("{name} pays the same document from the same account here, with the same amount, and is not in Xero as a payment").format(
            name=own.name
        ),
        _(
            "Where both are the same money: cancel {name}, and press Retry; what was entered in Xero is entered here. Where they are different: press Choose Payment"
        ).format(name=own.name),
        held=True,
    )


def _several(alike: list[OwnPayment]) -> Problem:
    return Problem(
        "same-as-several",
        _("{names} pay the same document from the same account here, and are not in Xero").format(
            names=joined(", ", [each.name for each in alike])
        ),
        _("Press Choose Payment, and say which of them was entered in Xero, or that it is another one"),
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
