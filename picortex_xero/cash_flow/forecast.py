"""A forecast as a whole: the opening, and each line once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from . import curve as curves
from . import scenarios as what_if
from .expected import lines
from .habits import Habits
from .once import Both
from .values import Item, Line, Opening, Rates


@dataclass(frozen=True)
class Forecast:
    """`first`: the day that it is made on; what is expected then is still to come. `lines`: all, those after `last` and those not counted on too. `left_out`: open in Xero only because ERPNext's payment is on its
    way there. `read_at`: when Xero was asked what is open there (UTC); None: never."""

    opening: Opening
    first: date
    last: date
    base: str
    lines: tuple[Line, ...]
    left_out: tuple[Item, ...] = ()
    scenarios: tuple[what_if.Scenario, ...] = ()
    read_at: datetime | None = None

    def curve(self, currency: str = "") -> curves.Curve:
        """In base currency, or of what is in one currency, in it."""
        return curves.curve(self.opening.total(currency), self.lines, self.first, self.last, currency)

    def currencies(self) -> list[str]:
        """All that an account or a line is in, the company's first."""
        found = {each.currency for each in self.opening.balances} | {each.item.currency for each in self.lines}
        return [self.base, *sorted(found - {self.base})]

    def within(self) -> list[Line]:
        """The lines of the curve, as they come."""
        found = [each for each in self.lines if each.expected is not None and self.first <= each.expected <= self.last]
        return sorted(found, key=lambda each: (each.expected, each.item.key))

    def beyond(self) -> list[Line]:
        """What is expected after the last day, or not counted on."""
        return [each for each in self.lines if each.expected is None or each.expected > self.last]

    def under(self, scenarios: Sequence[what_if.Scenario]) -> Forecast:
        """The same under these scenarios."""
        return replace(self, lines=tuple(what_if.under(self.lines, scenarios)), scenarios=tuple(scenarios))


def made(
    opening: Opening,
    both: Both,
    others: Sequence[Item],
    habits: Habits,
    rates: Rates,
    first: date,
    last: date,
    read_at: datetime | None = None,
) -> Forecast:
    """Of the open items of both books and of what else is to come."""
    found = tuple(lines([*both.items, *others], habits, rates, first))
    return Forecast(opening, first, last, rates.base, found, both.left_out, read_at=read_at)
