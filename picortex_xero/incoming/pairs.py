"""Several payments, here or in Xero, of which each may be the other side's. As many on both sides that are like each other in everything: which is whose makes no difference, and
nobody has to be asked. Else a person is asked once, at the likeliest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from ..accounting.money import ZERO
from .known import Named, OwnPayment
from .payment import IncomingPayment, Part

# A payment that was entered on both sides bears dates so many days apart at most: one is often the day at the bank, the other the day it was typed.
DAYS_APART = 5


class OneMore:
    """The payment in Xero is none of those here: as many others like it are in Xero as are here."""


ONE_MORE = OneMore()


def one_of_several(
    near: Sequence[OwnPayment], payment: IncomingPayment, undecided: Sequence[IncomingPayment]
) -> OwnPayment | OneMore | None:
    """The one of `near` (each of them the same money as `payment`) that is the payment in Xero, or that none is; None where a person has to say. At least as many as are here have to be
    undecided in Xero, all of one day and of the same amounts, rate, account and documents: each here is one of those, and what Xero has more is other money. Where their references differ
    on both sides, those here have to be among those in Xero, and tell which is which."""
    theirs = [payment, *(each for each in undecided if _facts(each) == _facts(payment))]
    mine = {replace(each, name="", reference="") for each in near}
    if len(theirs) < len(near) or len(mine) != 1 or any(each.draft or each.in_doubt or each.date != payment.date for each in near):
        return None
    here, there = Counter(_said(each.reference) for each in near), Counter(_said(each.reference) for each in theirs)
    if not here - there:
        near = [each for each in near if _said(each.reference) == _said(payment.reference)]
    elif len(here) > 1 and len(there) > 1:
        return None
    return min(near, key=lambda each: each.name, default=ONE_MORE)


def says_another(own: OwnPayment, payment: IncomingPayment, undecided: Sequence[IncomingPayment]) -> bool:
    """Whether another payment in Xero, like this one in everything else, bears the reference of the one here, and this one does not."""
    said = _said(own.reference)
    return said != _said(payment.reference) and any(_said(each.reference) == said and _facts(each) == _facts(payment) for each in undecided)


def _facts(payment: IncomingPayment) -> IncomingPayment:
    """A payment without what tells it apart: its ids, when it was changed, and its reference."""
    parts = sorted((replace(each, payment_id="") for each in payment.parts), key=_place)
    return replace(payment, xero_id="", parts=tuple(parts), updated=datetime.min, reference="")


def _place(part: Part) -> tuple[str, str]:
    return part.target


def likeliest(
    own: OwnPayment, payment: IncomingPayment, undecided: Sequence[IncomingPayment], documents: Mapping[tuple[str, str], Named]
) -> IncomingPayment:
    """Of the payments in Xero that may be `own`, `payment` among them, the likeliest: it pays the same; a part of that; less or more of the same; then by amount and day. Whichever
    of them is asked about, it is the same one. `documents`: which document here each record is that they pay."""
    here = {named: abs(amount) for named, amount in own.pays}
    others = [
        each
        for each in undecided
        if each.account == payment.account
        and (own.awaited or days(each.date, own.date) <= DAYS_APART)
        and any(documents.get(part.target) in here for part in each.parts)
    ]
    return min([payment, *others], key=lambda each: (_unlike(here, _pays(each, documents)), _apart(own, each), each.xero_id))


def _pays(payment: IncomingPayment, documents: Mapping[tuple[str, str], Named]) -> dict[Named, Decimal]:
    found: dict[Named, Decimal] = {}
    for part in payment.parts:
        named = documents.get(part.target, part.target)
        found[named] = found.get(named, ZERO) + part.amount
    return found


def _unlike(here: Mapping[Named, Decimal], there: Mapping[Named, Decimal]) -> int:
    if here == there:
        return 0
    if all(here.get(named) == amount for named, amount in there.items()):
        return 1
    return 2 if _is_within(here, there) or _is_within(there, here) else 3


def _is_within(some: Mapping[Named, Decimal], all_of: Mapping[Named, Decimal]) -> bool:
    return all(amount <= all_of.get(named, ZERO) for named, amount in some.items())


def _apart(own: OwnPayment, payment: IncomingPayment) -> tuple[Decimal, int]:
    return abs(own.amount - payment.amount), days(own.date, payment.date)


def days(one: str, other: str) -> int:
    """How many days these (yyyy-mm-dd) are apart."""
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)


def _said(reference: str) -> str:
    return " ".join(reference.split()).casefold()
