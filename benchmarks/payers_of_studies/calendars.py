"""The days on which somebody pays."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from benchmarks.payers_of_studies import studies

DAY = timedelta(days=1)
AFTER = 600  # days after the last document that are looked at
# Public holidays with a fixed day; those of Easter are reckoned.
HOLIDAYS = {
    "AU": ((1, 1), (1, 26), (4, 25), (12, 25), (12, 26)),
    "NZ": ((1, 1), (1, 2), (2, 6), (4, 25), (12, 25), (12, 26)),
    "UK": ((1, 1), (12, 25), (12, 26)),
    "US": ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25)),
    "DE": ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)),
}


@dataclass(frozen=True)
class PayDays:
    """Days in order."""

    days: tuple[date, ...]

    def on_or_after(self, day: date) -> date:
        """The first one that is not before it; the last of all where there is none."""
        return self.days[min(bisect_left(self.days, day), len(self.days) - 1)]

    def on_or_before(self, day: date) -> date | None:
        """The last one that is not after it."""
        found = bisect_right(self.days, day)
        return self.days[found - 1] if found else None


def easter(year: int) -> date:
    """Sunday, by the anonymous Gregorian reckoning."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    rest = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * rest) // 451
    return date(year, (h + rest - 7 * m + 114) // 31, (h + rest - 7 * m + 114) % 31 + 1)


def works(day: date, country: str) -> bool:
    """Whether offices pay on it: no weekend, public holiday, or closing over the turn of the year."""
    first, last = studies.COUNTRIES[country].closed
    at = (day.month, day.day)
    if day.weekday() > 4 or at >= first or at <= last or at in HOLIDAYS[country]:
        return False
    from_easter = (day - easter(day.year)).days
    return country == "US" or from_easter not in (-2, 1)


@cache
def pay_days(country: str, rhythm: str, weekday: int, phase: int, first: date, last: date) -> PayDays:
    """From 40 days before the first until long after the last. What falls on a day off goes to the working day before (days of the month) or after (weekdays)."""
    whole = [first + DAY * n for n in range(-40, (last - first).days + AFTER)]
    if rhythm == studies.ANY_DAY:
        return PayDays(tuple(whole))
    if rhythm == studies.DAILY:
        return PayDays(tuple(day for day in whole if works(day, country)))
    by_month = rhythm in (studies.TWICE_A_MONTH, studies.MONTH_END, studies.THE_20TH)
    return PayDays(tuple(sorted({_moved(day, country, -DAY if by_month else DAY) for day in whole if _meant(day, rhythm, weekday, phase)})))


def _meant(day: date, rhythm: str, weekday: int, phase: int) -> bool:
    last = monthrange(day.year, day.month)[1]
    return {
        studies.TWICE_A_WEEK: day.weekday() in (weekday, (weekday + 2) % 5),
        studies.WEEKLY: day.weekday() == weekday,
        studies.FORTNIGHTLY: day.weekday() == weekday and day.toordinal() // 7 % 2 == phase,
        studies.TWICE_A_MONTH: day.day in (15, last),
        studies.MONTH_END: day.day == last,
        studies.THE_20TH: day.day == 20,
    }[rhythm]


def _moved(day: date, country: str, step: timedelta) -> date:
    while not works(day, country):
        day += step
    return day
