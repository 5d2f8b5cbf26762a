"""What if: customers pay later, or one is lost. A scenario is a value, and what it does a list of changes that are added to the forecast's lines. Pure.

Several are taken one after the other, each of what those before have left; so the changes of all of them are the difference that they make together, and which of them makes what is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from ..accounting.texts import _
from .values import CUSTOMER, OPEN, Line, Why, because


@dataclass(frozen=True)
class Later:
    """Customers (or this one) pay so many days later than expected. Raises ValueError below 0."""

    days: int
    customer: str = ""

    def __post_init__(self) -> None:
        if self.days < 0:
            raise ValueError(f"{self.days} days later")

    def said(self) -> Why:
        """In words."""
        if self.customer:
            return because(_("{customer} pays {days} days later"), customer=self.customer, days=self.days)
        return because(_("All customers pay {days} days later"), days=self.days)

    def moved(self, line: Line) -> Line | None:
        """What becomes of a line; None: it does not come."""
        if line.expected is None or not _of(line, self.customer):
            return line
        return line.on(line.expected + timedelta(days=self.days), because(_("{why}; {scenario}"), why=line.why, scenario=self.said()))


@dataclass(frozen=True)
class Lost:
    """Nothing new comes of a customer: no order that is not invoiced yet, nothing repeated. `open_too`: what is open is not paid either."""

    customer: str
    open_too: bool = False

    def said(self) -> Why:
        """In words."""
        if self.open_too:
            return because(_("{customer} is lost, and pays nothing more"), customer=self.customer)
        return because(_("{customer} is lost, and pays what is open"), customer=self.customer)

    def moved(self, line: Line) -> Line | None:
        """What becomes of a line; None: it does not come."""
        return None if _of(line, self.customer) and (self.open_too or line.item.kind not in OPEN) else line


Scenario = Later | Lost


@dataclass(frozen=True)
class Change:
    """A line that is added to the forecast's, negative where one is taken away, and by which of the scenarios (its place)."""

    line: Line
    scenario: int


def changes(lines: Iterable[Line], scenarios: Sequence[Scenario]) -> list[Change]:
    """What the scenarios add, in order. The forecast with these lines is the one under all of them."""
    found = []
    for line in lines:
        now: Line = line
        for place, scenario in enumerate(scenarios):
            then = scenario.moved(now)
            if then is now:
                continue
            found.append(Change(_taken_away(now), place))
            if then is None:
                break
            found.append(Change(then, place))
            now = then
    return found


def under(lines: Sequence[Line], scenarios: Sequence[Scenario]) -> list[Line]:
    """The lines under these scenarios: each once, where it is then."""
    found = []
    for line in lines:
        now: Line | None = line
        for scenario in scenarios:
            now = scenario.moved(now) if now is not None else None
        if now is not None:
            found.append(now)
    return found


def worth(changed: Iterable[Change]) -> Decimal:
    """What the changes come to in base currency, whenever."""
    return sum((each.line.base for each in changed if each.line.expected is not None), Decimal(0))


def _taken_away(line: Line) -> Line:
    return replace(line, amount=-line.amount, base=-line.base)


def _of(line: Line, customer: str) -> bool:
    """Whether it is of that customer; of any, where none is named. Nothing fixed moves: it is entered already."""
    item = line.item
    return item.party_type == CUSTOMER and not item.fixed and (not customer or customer in (item.party, item.party_name))
