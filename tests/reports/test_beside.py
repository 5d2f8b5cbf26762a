"""Both books side by side: every account of either once, and differences that sum to that of the wholes; and a statement comes back as it was kept."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal as D

import pytest

from picortex_xero.reports import kept, reading
from picortex_xero.reports.asked import Asked
from picortex_xero.reports.beside import Pair, debit, pairs
from picortex_xero.reports.kinds import BALANCE_SHEET, BANK_SUMMARY, PROFIT_AND_LOSS, TRIAL_BALANCE, Kind
from tests.scene.books_in_process import random_books


def test_several_accounts_here_are_one_there_and_what_is_alone_is_no_zero() -> None:
    found = pairs(
        {"s": D(-100), "x": D(7)},
        {"Sales": D(-60), "Online": D(-30), "Own": D(4), "Quiet": D(1)},
        {"Sales": "s", "Online": "s", "Quiet": "q"},
    )
    assert found == [
        Pair("s", ("Sales", "Online"), D(-100), D(-90)),
        Pair("x", (), D(7), None),
        Pair("q", ("Quiet",), D(0), D(1)),
        Pair("", ("Own",), None, D(4)),
    ]
    assert [each.difference for each in found] == [D(-10), D(7), D(-1), D(-4)]


@pytest.mark.parametrize("seed", range(50))
def test_nothing_is_lost_or_counted_twice(seed: int) -> None:
    chance = random.Random(seed)

    def some(names: str) -> dict[str, D]:
        return {each: D(chance.randrange(-999, 999)) / 100 for each in names if chance.random() < 0.7}

    there, here = some("abcdef"), some("ABCDEFGH")
    mapped = {each: chance.choice("abcdefg") for each in "ABCDEFGH" if chance.random() < 0.8}
    found = pairs(there, here, mapped)
    assert sum((each.difference for each in found), D(0)) == sum(there.values(), D(0)) - sum(here.values(), D(0))
    assert sorted(name for each in found for name in each.here) == sorted(here)
    assert sorted(each.xero for each in found if each.xero) == sorted({*there, *(mapped[each] for each in here if each in mapped)})
    assert all(mapped.get(name, "") == each.xero for each in found for name in each.here)


@pytest.mark.parametrize("seed", range(6))
def test_a_balance_sheet_with_its_signs_is_the_trial_balance(seed: int) -> None:
    """What both show of assets and liabilities at a month's end."""
    books, day = random_books(seed), date(2026, 6, 30)
    sheet, trial = (
        reading.read(asked, books.ask(asked.path)) for asked in (Asked(BALANCE_SHEET, day, day), Asked(TRIAL_BALANCE, day, day))
    )
    classes = {key: each["Class"] for key, each in books.org.accounts.items()}
    of_sheet = {key: debit(amounts[str(day)], classes[key]) for key, amounts in sheet.by_account.items() if classes[key] != "EQUITY"}
    of_trial = {key: each[reading.BALANCE] for key, each in trial.by_account.items() if classes[key] in ("ASSET", "LIABILITY")}
    assert all(each.difference == 0 for each in pairs(of_sheet, of_trial, {key: key for key in of_trial}))
    assert sum(abs(each) for each in of_sheet.values()) > 0


@pytest.mark.parametrize("kind", [PROFIT_AND_LOSS, BALANCE_SHEET, TRIAL_BALANCE, BANK_SUMMARY])
def test_a_statement_comes_back_as_it_was_kept(kind: Kind) -> None:
    books = random_books(3)
    asked = Asked(kind, date(2026, 1, 1), date(2026, 10, 31))
    statement = reading.read(asked, books.ask(asked.path))
    assert kept.statement(kept.text(statement)) == statement and not statement.empty
