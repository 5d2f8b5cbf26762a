"""What is read of each report as it comes, without anybody asking for more: two years of months, this month's bank accounts, this year's budget, today."""

from __future__ import annotations

from datetime import date

from . import months
from .asked import Asked, by_months
from .kinds import BALANCE_SHEET, BANK_SUMMARY, BUDGET, OPEN_ITEMS, PROFIT_AND_LOSS, TRIAL_BALANCE, Kind

# So many months together: every one of the last twelve has its month a year before.
MONTHS = 24


def parts(kind: Kind, today: date, year_begins: date) -> tuple[Asked, ...]:
    """The requests of a reading; `year_begins`: the first day of the organisation's financial year of `today`. Of reports by months the latest months come first, and what
    comes after them changes seldom. Of open items one, which stands for the lists of documents."""
    if kind in (PROFIT_AND_LOSS, BALANCE_SHEET):
        return tuple(by_months(kind, months.moved(today, 1 - MONTHS), today))
    if kind == BUDGET:
        return tuple(by_months(kind, year_begins, months.moved(year_begins, 11)))
    return (Asked(kind, months.start(today) if kind == BANK_SUMMARY else today, today),)


def of_days(kind: Kind, first: date, last: date, cash: bool = False, category: str = "", option: str = "") -> tuple[Asked, ...]:
    """The requests for what somebody asks about. Raises ValueError where the days are in the wrong order."""
    if first > last:
        raise ValueError(f"{first} is after {last}")
    cash = cash and kind.cash
    if kind in (PROFIT_AND_LOSS, BALANCE_SHEET, BUDGET):
        tracked = (category, option) if kind == PROFIT_AND_LOSS else ("", "")
        return tuple(by_months(kind, first, last, cash, *tracked))
    if kind in (TRIAL_BALANCE, OPEN_ITEMS):
        return (Asked(kind, last, last, cash),)
    return (Asked(kind, first, last),)
