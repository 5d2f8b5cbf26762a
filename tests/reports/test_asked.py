"""What is asked for has right month ends, and as few requests as Xero's columns allow."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from picortex_xero.reports import months
from picortex_xero.reports.asked import Asked, by_months
from picortex_xero.reports.kinds import BALANCE_SHEET, BANK_SUMMARY, BUDGET, KINDS, PROFIT_AND_LOSS, TRIAL_BALANCE
from picortex_xero.xero.report_rows import NotReadable


def query(asked: Asked) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}


@pytest.mark.parametrize("month", range(1, 13))
def test_profit_and_loss_stands_on_a_month_of_31_days(month: int) -> None:
    asked = Asked(PROFIT_AND_LOSS, date(2026, 1, 1), months.end(date(2026, month, 5)))
    assert query(asked)["toDate"].endswith("-31") and query(asked)["fromDate"].endswith("-01")
    # The base is the last month, or the one after it.
    assert asked.last <= date.fromisoformat(query(asked)["toDate"]) <= months.end(months.moved(asked.last, 1))


@pytest.mark.parametrize(("first", "last", "calls"), [("2025-11-01", "2026-10-31", 1), ("2025-12-01", "2026-11-30", 2), ("2026-11-01", "2026-11-30", 1), ("2024-04-01", "2026-03-31", 2), ("2024-02-01", "2026-02-28", 3)])  # fmt: skip
def test_all_months_once_in_as_few_requests(first: str, last: str, calls: int) -> None:
    asked = list(by_months(PROFIT_AND_LOSS, date.fromisoformat(first), date.fromisoformat(last)))
    covered = sorted(day for each in asked for day in each.columns)
    assert len(asked) == calls
    assert covered == [
        months.end(months.moved(date.fromisoformat(first), at))
        for at in range(months.count(date.fromisoformat(first), date.fromisoformat(last)))
    ]
    assert all(int(query(each).get("periods", 0)) <= 11 for each in asked)
    assert all(len(each.columns) <= 12 for each in by_months(BALANCE_SHEET, date(2020, 1, 1), date(2026, 2, 28)))


def test_every_layout_is_the_standard_one_and_only_what_is_chosen_is_asked() -> None:
    day = date(2026, 2, 28)
    assert query(Asked(PROFIT_AND_LOSS, day, day, True, "c", "o")) == {
        "fromDate": "2026-03-01", "toDate": "2026-03-31", "periods": "1", "timeframe": "MONTH", "standardLayout": "true",
        "trackingCategoryID": "c", "trackingOptionID": "o", "paymentsOnly": "true",
    }  # fmt: skip
    assert query(Asked(BALANCE_SHEET, day, day, False, "c", "o")) == {
        "date": "2026-02-28",
        "standardLayout": "true",
        "trackingOptionID1": "o",
    }
    assert query(Asked(BUDGET, date(2026, 1, 1), day)) == {"date": "2026-01-01", "periods": "2", "timeframe": "1"}
    assert query(Asked(BANK_SUMMARY, date(2026, 2, 1), day)) == {"fromDate": "2026-02-01", "toDate": "2026-02-28"}
    assert query(Asked(TRIAL_BALANCE, day, day, True)) == {"date": "2026-02-28", "paymentsOnly": "true"}
    assert len({each.scope for each in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize(("title", "day"), [("30 Apr 2019", "2019-04-30"), ("31 Dec 25", "2025-12-31"), ("Feb-24", "2024-02-29"), ("Oct 2026", "2026-10-31")])  # fmt: skip
def test_what_a_column_is_called(title: str, day: str) -> None:
    assert months.of_title(title) == date.fromisoformat(day)


@pytest.mark.parametrize("title", ["", "Total", "Unassigned", "2026"])
def test_another_title_is_not_guessed(title: Any) -> None:
    with pytest.raises(NotReadable):
        months.of_title(title)


@pytest.mark.parametrize(("day", "end", "first"), [("2026-03-31", (3, 31), "2025-04-01"), ("2026-04-01", (3, 31), "2026-04-01"), ("2026-07-01", (12, 31), "2026-01-01"), ("2024-02-29", (2, 29), "2023-03-01"), ("2026-03-01", (2, 28), "2026-03-01")])  # fmt: skip
def test_the_year_is_the_organisations_own(day: str, end: tuple[int, int], first: str) -> None:
    assert months.year_start(date.fromisoformat(day), *end) == date.fromisoformat(first)
