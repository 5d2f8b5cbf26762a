"""What an average is: of days, not of entries; and nothing is taken for 1."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from picortex_xero.accounting.money import half_up
from picortex_xero.reports import rates
from picortex_xero.reports.rates import Entered


def on(day: int, rate: str, of: str = "NZD", to: str = "GBP") -> Entered:
    return Entered(of, to, date(2026, 10, day), Decimal(rate))


def test_a_rate_holds_until_the_next_one() -> None:
    known = rates.between([on(11, "0.52"), on(1, "0.50"), on(31, "0.60")], "NZD", "GBP")
    found = rates.average(known, date(2026, 10, 1), date(2026, 10, 30))
    assert found and found.value == half_up(Decimal("15.4") / 30, 9)
    assert (found.since, found.until, found.used) == (date(2026, 10, 1), date(2026, 10, 30), 2)
    at_end = rates.closing(known, date(2026, 10, 30))
    assert at_end and (at_end.value, at_end.since) == (Decimal("0.52"), date(2026, 10, 11))


def test_days_before_the_first_rate_are_in_no_average_and_without_any_there_is_none() -> None:
    known = rates.between([on(21, "0.50")], "NZD", "GBP")
    found = rates.average(known, date(2026, 10, 1), date(2026, 10, 31))
    assert found and (found.value, found.since, found.used) == (Decimal("0.5"), date(2026, 10, 21), 1)
    assert rates.average(known, date(2026, 10, 1), date(2026, 10, 20)) is None and rates.closing(known, date(2026, 10, 20)) is None
    assert rates.average((), date(2026, 10, 1), date(2026, 10, 31)) is None


def test_entered_the_other_way_round_for_buying_and_selling_and_nonsense() -> None:
    entered = [on(1, "2", "GBP", "NZD"), on(2, "0.4"), on(2, "0.6"), on(2, "4", "GBP", "NZD"), on(3, "0"), on(4, "0.7", "NZD", "USD")]
    assert rates.between(entered, "NZD", "GBP") == (
        (date(2026, 10, 1), Decimal("0.5")),
        (date(2026, 10, 2), Decimal("0.5")),
    )


@pytest.mark.parametrize("seed", range(30))
def test_an_average_is_that_of_the_days_one_by_one(seed: int) -> None:
    chance = Random(seed)
    start = date(2026, 1, 1)
    entered = [
        Entered("NZD", "GBP", start + timedelta(days=chance.randrange(200)), Decimal(chance.randrange(3000, 7000)) / 10000)
        for _ in range(chance.randrange(1, 9))
    ]
    known = rates.between(entered, "NZD", "GBP")
    first, last = start + timedelta(days=chance.randrange(60)), start + timedelta(days=60 + chance.randrange(140))
    by_day = []
    for number in range((last - first).days + 1):
        held = rates.closing(known, first + timedelta(days=number))
        by_day += [held] if held else []
    found = rates.average(known, first, last)
    if not by_day:
        assert found is None
        return
    mean = sum((each.value for each in by_day), Decimal(0)) / len(by_day)
    assert found and abs(found.value - mean) <= Decimal("0.00000001")
