"""Days, months and financial years of reports."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

from ..xero.report_rows import NotReadable

# How Xero writes the day or the month over a column (published examples of Balance Sheet and Budget Summary; Profit and Loss: Xero's documentation).
_DAYS, _MONTHS = ("%d %b %y", "%d %b %Y", "%d %B %Y"), ("%b-%y", "%b %y", "%b %Y", "%B %Y")


def start(day: date) -> date:
    return day.replace(day=1)


def end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def moved(day: date, months: int) -> date:
    """The first day of the month that is so many months later (earlier: below 0)."""
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def count(first: date, last: date) -> int:
    """How many calendar months lie from the one of `first` to the one of `last`, both counted."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def year_start(day: date, end_month: int, end_day: int) -> date:
    """The first day of the financial year of `day`; `end_month`, `end_day`: its last day as the organisation has it (FinancialYearEndMonth, ...Day)."""
    ends = [date(year, end_month, min(end_day, monthrange(year, end_month)[1])) for year in (day.year - 1, day.year)]
    last = max(each for each in ends if each < day)
    return date.fromordinal(last.toordinal() + 1)


def of_title(title: str) -> date:
    """The last day that a column's title names: the day, or the end of the month. Raises NotReadable."""
    for written in _DAYS:
        try:
            return datetime.strptime(title, written).date()
        except ValueError:
            continue
    for written in _MONTHS:
        try:
            return end(datetime.strptime(title, written).date())
        except ValueError:
            continue
    raise NotReadable(f"a column is called {title!r}")
