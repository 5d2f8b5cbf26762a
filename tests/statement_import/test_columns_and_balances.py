"""Columns on a form and back; what is said of a statement's balances and currency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from picortex_xero.accounting import bank_feeds
from picortex_xero.statement_import import balances, chosen_columns
from picortex_xero.statements import spreadsheet
from picortex_xero.statements.values import Statement, StatementLine, Unreadable

TEXT = b"My account\nDate,Amount,Payee,Details,Balance\n24/03/2026,-3.40,Cafe,Coffee,96.60\n25/03/2026,10.00,Kim,Rent,106.60"
ROWS = spreadsheet.table(TEXT)
GUESSED = spreadsheet.settled(ROWS, spreadsheet.suggest(ROWS))
NAMED = chosen_columns.headings(ROWS, GUESSED.first_row)


def test_what_is_guessed_comes_back_as_it_was() -> None:
    form = chosen_columns.on_the_form(GUESSED, NAMED)
    assert form["date_column"] == "1: Date" and form["date_order"] == "Day First" and form["first_line"] == 3
    assert chosen_columns.of_the_form(form, 5, GUESSED) == GUESSED
    assert chosen_columns.loaded(chosen_columns.kept(GUESSED, NAMED)) == (GUESSED, NAMED)


def test_what_was_chosen_serves_a_file_with_the_same_headings() -> None:
    assert chosen_columns.fits(GUESSED, NAMED, ROWS)
    assert not chosen_columns.fits(GUESSED, NAMED, [ROWS[0], ["Date", "Sum"], *ROWS[2:]])


@pytest.mark.parametrize(
    "changed",
    [
        {"date_column": ""},
        {"amount_column": ""},
        {"money_in_column": "3: Payee"},
        {"amount_column": "9: Other"},
        {"date_column": "Date"},
        {"text_columns": "3, 77"},
    ],
)
def test_a_choice_that_cannot_be_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        chosen_columns.of_the_form({**chosen_columns.on_the_form(GUESSED, NAMED), **changed}, 5, GUESSED)


@pytest.mark.parametrize("stored", ["", "{", "[]", '{"columns": {"date": 1}}', "null"])
def test_what_another_release_stored_is_no_choice(stored: str) -> None:
    assert chosen_columns.loaded(stored)[0] is None


def statement(opening: str | None, closing: str | None, *amounts: str, currency: str = "NZD") -> Statement:
    lines = tuple(StatementLine(date(2026, 3, 24), Decimal(each), currency, "x") for each in amounts)
    return Statement("CSV", "", "", lines, opening and Decimal(opening), closing and Decimal(closing))  # type: ignore[arg-type]


def test_balances_that_agree_and_that_do_not() -> None:
    assert "make the closing balance 106.60" in balances.of_the_file(statement("100", "106.60", "-3.40", "10.00"))
    assert "1.00 is missing" in balances.of_the_file(statement("100", "107.60", "-3.40", "10.00"))
    assert "states no balances" in balances.of_the_file(statement(None, None, "1.00"))
    assert "no opening one" in balances.of_the_file(statement(None, "5.00", "1.00"))


def test_what_erpnext_has_is_compared() -> None:
    day = date(2026, 3, 24)
    same = balances.of_erpnext(Decimal("6.60"), Decimal("6.60"), Decimal("106.60"), Decimal("106.60"), day, day)
    assert "come to the same, 6.60" in same and "make the closing balance 106.60" in same
    apart = balances.of_erpnext(Decimal("6.60"), Decimal("5.60"), Decimal("5.60"), Decimal("106.60"), day, day)
    assert "1.00 apart" in apart and "101.00 was there before" in apart


def test_another_currency_is_refused() -> None:
    balances.currency(statement(None, None, "1.00"), "NZD")
    with pytest.raises(Unreadable, match="USD"):
        balances.currency(statement(None, None, "1.00", currency="USD"), "NZD")


def test_where_the_feed_is() -> None:
    assert bank_feeds.warns("Bank", bank_feeds.FEED_HERE) is None
    assert "only in Xero" in str(bank_feeds.warns("Bank", bank_feeds.FEED_IN_XERO))
    assert "Say under" in str(bank_feeds.warns("Bank", ""))
    assert set(bank_feeds.WARNS) < set(bank_feeds.SAYS)
