"""Several payments here and as many in Xero that are like each other in everything: which is whose makes no difference, and nobody has to be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from .known import OwnPayment
from .payment import IncomingPayment, Part


def one_of_several(near: Sequence[OwnPayment], payment: IncomingPayment, undecided: Sequence[IncomingPayment]) -> OwnPayment | None:
    """The one of `near` (each of them the same money as `payment`) that is the payment in Xero; None where a person has to say. As many as are here have to be undecided in Xero,
    all of one day and of the same amounts, rate, account and documents. Where their references differ on both sides, these have to be the same ones, and tell which is which."""
    theirs = [payment, *(each for each in undecided if _facts(each) == _facts(payment))]
    mine = {replace(each, name="", reference="") for each in near}
    if len(theirs) != len(near) or len(mine) != 1 or any(each.draft or each.in_doubt or each.date != payment.date for each in near):
        return None
    here, there = Counter(_said(each.reference) for each in near), Counter(_said(each.reference) for each in theirs)
    if here == there:
        near = [each for each in near if _said(each.reference) == _said(payment.reference)]
    elif len(here) > 1 and len(there) > 1:
        return None
    return min(near, key=lambda each: each.name)


def _facts(payment: IncomingPayment) -> IncomingPayment:
    """A payment without what tells it apart: its ids, when it was changed, and its reference."""
    parts = sorted((replace(each, payment_id="") for each in payment.parts), key=_place)
    return replace(payment, xero_id="", parts=tuple(parts), updated=datetime.min, reference="")


def _place(part: Part) -> tuple[str, str]:
    return part.target


def _said(reference: str) -> str:
    return " ".join(reference.split()).casefold()
