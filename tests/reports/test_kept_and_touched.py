"""What is read as it comes, which reports a change makes out of date, which readings are kept, and the figures of tiles."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from picortex_xero.reporting import touched
from picortex_xero.reports import figures, months, thinned, wanted
from picortex_xero.reports.kinds import ALL, BALANCE_SHEET, BANK_SUMMARY, BUDGET, OPEN_ITEMS, PROFIT_AND_LOSS, TRIAL_BALANCE
from picortex_xero.reports.reading import Line, Statement
from picortex_xero.reports.thinned import Kept
from picortex_xero.xero.report_rows import ACCOUNT, COMPUTED

NOW = datetime(2026, 11, 29, 12, 0)


@pytest.mark.parametrize("today", [date(2026, 1, 31), date(2026, 2, 28), date(2026, 11, 29), date(2028, 2, 29)])
def test_a_reading_has_every_month_of_two_years_once(today: date) -> None:
    begins = months.year_start(today, 3, 31)
    for kind in (PROFIT_AND_LOSS, BALANCE_SHEET):
        columns = [day for asked in wanted.parts(kind, today, begins) for day in asked.columns]
        assert columns == [months.end(months.moved(today, -each)) for each in range(24)], "the latest first, none twice"
    (budget,) = wanted.parts(BUDGET, today, begins)
    assert (budget.first, len(budget.columns)) == (begins, 12)
    (bank,) = wanted.parts(BANK_SUMMARY, today, begins)
    assert (bank.first, bank.last) == (today.replace(day=1), today)
    # A dashboard's reading of one moment: what is read each time, without the year before.
    assert sum(1 for kind in ALL.values() for _first in wanted.parts(kind, today, begins)[:1]) == 6


def test_what_somebody_asks_for() -> None:
    first, last = date(2020, 1, 1), date(2026, 11, 29)
    asked = wanted.of_days(PROFIT_AND_LOSS, first, last, True, "category", "option")
    assert [day for each in asked for day in each.columns] == [months.end(months.moved(last, -each)) for each in range(83)]
    assert all(each.cash and each.option == "option" for each in asked)
    (bank,) = wanted.of_days(BANK_SUMMARY, first, last, True)
    assert not bank.cash, "Xero makes it on one basis alone"
    assert all(not each.option for each in wanted.of_days(BALANCE_SHEET, first, last, True, "category", "option"))
    assert wanted.of_days(OPEN_ITEMS, first, last)[0].first == last
    with pytest.raises(ValueError):
        wanted.of_days(TRIAL_BALANCE, last, first)


@pytest.mark.parametrize(("path", "expected"), [
    ("Invoices?summarizeErrors=false", {"Profit and Loss", "Balance Sheet", "Trial Balance", "Open Items"}),
    ("Payments", {"Profit and Loss", "Balance Sheet", "Trial Balance", "Open Items", "Bank Summary"}),
    ("CreditNotes/1/Allocations", {"Profit and Loss", "Balance Sheet", "Trial Balance", "Open Items"}),
    ("BankTransfers", {"Balance Sheet", "Trial Balance", "Bank Summary"}),
    ("ManualJournals", {"Profit and Loss", "Balance Sheet", "Trial Balance"}),
    ("Contacts", set()), ("Invoices/1/History", set()), ("Invoices/1/Attachments/a.pdf", set()), ("Accounts", set()), ("", set()),
])  # fmt: skip
def test_what_is_sent_makes_out_of_date(path: str, expected: set[str]) -> None:
    assert {each.name for each in touched.by_path(path)} == expected
    assert set(touched.latest([(path, NOW)], [])) == expected


def test_out_of_date_since_the_last_change_of_either() -> None:
    earlier = NOW - timedelta(hours=1)
    found = touched.latest(
        [("Invoices", earlier), ("Contacts", NOW)], [("PAYMENT", earlier), ("INVOICE", NOW), ("CONTACT", NOW), ("", NOW)]
    )
    assert found["Profit and Loss"] == NOW and found["Bank Summary"] == earlier and "Budget Summary" not in found


def test_readings_are_kept_by_day_then_by_month_and_the_newest_always() -> None:
    readings = [
        Kept(f"{number}", f"P&L|{at:%Y-%m}", "P&L", at)
        for number, at in enumerate(NOW - timedelta(hours=4 * each) for each in range(6 * 1000))
    ]
    gone = set(thinned.superfluous(readings, NOW))
    kept = [each for each in readings if each.name not in gone]
    days = [each for each in kept if NOW - each.read_at <= thinned.DAILY]
    assert len(days) == len({each.read_at.date() for each in days}) == 36
    older = [each for each in kept if NOW - each.read_at > thinned.DAILY]
    assert len(older) == len({each.read_at.strftime("%Y-%m") for each in older}) and 22 <= len(older) <= 25
    assert all(NOW - each.read_at <= thinned.MONTHLY for each in kept)
    assert thinned.superfluous(kept, NOW) == []
    # What nobody has read for years stays as the last that is known.
    assert thinned.superfluous([Kept("a", "x", "x", NOW - timedelta(days=2000))], NOW) == []
    items = set(thinned.superfluous(readings, NOW, items=True))
    assert len(readings) - len(items) == 8


def statement(*lines: tuple[str, str, str]) -> Statement:
    return Statement(
        ("2026-11-30",), tuple(Line(kind, "", "", account, {"2026-11-30": Decimal(amount)}) for kind, account, amount in lines)
    )


def test_figures_are_made_of_accounts_by_their_class() -> None:
    classes = {"sales": "REVENUE", "rent": "EXPENSE", "bank": "ASSET", "loan": "LIABILITY"}
    found = statement((ACCOUNT, "sales", "100"), (ACCOUNT, "rent", "30"), (COMPUTED, "", "999"))
    assert figures.net_profit(found, ["2026-11-30"], classes) == 70
    assert figures.net_assets(statement((ACCOUNT, "bank", "50"), (ACCOUNT, "loan", "20")), "2026-11-30", classes) == 30
    with pytest.raises(figures.UnknownAccount):
        figures.net_profit(statement((ACCOUNT, "new", "1")), ["2026-11-30"], classes)
    assert figures.net_profit(statement((ACCOUNT, "new", "0")), ["2026-11-30"], classes) == 0
    with pytest.raises(KeyError):
        figures.net_profit(found, ["2026-10-31"], classes)
