"""Which readings of a report are kept: the last of each day for five weeks, the last of each month for two years. What stood there at a day that is over is not asked of Xero again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

DAILY, MONTHLY = timedelta(days=35), timedelta(days=750)
# Open items are many rows: of these the last of each day for a week, and no month.
DAILY_ITEMS = timedelta(days=7)


@dataclass(frozen=True)
class Kept:
    """One reading; `about`: what it was read of (report, basis, option and days); `series`: the same without the days."""

    name: str
    about: str
    series: str
    read_at: datetime


def superfluous(readings: Iterable[Kept], now: datetime, items: bool = False) -> list[str]:
    """The names of those that need not be kept. The newest of each series always stays."""
    daily, monthly = (DAILY_ITEMS, DAILY_ITEMS) if items else (DAILY, MONTHLY)
    seen: set[tuple[str, ...]] = set()
    gone = []
    for each in sorted(readings, key=lambda one: one.read_at, reverse=True):
        age = now - each.read_at
        # Within five weeks by what it is about; later one of the month, whatever months it has.
        key = (each.about, each.read_at.strftime("%Y-%m-%d")) if age <= daily else (each.series, each.read_at.strftime("%Y-%m"))
        newest = (each.series,)
        if newest in seen and (key in seen or age > monthly):
            gone.append(each.name)
        seen |= {key, newest}
    return gone
