"""Periods are made of whole months, never short of one; balances are those of the last month's end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from picortex_xero.reports import reading
from picortex_xero.reports.asked import by_months
from picortex_xero.reports.kinds import BALANCE_SHEET, PROFIT_AND_LOSS
from picortex_xero.reports.periods import HALF_YEARLY, MONTHLY, QUARTERLY, YEARLY, Period, between, merged, of_periods, year_before
from picortex_xero.reports.reading import Line, Statement
from picortex_xero.xero.report_rows import ACCOUNT, COMPUTED, TOTAL
from tests.scene.books_in_process import random_books

FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(("each", "begins", "first", "last", "count"), [
    (MONTHLY, 4, "2026-02-01", "2026-03-31", 2), (QUARTERLY, 4, "2026-01-01", "2026-06-30", 2), (QUARTERLY, 3, "2025-12-01", "2026-05-31", 2),
    (HALF_YEARLY, 4, "2025-10-01", "2026-03-31", 1), (YEARLY, 4, "2025-04-01", "2026-03-31", 1), (YEARLY, 1, "2026-01-01", "2026-12-31", 1),
])  # fmt: skip
def test_periods_begin_with_the_financial_year(each: str, begins: int, first: str, last: str, count: int) -> None:
    found = between(date(2026, 2, 10), date(2026, 3, 31) if each in (MONTHLY, HALF_YEARLY, YEARLY) else date(2026, 4, 2), each, begins)
    assert len(found) == count and (str(found[0].first), str(found[-1].last)) == (first, last)


def test_a_leap_years_february() -> None:
    assert year_before(Period(date(2025, 2, 1), date(2025, 2, 28))) == Period(date(2024, 2, 1), date(2024, 2, 29))


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_quarters_are_the_sums_of_their_months_and_balances_those_of_their_end(seed: int, cash: bool) -> None:
    books = random_books(seed)
    for kind, flows in ((PROFIT_AND_LOSS, True), (BALANCE_SHEET, False)):
        parts = [reading.read(asked, books.ask(asked.path)) for asked in by_months(kind, FIRST, LAST, cash)]
        whole = merged(parts)
        assert whole.columns == tuple(sorted(each for part in parts for each in part.columns)) and len(whole.columns) == 24
        assert reading.unlike_totals(whole) == ()
        begins = books.org.year_start(FIRST).month
        chosen = [each for each in between(FIRST, LAST, QUARTERLY, begins) if each.first >= FIRST and each.last <= LAST]
        rows, lacking = of_periods(whole, chosen, flows)
        assert lacking == ()
        for at, period in enumerate(chosen):
            query = f"fromDate={period.first}&toDate={period.last}" if flows else f"date={period.last}"
            answer = books.ask(f"{kind.path}?{query}&standardLayout=true{'&paymentsOnly=true' if cash else ''}")
            # One column of the same span, as Xero makes it without a comparison.
            own = {
                cells[0]["Attributes"][0]["Value"]: D(cells[1]["Value"])
                for part in answer["Reports"][0]["Rows"]
                for cells in (row["Cells"] for row in part.get("Rows", []))
                if "Attributes" in cells[0]
            }
            ours = {line.account: amounts[at] for line, amounts in rows if line.kind == ACCOUNT and amounts[at]}
            assert ours == {key: amount for key, amount in own.items() if amount and key in whole.by_account}
            assert not [key for key, amount in own.items() if amount and key not in whole.by_account and not key.startswith("00000000")]


def test_a_period_that_lacks_a_month_has_no_figure() -> None:
    line = Line(ACCOUNT, "Income", "Sales", "a", {"2026-01-31": D(1), "2026-03-31": D(4)})
    statement = Statement(("2026-01-31", "2026-03-31"), (line,))
    quarter, march = Period(date(2026, 1, 1), date(2026, 3, 31)), Period(date(2026, 3, 1), date(2026, 3, 31))
    assert of_periods(statement, [quarter, march], flows=True) == ([(line, (None, D(4)))], (quarter,))
    # A balance is the one at the end, whatever was before.
    assert of_periods(statement, [quarter], flows=False) == ([(line, (D(4),))], ())


def test_an_account_that_only_one_answer_has_stands_in_its_section() -> None:
    new = Statement(("2026-03-31",), (
        Line(ACCOUNT, "Income", "Sales", "a", {"2026-03-31": D(4)}), Line(TOTAL, "Income", "Total Income", "", {"2026-03-31": D(4)}),
        Line(COMPUTED, "", "Net Profit", "", {"2026-03-31": D(4)}),
    ))  # fmt: skip
    old = Statement(("2026-02-28",), (
        Line(ACCOUNT, "Income", "Rent", "b", {"2026-02-28": D(1)}), Line(TOTAL, "Income", "Total Income", "", {"2026-02-28": D(1)}),
        Line(ACCOUNT, "Less Operating Expenses", "Fees", "c", {"2026-02-28": D(3)}), Line(COMPUTED, "", "Net Profit", "", {"2026-02-28": D(-2)}),
    ))  # fmt: skip
    whole = merged([new, old])
    assert [each.title for each in whole.lines] == ["Rent", "Sales", "Total Income", "Fees", "Net Profit"]
    assert {each.title: each.amounts for each in whole.lines}["Rent"] == {"2026-03-31": D(0), "2026-02-28": D(1)}
    assert {each.title: each.amounts for each in whole.lines}["Net Profit"] == {"2026-03-31": D(4), "2026-02-28": D(-2)}
