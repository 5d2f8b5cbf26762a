"""What Xero is asked for one report, and which columns the answer must have.

Profit and Loss is asked by months beside each other, on the base of a month with 31 days: Xero applies the last day to every month that it compares, so that
beside a month with 30 days those with 31 lose one (docs.coupler.io, FAQ on Xero). Any longer period is the sum of its months. Balance Sheet is always as at
a month's end (the same page). The standard layout is asked for, since a layout of the organisation's own groups accounts (Fathom's documentation).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from . import months
from .kinds import BALANCE_SHEET, BANK_SUMMARY, BUDGET, PROFIT_AND_LOSS, TRIAL_BALANCE, Kind

# Xero compares at most 11 periods with the first one (guides; its description says 12).
MOST_COLUMNS = 12
LONG = 31


@dataclass(frozen=True)
class Asked:
    """One request. `first` to `last` is what its figures are about: whole months (Profit and Loss, Budget Summary), month ends (Balance Sheet), days (Bank Summary),
    or one day (Trial Balance: both). `category` and `option`: TrackingCategoryID and TrackingOptionID that alone count."""

    kind: Kind
    first: date
    last: date
    cash: bool = False
    category: str = ""
    option: str = ""

    @property
    def columns(self) -> tuple[date, ...]:
        """The last days of the months that are wanted, the latest first; the one day else."""
        if self.kind in (PROFIT_AND_LOSS, BALANCE_SHEET, BUDGET):
            return tuple(months.end(months.moved(self.last, -each)) for each in range(months.count(self.first, self.last)))
        return (self.last,)

    @property
    def path(self) -> str:
        """The address with its query."""
        query: dict[str, str] = {}
        if self.kind == PROFIT_AND_LOSS:
            base = self.last if months.end(self.last).day == LONG else months.moved(self.last, 1)
            query = {"fromDate": str(months.start(base)), "toDate": str(months.end(base))}
            query |= {"periods": str(months.count(self.first, base) - 1), "timeframe": "MONTH", "standardLayout": "true"}
            query |= {"trackingCategoryID": self.category, "trackingOptionID": self.option} if self.option else {}
        elif self.kind == BALANCE_SHEET:
            query = {
                "date": str(months.end(self.last)),
                "periods": str(len(self.columns) - 1),
                "timeframe": "MONTH",
                "standardLayout": "true",
            }
            query |= {"trackingOptionID1": self.option} if self.option else {}
        elif self.kind == BUDGET:
            query = {"date": str(months.start(self.first)), "periods": str(len(self.columns)), "timeframe": "1"}
        elif self.kind == BANK_SUMMARY:
            query = {"fromDate": str(self.first), "toDate": str(self.last)}
        elif self.kind == TRIAL_BALANCE:
            query = {"date": str(self.last)}
        if query.get("periods") == "0":
            del query["periods"], query["timeframe"]
        return f"{self.kind.path}?{urlencode(query | ({'paymentsOnly': 'true'} if self.cash else {}))}"


def by_months(kind: Kind, first: date, last: date, cash: bool = False, category: str = "", option: str = "") -> Iterator[Asked]:
    """The requests for all months from the one of `first` to the one of `last`, the latest first: as few as Xero's columns allow."""
    until = last
    while months.start(until) >= months.start(first):
        # The month that Profit and Loss takes as its base costs a column where it is not wanted itself.
        most = MOST_COLUMNS - (kind == PROFIT_AND_LOSS and months.end(until).day != LONG)
        since = max(months.start(first), months.moved(until, 1 - most))
        yield Asked(kind, since, months.end(until), cash, category, option)
        until = months.end(months.moved(since, -1))
