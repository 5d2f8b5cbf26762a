"""The rate of a day and the average rate of a period, from the rates that somebody entered on some days. Values only.

A rate holds from its day until the next one is entered. The average is that of the days of the period, each at the rate that holds on it: a rate that held for three weeks counts three times as much as one of
a week, however many were entered in either. Days before the first rate have none and are left out of the average, which is said; without any rate there is no figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..accounting.money import ZERO, half_up

# As many as ERPNext keeps of an exchange rate.
PLACES = 9
Known = tuple[tuple[date, Decimal], ...]


@dataclass(frozen=True)
class Entered:
    """One that somebody entered: `rate` units of `to` are one of `of`, from `day` on."""

    of: str
    to: str
    day: date
    rate: Decimal


@dataclass(frozen=True)
class Rate:
    """Presentation currency for one of a company's. `since` to `until`: the days that it is of (of a day's rate: the day on which it was entered, twice); `used`: how many rates it is made of."""

    value: Decimal
    since: date
    until: date
    used: int


def between(entered: Iterable[Entered], of: str, to: str) -> Known:
    """The rates from one currency to another by day, the earliest first. Of a day's several (for buying, for selling) their mean; one that was entered the other way round is turned round where the day has no other."""
    straight: dict[date, list[Decimal]] = {}
    turned: dict[date, list[Decimal]] = {}
    for each in entered:
        if each.rate <= ZERO:
            continue
        if (each.of, each.to) == (of, to):
            straight.setdefault(each.day, []).append(each.rate)
        elif (each.of, each.to) == (to, of):
            turned.setdefault(each.day, []).append(1 / each.rate)
    by_day = {**turned, **straight}
    return tuple((day, sum(rates, ZERO) / len(rates)) for day, rates in sorted(by_day.items()))


def closing(known: Known, day: date) -> Rate | None:
    """The rate that holds at the end of a day; None where none was entered by then."""
    before = [(since, value) for since, value in known if since <= day]
    if not before:
        return None
    since, value = before[-1]
    return Rate(half_up(value, PLACES), since, since, 1)


def average(known: Known, first: date, last: date) -> Rate | None:
    """The average of the days from `first` to `last`; None where no rate holds on any of them."""
    within = [(max(since, first), value) for since, value in known if first < since <= last]
    at_first = [(first, value) for since, value in known if since <= first][-1:]
    held = [*at_first, *within]
    if not held or last < first:
        return None
    ends = [day for day, _value in held[1:]] + [last + timedelta(days=1)]
    weighed = sum((value * (end - day).days for (day, value), end in zip(held, ends)), ZERO)
    return Rate(half_up(weighed / (ends[-1] - held[0][0]).days, PLACES), held[0][0], last, len(held))
