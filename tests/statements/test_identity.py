"""Overlapping files never double a line; equal lines of one day stay two."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from picortex_xero.statements.identity import identities
from picortex_xero.statements.values import StatementLine

COFFEE = StatementLine(date(2026, 3, 24), Decimal("-3.40"), "AUD", "COFFEE HOUSE")


def test_equal_lines_of_a_day_are_two_in_every_file() -> None:
    once, twice = identities("Bank - K", [COFFEE]), identities("Bank - K", [COFFEE, COFFEE])
    assert len(set(twice)) == 2 and twice[0] == once[0]


def test_one_line_written_two_ways_is_one() -> None:
    assert identities("Bank - K", [COFFEE]) == identities(
        "Bank - K", [replace(COFFEE, amount=Decimal("-3.4"), description="Coffee  house ")]
    )


def test_the_account_day_amount_and_words_tell_lines_apart() -> None:
    others = [
        replace(COFFEE, date=date(2026, 3, 25)),
        replace(COFFEE, amount=Decimal("-3.41")),
        replace(COFFEE, currency="NZD"),
        replace(COFFEE, description="COFFEE BAR"),
    ]
    assert len({identities("Bank - K", [each])[0] for each in [COFFEE, *others]} | {identities("Other - K", [COFFEE])[0]}) == 6


def test_a_bank_that_uses_one_id_for_several_lines() -> None:
    """Suncorp counts from 1 in each download; a collected payment has one id for its rows."""
    lines = [
        replace(COFFEE, bank_id="1"),
        replace(COFFEE, bank_id="1", amount=Decimal("-9.00")),
        replace(COFFEE, bank_id="1", date=date(2026, 3, 25)),
    ]
    assert len(set(identities("Bank - K", lines))) == 3


def test_overlapping_files_of_any_days() -> None:
    chance = random.Random(1)
    lines = [
        replace(
            COFFEE,
            date=date(2026, 1, 1) + timedelta(chance.randrange(60)),
            amount=Decimal(chance.randrange(3)),
            description=chance.choice("ab"),
        )
        for _each in range(400)
    ]
    lines.sort(key=lambda each: each.date)
    whole = identities("Bank - K", lines)
    assert len(set(whole)) == len(whole)
    for start in range(0, 60, 7):
        first, last = date(2026, 1, 1) + timedelta(start), date(2026, 1, 1) + timedelta(start + 20)
        part = [each for each in lines if first <= each.date <= last]
        chance.shuffle(part)
        assert set(identities("Bank - K", part)) == {name for name, each in zip(whole, lines) if first <= each.date <= last}
