"""Periods in which nothing is entered without a person: filed for tax, before the conversion date, locked in Xero. Pure values and words.

What is dated in a filed period is put by Xero into a later return as a late claim; what is dated before the conversion date is in the balances that Xero
began with, and would count twice. So a person decides about each, one by one or all at once. A lock of Xero's is Xero's to refuse; only what a history
import sends is held before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ..accounting import causes
from ..accounting.causes import Cause
from ..accounting.problems import Problem
from ..accounting.texts import _, day

TAX_FILED, BEFORE_CONVERSION, LOCKED = "tax-filed", "before-conversion", "period-locked"
# What a person may send all the same.
MAY_GO = (TAX_FILED, BEFORE_CONVERSION)


@dataclass(frozen=True)
class Periods:
    """The dates of one connection (yyyy-mm-dd, "" where there is none): the last day that is locked in Xero, the last day for which tax is filed, the
    first day of the books in Xero."""

    locked_until: str = ""
    filed_until: str = ""
    conversion_date: str = ""

    @property
    def closed_until(self) -> str:
        """The last day that is locked, or for which tax is filed (yyyy-mm-dd); "" where no day is."""
        return max(self.locked_until, self.filed_until)

    @property
    def first_open_day(self) -> str:
        """The day after that; "" where no day is closed."""
        return (date.fromisoformat(self.closed_until) + timedelta(days=1)).isoformat() if self.closed_until else ""

    def is_filed(self, dated: str) -> bool:
        """Whether tax was filed for this day (yyyy-mm-dd)."""
        return bool(dated and self.filed_until) and dated <= self.filed_until

    def is_before_conversion(self, dated: str) -> bool:
        """Whether the books were not kept in Xero yet on this day."""
        return bool(dated and self.conversion_date) and dated < self.conversion_date

    def is_locked(self, dated: str) -> bool:
        """Whether Xero's books are locked on this day."""
        return bool(dated and self.locked_until) and dated <= self.locked_until


NO_PERIODS = Periods()


def closed(
    name: str, dated: str, periods: Periods, *, opening: bool = False, history: bool = False, agreed: Iterable[str] = ()
) -> tuple[Problem, ...]:
    """Why an entry of this day waits for a person; () where it goes. `opening`: it brings a balance from before the conversion; `history`: a history import
    sends it; `agreed`: the codes that a person has let it go in spite of."""
    found = []
    if history and periods.is_locked(dated):
        found.append(_locked(name, dated, periods.locked_until))
    if not opening and periods.is_before_conversion(dated):
        found.append(_before_conversion(name, dated, periods.conversion_date))
    if periods.is_filed(dated):
        found.append(_filed(name, dated, periods.filed_until))
    return tuple(each for each in found if each.code not in {*agreed})


def filed_cause(until: str) -> Cause:
    """The date until which tax is filed."""
    return Cause(causes.FILED, until)


def _filed(name: str, dated: str, until: str) -> Problem:
    return Problem(
        TAX_FILED,
        _("{name} is dated {date}, and tax is filed until {until}").format(name=name, date=day(dated), until=day(until)),
        _(
            "Press Send All the Same, and Xero puts its tax into a later return as a late claim; or press Skip to leave it out; or enter it in Xero by hand and press Done by Hand. Where that period was not filed, correct Tax Filed Until on the Xero Connection"
        ),
        held=True,
        causes=(filed_cause(until),),
    )


def _before_conversion(name: str, dated: str, until: str) -> Problem:
    return Problem(
        BEFORE_CONVERSION,
        _("{name} is dated {date}, and the books in Xero begin on {until}").format(name=name, date=day(dated), until=day(until)),
        _(
            "What was before is in the balances that Xero began with: press Skip to leave it out. Where it is missing in them, press Send All the Same; where the date is wrong, correct Conversion Date in Xero on the Xero Connection"
        ),
        held=True,
        causes=(Cause(causes.CONVERSION, until),),
    )


def _locked(name: str, dated: str, until: str) -> Problem:
    return Problem(
        LOCKED,
        _("{name} is dated {date}, and Xero's books are locked to {until}").format(name=name, date=day(dated), until=day(until)),
        _("Press Skip to leave it out; or move the lock date in Xero, then press Refresh From Xero"),
        held=True,
    )
