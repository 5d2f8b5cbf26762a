"""What becomes of money that somebody has received or paid in advance in Xero: a Payment Entry on account here, the one that is here already, or a person's choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, half_up
from ..accounting.problems import Problem
from ..accounting.texts import Text, _, amount, day, joined
from .advance import IncomingAdvance
from .decide import Enter, Hold, Later, Match, Nothing, about
from .known import Bank, OwnPayment
from .voucher import RATE_DECIMALS
from .words import to_be_entered_here

Party = tuple[str, str]


@dataclass(frozen=True)
class KnownParty:
    """What is known here of an advance. `parties`: the customers (of money that came in) or suppliers with its contact; `account`: the party's own, with its currency;
    `own`: payments of the party here of which something is on account, and that are not in Xero."""

    company: str
    base_currency: str
    parties: tuple[Party, ...]
    account: str
    account_currency: str
    bank: Bank | Problem
    own: tuple[OwnPayment, ...] = ()
    on_its_way: bool = False

    def as_entered(self) -> KnownParty:
        """The same where a person says that it is entered, whatever is like it here and wherever payments are entered."""
        bank = replace(self.bank, entered_here=False) if isinstance(self.bank, Bank) else self.bank
        return replace(self, own=(), bank=bank)


def decide(advance: IncomingAdvance, known: KnownParty) -> Enter | Match | Hold | Later | Nothing:
    """One outcome for one over- or prepayment that no link names."""
    if not known.parties:
        return Nothing()
    if known.on_its_way:
        return Later()
    if len(known.parties) > 1:
        return Hold(_several(advance, known.parties))
    if isinstance(known.bank, Problem):
        return Hold(known.bank)
    if same := _same(advance, known.own, known.bank):
        return same
    if known.bank.entered_here:
        return Hold(to_be_entered_here(known.bank, advance.amount, advance.currency))
    if why := _does_not_fit(advance, known, known.bank):
        return Hold(_by_hand(advance, known.parties[0], why))
    return Enter(voucher(advance, known, known.bank))


def _same(advance: IncomingAdvance, own: tuple[OwnPayment, ...], bank: Bank) -> Match | Hold | None:
    def is_same(each: OwnPayment) -> bool:
        return each.amount == advance.amount and not each.pays

    same = [each for each in about(own, bank, advance.date, is_same) if is_same(each)]
    if len(same) == 1 and not (same[0].draft or same[0].in_doubt):
        return Match(same[0].name)
    if same:
        return Hold(_perhaps_a_part(same) if any(each.in_doubt for each in same) else _perhaps(same))
    # Xero splits what is more than was due into a payment and an overpayment.
    rests = [each for each in about(own, bank, advance.date, lambda each: False) if each.pays and each.rest == advance.amount]
    return Hold(_perhaps_a_part(rests)) if rests else None


def _does_not_fit(advance: IncomingAdvance, known: KnownParty, bank: Bank) -> Text | None:
    if advance.tax:
        return _("it has tax of {tax} in it").format(tax=amount(f"{advance.tax:.2f}"))
    if known.account_currency != advance.currency:
        return _("it is in {currency}, and its party is kept in another currency").format(currency=advance.currency)
    if bank.currency != advance.currency:
        return _("its bank account is in {currency}").format(currency=bank.currency)
    return None


def voucher(advance: IncomingAdvance, known: KnownParty, bank: Bank) -> dict[str, Any]:
    """The Payment Entry as ERPNext takes it: on account, with nothing allocated."""
    rate = Decimal(1)
    if advance.currency != known.base_currency:
        # Xero's rate is of the foreign currency for one of the base currency; ERPNext's the other way round.
        rate = half_up(1 / advance.rate, RATE_DECIMALS) if advance.rate > ZERO else ZERO
    party_type, party = known.parties[0]
    sides: Mapping[bool, tuple[str, str]] = {
        True: (known.account, bank.account),
        False: (bank.account, known.account),
    }
    source, target = sides[advance.comes_in]
    return {
        "doctype": "Payment Entry",
        "company": known.company,
        "payment_type": "Receive" if advance.comes_in else "Pay",
        "posting_date": advance.date,
        "party_type": party_type,
        "party": party,
        "paid_from": source,
        "paid_from_account_currency": advance.currency,
        "paid_amount": advance.amount,
        "source_exchange_rate": rate,
        "paid_to": target,
        "paid_to_account_currency": advance.currency,
        "received_amount": advance.amount,
        "target_exchange_rate": rate,
        "reference_no": advance.said or str(_("Entered in Xero")),
        "reference_date": advance.date,
        "references": [],
    }


def _several(advance: IncomingAdvance, parties: tuple[Party, ...]) -> Problem:
    return Problem(
        "advance-of-several",
        _("An advance was entered in Xero, and its contact stands for several here: {names}").format(
            names=joined(", ", sorted(name for _type, name in parties))
        ),
        _("Enter it here for the one whose it is, dated {date}, and press Retry: it is linked with that").format(date=day(advance.date)),
        held=True,
    )


def _perhaps(own: list[OwnPayment]) -> Problem:
    names = joined(", ", sorted(each.name for each in own))
    return Problem(
        "advance-perhaps-here",
        _("{names} may be the same money here as an advance that was entered in Xero").format(names=names),
        _("Where one of them is: submit it where it is a draft, cancel the others, and press Retry. Where none is: press Enter Here"),
        held=True,
    )


def _perhaps_a_part(own: list[OwnPayment]) -> Problem:
    names = joined(", ", sorted(each.name for each in own))
    return Problem(
        "advance-perhaps-here",
        _("{names} may be the same money here as an advance that was entered in Xero").format(names=names),
        _(
            "Where it is the same money: cancel {names} here, and press Retry at all that was entered of it in Xero; that is then entered here. Where it is other money: press Enter Here"
        ).format(names=names),
        held=True,
    )


def _by_hand(advance: IncomingAdvance, party: Party, why: Text) -> Problem:
    return Problem(
        "advance-by-hand",
        _("An advance of {party} in Xero over {amount} {currency} cannot be entered here by itself: {why}").format(
            party=party[1], amount=amount(f"{advance.amount:.2f}"), currency=advance.currency, why=why
        ),
        _("Enter it here as your accountant wants it, dated {date}, and press Done by Hand").format(date=day(advance.date)),
        held=True,
    )
