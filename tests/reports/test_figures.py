"""For random organisations every line of every report is what the simulator's ledger rows come to, added up here and not by its reports."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from picortex_xero.reports import months, reading
from picortex_xero.reports.asked import Asked, by_months
from picortex_xero.reports.kinds import BALANCE_SHEET, BANK_SUMMARY, BUDGET, PROFIT_AND_LOSS, TRIAL_BALANCE
from picortex_xero.reports.reading import Statement
from sandbox.xero import balances
from tests.scene.books_in_process import Books, random_books

SEEDS = range(24)
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
RESULT = ("REVENUE", "EXPENSE")
BOTH = [False, True]


def ledger(books: Books, cash: bool = False) -> list[balances.Posting]:
    return list(balances.postings(books.org, date(2030, 1, 1), cash=cash))


def summed(rows: list[balances.Posting], first: date, last: date, option: str = "") -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows:
        if first <= row.day <= last and (not option or option in row.options):
            found[row.account] = found.get(row.account, Decimal(0)) + row.amount
    return {account: amount for account, amount in found.items() if amount}


def shown(statement: Statement, column: str) -> dict[str, Decimal]:
    return {account: amounts[column] for account, amounts in statement.by_account.items() if amounts[column]}


def computed(statement: Statement, title: str) -> dict[str, Decimal]:
    (line,) = (each for each in statement.lines if each.title == title)
    return line.amounts


def displayed(books: Books, amounts: dict[str, Decimal], *classes: str) -> dict[str, Decimal]:
    """Income, liabilities and equity with the other sign."""
    kinds = {key: account["Class"] for key, account in books.org.accounts.items()}
    return {key: amount if kinds[key] in ("ASSET", "EXPENSE") else -amount for key, amount in amounts.items() if kinds[key] in classes}


def result(books: Books, amounts: dict[str, Decimal]) -> Decimal:
    return -sum((amount for key, amount in amounts.items() if books.org.accounts[key]["Class"] in RESULT), Decimal(0))


@pytest.mark.parametrize("cash", BOTH)
@pytest.mark.parametrize("seed", SEEDS)
def test_profit_and_loss_by_months(seed: int, cash: bool) -> None:
    books = random_books(seed)
    rows, seen = ledger(books, cash), []
    options = [(each["TrackingCategoryID"], each["Options"][0]["TrackingOptionID"]) for each in books.org.tracking.values()]
    for category, option in [("", ""), *options]:
        for asked in by_months(PROFIT_AND_LOSS, FIRST, LAST, cash, category, option):
            statement = reading.read(asked, books.ask(asked.path))
            assert reading.unlike_totals(statement) == ()
            for column in statement.columns:
                day = date.fromisoformat(column)
                real = summed(rows, months.start(day), day, option)
                assert shown(statement, column) == displayed(books, real, *RESULT)
                assert computed(statement, "Net Profit")[column] == result(books, real)
                seen.append(column)
    assert len(seen) == 24 * (1 + len(options))


@pytest.mark.parametrize("cash", BOTH)
@pytest.mark.parametrize("seed", SEEDS)
def test_balance_sheet_at_months_ends(seed: int, cash: bool) -> None:
    books = random_books(seed)
    rows = ledger(books, cash)
    retained = next(key for key, each in books.org.accounts.items() if each.get("SystemAccount") == "RETAINEDEARNINGS")
    for asked in by_months(BALANCE_SHEET, FIRST, LAST, cash):
        statement = reading.read(asked, books.ask(asked.path))
        assert reading.unlike_totals(statement) == ()
        for column in statement.columns:
            day = date.fromisoformat(column)
            real, begun = summed(rows, date.min, day), months.year_start(day, *books.org.year_end)
            before = result(books, summed(rows, date.min, begun - timedelta(days=1)))
            expected = displayed(books, real, "ASSET", "LIABILITY", "EQUITY")
            expected[retained] = expected.get(retained, Decimal(0)) + before
            assert shown(statement, column) == {key: amount for key, amount in expected.items() if amount}
            of_year = result(books, summed(rows, begun, day))
            own = [each.amounts[column] for each in statement.lines if each.title == "Current Year Earnings"]
            assert own == [of_year] or (own == [] and not of_year)
            assert computed(statement, "Net Assets")[column] == computed(statement, "Total Equity")[column]


@pytest.mark.parametrize("cash", BOTH)
@pytest.mark.parametrize("seed", SEEDS)
def test_trial_balance_of_any_day(seed: int, cash: bool) -> None:
    books = random_books(seed)
    rows = ledger(books, cash)
    for day in (date(2025, 6, 17), date(2026, 2, 28), date(2026, 12, 31)):
        asked = Asked(TRIAL_BALANCE, day, day, cash)
        statement = reading.read(asked, books.ask(asked.path))
        year = summed(rows, months.year_start(day, *books.org.year_end), day)
        real = summed(rows, date.min, day)
        assert {key: amount for key, amount in shown(statement, reading.BALANCE).items() if books.org.accounts[key]["Class"] in RESULT} == {
            key: amount for key, amount in year.items() if books.org.accounts[key]["Class"] in RESULT
        }
        for key, amount in real.items():
            if books.org.accounts[key]["Class"] in ("ASSET", "LIABILITY"):
                assert statement.by_account[key][reading.BALANCE] == amount
        month = summed(rows, months.start(day), day)
        assert shown(statement, reading.MOVEMENT) == month
        assert sum(each[reading.BALANCE] for each in statement.by_account.values()) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_bank_summary(seed: int) -> None:
    books = random_books(seed)
    rows = ledger(books)
    asked = Asked(BANK_SUMMARY, date(2026, 2, 10), date(2026, 5, 20))
    statement = reading.read(asked, books.ask(asked.path))
    before, until = summed(rows, date.min, date(2026, 2, 9)), summed(rows, date.min, date(2026, 5, 20))
    banks = {key for key, each in books.org.accounts.items() if each["Type"] == "BANK"}
    assert set(statement.by_account) == banks
    for key, amounts in statement.by_account.items():
        assert amounts[reading.OPENING] == before.get(key, 0) and amounts[reading.CLOSING] == until.get(key, 0)
        inside = [row.amount for row in rows if row.account == key and asked.first <= row.day <= asked.last]
        assert amounts[reading.RECEIVED] == sum(each for each in inside if each > 0) and amounts[reading.SPENT] == -sum(
            each for each in inside if each < 0
        )


def test_a_budget_by_months() -> None:
    books = Books()
    lines = {"200": {"2026-02": "100.00", "2026-04": "50.50"}, "400": {"2026-03": "20.00"}}
    books.person("set_budget", Lines=lines)
    asked = Asked(BUDGET, date(2026, 1, 1), date(2026, 12, 31))
    statement = reading.read(asked, books.ask(asked.path))
    ids = {code: books.org.account(code=code)["AccountID"] for code in lines}  # type: ignore[index]
    assert shown(statement, "2026-02-28") == {ids["200"]: Decimal("100.00")} and shown(statement, "2026-03-31") == {
        ids["400"]: Decimal("20.00")
    }
    assert computed(statement, "Net Profit")["2026-03-31"] == Decimal("-20.00") and shown(statement, "2026-05-31") == {}


@pytest.mark.parametrize("kind", [PROFIT_AND_LOSS, BALANCE_SHEET, TRIAL_BALANCE, BUDGET])
def test_an_organisation_without_data_has_none(kind: object) -> None:
    asked = Asked(kind, date(2026, 3, 1), date(2026, 3, 31))  # type: ignore[arg-type]
    statement = reading.read(asked, Books().ask(asked.path))
    assert statement.empty and statement.by_account == {}
