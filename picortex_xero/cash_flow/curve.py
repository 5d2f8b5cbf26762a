"""The curve: what the banks hold at the end of each day, week and month, and the day on which that is lowest. Pure.

It is the opening and the sum of lines, and nothing else: whoever adds up the list has the curve.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..accounting.money import ZERO
from .values import Line

DAY, WEEK, MONTH = "day", "week", "month"
CAUSES = 5


@dataclass(frozen=True)
class Bucket:
    """A week (Monday to Sunday), month or day, cut to the forecast. `into` and `out`: what comes and goes (out is negative); opening + into + out = closing. `lowest`: the lowest end of a day in it."""

    first: date
    last: date
    opening: Decimal
    into: Decimal
    out: Decimal
    closing: Decimal
    lowest: Decimal


@dataclass(frozen=True)
class Lowest:
    """The day at whose end least is held, how much, since when it has gone down, and the lines that take most on the way there, the largest first."""

    day: date
    balance: Decimal
    since: date
    causes: tuple[Line, ...]


@dataclass(frozen=True)
class Curve:
    """Balances at the end of each day from `first` to `last`. `currency`: "" for the whole in base currency, else only what is in that currency, in it."""

    opening: Decimal
    first: date
    last: date
    lines: tuple[Line, ...]
    currency: str = ""

    def amount(self, line: Line) -> Decimal:
        """What a line is in this curve."""
        return line.amount if self.currency else line.base

    def flows(self) -> dict[date, tuple[Decimal, Decimal]]:
        """What comes in and goes out, by day."""
        found: dict[date, tuple[Decimal, Decimal]] = {}
        for line in self.lines:
            assert line.expected is not None
            into, out = found.get(line.expected, (ZERO, ZERO))
            amount = self.amount(line)
            found[line.expected] = (into + amount, out) if amount > ZERO else (into, out + amount)
        return found

    def balances(self) -> list[tuple[date, Decimal]]:
        """The end of each day."""
        flows, balance, found = self.flows(), self.opening, []
        for day in _days(self.first, self.last):
            balance += sum(flows.get(day, (ZERO, ZERO)))
            found.append((day, balance))
        return found

    def buckets(self, of: str) -> list[Bucket]:
        """By DAY, WEEK or MONTH, in order, without a gap."""
        flows, found, opening = self.flows(), list[Bucket](), self.opening
        for first, last in spans(self.first, self.last, of):
            into = out = ZERO
            balance, lowest = opening, None
            for day in _days(first, last):
                come, gone = flows.get(day, (ZERO, ZERO))
                into, out, balance = into + come, out + gone, balance + come + gone
                lowest = balance if lowest is None else min(lowest, balance)
            found.append(Bucket(first, last, opening, into, out, balance, lowest if lowest is not None else balance))
            opening = balance
        return found

    def lowest(self) -> Lowest:
        """The first day with the least; and what took it there: the largest outflows since the last day that held most before it."""
        balances = self.balances()
        day, least = min(balances, key=lambda each: (each[1], each[0]))
        before = [(self.first - timedelta(days=1), self.opening), *(each for each in balances if each[0] < day)]
        since = max(before, key=lambda each: (each[1], each[0]))[0]
        falls = [each for each in self.lines if each.expected is not None and since < each.expected <= day and self.amount(each) < ZERO]
        falls.sort(key=lambda each: (self.amount(each), each.item.key))
        return Lowest(day, least, since, tuple(falls[:CAUSES]))


def curve(opening: Decimal, lines: Iterable[Line], first: date, last: date, currency: str = "") -> Curve:
    """Of these lines those that are expected within the days, of one currency or of all in base currency."""
    mine = (each for each in lines if each.expected is not None and first <= each.expected <= last)
    return Curve(opening, first, last, tuple(each for each in mine if not currency or each.item.currency == currency), currency)


def spans(first: date, last: date, of: str) -> Iterator[tuple[date, date]]:
    """The weeks, months or days from the first day to the last; the first and the last cut to them."""
    while first <= last:
        if of == MONTH:
            end = date(first.year, first.month, calendar.monthrange(first.year, first.month)[1])
        else:
            end = first + timedelta(days=6 - first.weekday()) if of == WEEK else first
        yield first, min(end, last)
        first = end + timedelta(days=1)


def _days(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
