"""What is taken off a document later (a settlement discount, a write-off) divided by the tax that the document itself has.

A discount of 500.00 on an invoice of 100.00 with 15.00 GST and 1,000.00 zero-rated takes back 6.73 of GST, not the 65.22 that 15 % of 500.00
would be: each tax type bears its part of the gross amount, with the tax inside that part, and never more than the document had.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .currencies import rounded_to
from .money import CENT, ZERO, nearest
from .rounding import line_tax
from .tax import allocate
from .tax_types import TaxType


@dataclass(frozen=True)
class TypedAmount:
    """All of a document under one tax type of Xero: `gross`, and the `tax` in it. `fixed`: its lines are amounts of tax themselves (GST on
    imports), which no discount is about."""

    tax_type: TaxType
    gross: Decimal
    tax: Decimal
    fixed: bool = False


def added_up(amounts: Iterable[TypedAmount]) -> list[TypedAmount]:
    """One amount for each tax type, in the order in which they first occur."""
    found: dict[tuple[str, bool], TypedAmount] = {}
    for each in amounts:
        key = (each.tax_type.code, each.fixed)
        if known := found.get(key):
            found[key] = replace(known, gross=known.gross + each.gross, tax=known.tax + each.tax)
        else:
            found[key] = each
    return list(found.values())


def less(amounts: Sequence[TypedAmount], returned: Sequence[TypedAmount]) -> list[TypedAmount]:
    """What is left of a document once its returns have taken theirs back."""
    return added_up([*amounts, *(replace(each, gross=-each.gross, tax=-each.tax) for each in returned)])


def taken_off(amount: Decimal, amounts: Sequence[TypedAmount], currency: str = "") -> list[TypedAmount]:
    """`amount` (gross) divided over a document's tax types, in whole cents, or whole units where the document in this `currency` has no cents
    (`rounded_to`). What takes off the document itself (withheld tax) bears nothing, nor does tax on imports. Empty where nothing is left to take
    it off."""
    bearing = [each for each in amounts if each.gross > ZERO and not each.fixed]
    whole = sum((each.gross for each in bearing), ZERO)
    if not whole:
        return []
    unit = rounded_to(currency, [amount, *(figure for each in amounts for figure in (each.gross, each.tax))])
    shares = allocate(amount, [amount * each.gross / whole for each in bearing], [each.gross for each in bearing], unit)
    assert shares is not None  # they add up to the amount
    return [replace(each, gross=share, tax=_tax_inside(share, each, unit)) for share, each in zip(shares, bearing) if share]


def _tax_inside(share: Decimal, whole: TypedAmount, unit: Decimal) -> Decimal:
    """The tax in a part of an amount: in proportion, as Xero itself computes it where that is no more than a cent away (in whole units, where it
    comes to one)."""
    if share >= whole.gross or not whole.tax:
        return whole.tax
    tax = nearest(share * whole.tax / whole.gross, unit)
    own = line_tax(share, whole.tax_type.shown or ZERO, True)
    return min(own if abs(own - tax) <= CENT and own == nearest(own, unit) else tax, whole.tax)
