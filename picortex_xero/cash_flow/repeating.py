"""Days on which something comes again: every so many days or months. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

# More than this is no rhythm of payments.
MOST = 400


@dataclass(frozen=True)
class Every:
    """One of the two is above 0; both 0: once."""

    days: int = 0
    months: int = 0


ONCE = Every()
# As ERPNext's Auto Repeat and Salary Slip, and the app's own lines call them.
NAMED = {
    "Daily": Every(days=1),
    "Weekly": Every(days=7),
    "Fortnightly": Every(days=14),
    "Bimonthly": Every(months=2),
    "Monthly": Every(months=1),
    "Quarterly": Every(months=3),
    "Half-yearly": Every(months=6),
    "Yearly": Every(months=12),
}
# As Subscription Plan counts.
OF_INTERVAL = {"Day": (1, 0), "Week": (7, 0), "Month": (0, 1), "Year": (0, 12)}


def of_interval(interval: str, count: int) -> Every:
    """Of a Subscription Plan."""
    days, months = OF_INTERVAL.get(interval, (0, 0))
    return Every(days * max(count, 1), months * max(count, 1))


def days(first: date, every: Every, from_: date, until: date, last: date | None = None) -> Iterator[date]:
    """The days from `from_` to `until`, none after `last`. A month that is too short has its last day; counted from the first, so that the 31st comes back after February."""
    end = min(until, last) if last is not None else until
    skipped = 0
    if every.days and first < from_:
        skipped = -(-(from_ - first).days // every.days)
    elif every.months and first < from_:
        skipped = max(0, ((from_.year - first.year) * 12 + from_.month - first.month) // every.months)
    for number in range(skipped, skipped + MOST):
        day = first + timedelta(days=every.days * number) if every.days else months_later(first, every.months * number)
        if day > end:
            return
        if day >= from_:
            yield day
        if every == ONCE:
            return


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
