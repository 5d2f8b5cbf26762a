"""What is perhaps a Bank Transaction already: same day and amount, a text alike, each used once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from picortex_xero.statement_import.perhaps_there import Said, matched

DAY = date(2026, 3, 24)


def said(name: str, texts: str, amount: str = "-3.40", day: date = DAY) -> Said:
    return Said(name, day, Decimal(amount), texts)


def test_the_same_text_and_one_that_only_names_the_merchant() -> None:
    assert matched([said("a", "COFFEE HOUSE AUCKLAND")], [said("t", "Coffee  house Auckland")]) == {"a": "t"}
    assert matched([said("a", "EFTPOS COFFEE HOUSE 24MAR")], [said("t", "Coffee")]) == {"a": "t"}
    assert matched([said("a", "EFTPOS 8831 COFFEE")], [said("t", "")]) == {"a": "t"}


def test_another_day_amount_or_text_is_another_line() -> None:
    line = said("a", "COFFEE HOUSE")
    for other in (said("t", "COFFEE HOUSE", "-3.41"), said("t", "COFFEE HOUSE", "3.40"), said("t", "COFFEE HOUSE", day=date(2026, 3, 25))):
        assert matched([line], [other]) == {}
    assert matched([line], [said("t", "Book shop")]) == {}
    assert matched([said("a", "Card payment Tea room")], [said("t", "Card payment Book shop")]) == {}, (
        "what banks write in every line tells nothing"
    )


def test_each_stands_for_one_line() -> None:
    lines = [said(name, "COFFEE HOUSE") for name in "abc"]
    found = matched(lines, [said("t1", "COFFEE HOUSE"), said("t2", "COFFEE HOUSE")])
    assert sorted(found.values()) == ["t1", "t2"] and len(found) == 2


def test_what_says_the_same_goes_before_what_resembles() -> None:
    assert matched([said("a", "Payer 0 Invoice 0"), said("b", "Payer 1 Invoice 1")], [said("t", "Payer 1 invoice")]) == {"b": "t"}
    found = matched([said("a", "COFFEE HOUSE PARNELL"), said("b", "COFFEE HOUSE")], [said("t", "COFFEE HOUSE")])
    assert found == {"b": "t"}
