"""Tax that was typed as an amount: which lines at which rates it is the tax of.

A supplier's invoice is often entered with its GST as an amount ('Actual' row) instead of a rate. The amount is explained by the rates that
are mapped for its account and the lines of its own document, to the cent: all of them, else the one choice of lines and rates that comes to
it. An item tax template that names the account settles the rate of its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .money import CENT, ZERO, nearest

HUNDRED = Decimal(100)
# So many choices of lines and rates are tried; beyond, a person has to say which lines are taxed.
MOST_TRIED = 20_000
# An amount this near to the tax of all lines (a part of it), or so many cents from the tax of some, is no tax on imports either.
NEAR, FAR_OFF = Decimal("0.01"), 5
Rates = tuple[Decimal, ...]


@dataclass(frozen=True)
class Taxable:
    """A line that may carry the tax: its net amount, its rate (per cent) where an item tax template settles it, and whether it is a charge
    beside the items, such as freight."""

    net: Decimal
    own: Decimal | None = None
    charge: bool = False


@dataclass(frozen=True)
class Explanation:
    """`rates`: the rate of every line, 0 where it is not taxed; None where none or several choices come to the amount. `doubtful`: the amount
    may all the same be tax of these lines, so it must not be taken for anything else."""

    rates: Rates | None
    doubtful: bool = False


def explain(total: Decimal, lines: Sequence[Taxable], rates: Sequence[Decimal], unit: Decimal = CENT, search: bool = True) -> Explanation:
    """What an amount of tax is the tax of, with these rates in use. Without `search` only all lines together are tried."""
    used = sorted({rate for rate in rates if rate > ZERO})
    whole: list[Rates] = []
    for charges in (True, False):
        some = [_of_all(lines, rate, charges) for rate in used or [ZERO]]
        exact = {each for each in some if _comes_to(total, lines, each, unit)}
        if exact:
            return Explanation(exact.pop()) if len(exact) == 1 else Explanation(None, True)
        whole += some
    if not search:
        return Explanation(None)
    free = [at for at, line in enumerate(lines) if line.own is None and line.net]
    tried = (len(used) + 1) ** len(free) <= MOST_TRIED
    choices = list(_choices(total, lines, used, free, unit, ZERO)) if tried and free else []
    if len(choices) == 1:
        return Explanation(choices[0])
    if not choices:
        # As far from the rate as a cent on every taxed line, as sellers round: accepted for all lines together only.
        close = {each for each in whole if any(each) and abs(total - _tax(lines, each)) <= unit * sum(1 for rate in each if rate)}
        if len(close) == 1:
            return Explanation(close.pop())
    return Explanation(None, bool(choices) or _doubtful(total, lines, used, free, unit, whole, tried))


def _doubtful(
    total: Decimal, lines: Sequence[Taxable], used: Sequence[Decimal], free: list[int], unit: Decimal, whole: list[Rates], tried: bool
) -> bool:
    """Whether an unexplained amount is near to the tax of these lines, or there are too many of them to know."""
    taxes = [_tax(lines, each) for each in whole]
    if any(tax and abs(total - tax) <= max(FAR_OFF * unit, abs(tax) * NEAR) for tax in taxes):
        return True
    if not tried:
        return total <= max(taxes) + unit * len(lines)
    return next(_choices(total, lines, used, free, unit, FAR_OFF * unit), None) is not None


def _of_all(lines: Sequence[Taxable], rate: Decimal, charges: bool) -> Rates:
    """One rate for every line that has none of its own; the charges with it, or without tax."""
    return tuple((rate if charges or not line.charge else ZERO) if line.own is None else line.own for line in lines)


def _tax(lines: Sequence[Taxable], rates: Rates) -> Decimal:
    return sum((line.net * rate / HUNDRED for line, rate in zip(lines, rates)), ZERO)


def _comes_to(total: Decimal, lines: Sequence[Taxable], rates: Rates, unit: Decimal) -> bool:
    """Whether the amount is these rates of these lines, rounded once or line by line. Exactly half a cent may be rounded either way."""
    if not any(line.net and rate for line, rate in zip(lines, rates)):
        return False
    by_line = sum((nearest(line.net * rate / HUNDRED, unit) for line, rate in zip(lines, rates)), ZERO)
    return abs(total - _tax(lines, rates)) <= unit / 2 or total == by_line


def _choices(
    total: Decimal, lines: Sequence[Taxable], used: Sequence[Decimal], free: list[int], unit: Decimal, slack: Decimal
) -> Iterator[Rates]:
    """Every choice of rates for the free lines that comes to the amount; with `slack`, or so much beside it."""
    settled = [line.own or ZERO for line in lines]
    exact = sum((line.net * rate / HUNDRED for line, rate in zip(lines, settled)), ZERO)
    by_line = sum((nearest(line.net * rate / HUNDRED, unit) for line, rate in zip(lines, settled)), ZERO)

    def go_on(at: int, exact: Decimal, by_line: Decimal, taxed: int) -> Iterator[Rates]:
        if at == len(free):
            if taxed and (abs(total - exact) <= unit / 2 + slack or total == by_line):
                yield tuple(settled)
            return
        place = free[at]
        for rate in (ZERO, *used):
            settled[place] = rate
            share = lines[place].net * rate / HUNDRED
            yield from go_on(at + 1, exact + share, by_line + nearest(share, unit), taxed + bool(rate))
        settled[place] = ZERO

    return go_on(0, exact, by_line, sum(1 for line, rate in zip(lines, settled) if line.net and rate))
