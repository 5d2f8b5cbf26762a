"""What is taken off a document has the document's own tax, by tax type, and never more than that."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from picortex_xero.accounting.own_tax import TypedAmount, added_up, less, taken_off
from picortex_xero.accounting.tax_types import TaxType

D = Decimal
GST, REDUCED, ZERO_RATED = TaxType("OUTPUT2", D(15)), TaxType("REDUCED", D(5)), TaxType("ZERORATED", D(0))
IMPORTS, WITHHELD = TaxType("GSTONIMPORTS", D(0)), TaxType("NONE", D(0))


def typed(tax_type: TaxType, gross: str, tax: str = "0", fixed: bool = False) -> TypedAmount:
    return TypedAmount(tax_type, D(gross), D(tax), fixed)


def said(amounts: list[TypedAmount]) -> list[tuple[str, str, str]]:
    return [(each.tax_type.code, f"{each.gross:.2f}", f"{each.tax:.2f}") for each in amounts]


MIXED = [typed(GST, "115", "15"), typed(ZERO_RATED, "1000")]


@pytest.mark.case("F05")
@pytest.mark.parametrize(
    ("amount", "amounts", "expected"),
    [
        ("500", MIXED, [("OUTPUT2", "51.57", "6.73"), ("ZERORATED", "448.43", "0.00")]),
        # All of it: exactly what the document has, although 15 % of it would be a cent more or less.
        ("115.02", [typed(GST, "115.02", "15.01")], [("OUTPUT2", "115.02", "15.01")]),
        ("1115", MIXED, [("OUTPUT2", "115.00", "15.00"), ("ZERORATED", "1000.00", "0.00")]),
        ("0.01", MIXED, [("ZERORATED", "0.01", "0.00")]),
        ("100", [typed(GST, "115", "15"), typed(REDUCED, "105", "5")], [("OUTPUT2", "52.27", "6.82"), ("REDUCED", "47.73", "2.27")]),
        # Tax on imports and withheld tax bear nothing of a discount.
        ("10", [typed(GST, "115", "15"), typed(IMPORTS, "300", fixed=True), typed(WITHHELD, "-20")], [("OUTPUT2", "10.00", "1.30")]),
        ("10", [typed(IMPORTS, "300", fixed=True)], []),
        ("10", [], []),
    ],
)
def test_each_tax_type_bears_its_part(amount: str, amounts: list[TypedAmount], expected: list[tuple[str, str, str]]) -> None:
    assert said(taken_off(D(amount), amounts)) == expected


@pytest.mark.case("F05")
def test_what_was_returned_is_not_taken_back_again() -> None:
    """The taxed line came back: what is left is zero-rated alone, then nothing."""
    left = less(MIXED, [typed(GST, "115", "15")])
    assert said(taken_off(D(500), left)) == [("ZERORATED", "500.00", "0.00")]
    assert taken_off(D(1), less(left, [typed(ZERO_RATED, "1000")])) == []
    assert said(added_up([*MIXED, typed(GST, "11.50", "1.50")])) == [("OUTPUT2", "126.50", "16.50"), ("ZERORATED", "1000.00", "0.00")]


@pytest.mark.case("F05")
def test_never_more_than_there_was_and_all_of_it_adds_up() -> None:
    for cents, gross, tax, free in product(
        (1, 2, 333, 4999, 11500), ("0.02", "115", "115.01", "11.49"), ("0", "0.01", "1.5"), ("0", "33.33")
    ):
        amounts = [typed(GST, gross, tax), typed(ZERO_RATED, free)]
        amount = min(D(cents) / 100, D(gross) + D(free))
        shares = taken_off(amount, amounts)
        assert sum(each.gross for each in shares) == amount
        had = {each.tax_type.code: each for each in amounts}
        assert all(0 <= each.tax <= had[each.tax_type.code].tax and each.gross > 0 for each in shares), (amount, amounts)


@pytest.mark.case("F05")
@pytest.mark.parametrize(
    ("currency", "tax", "expected"),
    [
        # Whole yen, as the document's own tax is; Xero's own figure would have a fraction.
        ("JPY", "100", [("OUTPUT2", "367.00", "33.00"), ("ZERORATED", "333.00", "0.00")]),
        # A site that keeps cents of a yen, and a currency with cents.
        ("JPY", "100.5", [("OUTPUT2", "366.67", "33.50"), ("ZERORATED", "333.33", "0.00")]),
        ("NZD", "100", [("OUTPUT2", "366.67", "33.33"), ("ZERORATED", "333.33", "0.00")]),
    ],
)
def test_a_currency_without_cents_is_divided_in_whole_units(currency: str, tax: str, expected: list[tuple[str, str, str]]) -> None:
    ten = TaxType("OUTPUT2", D(10))
    assert said(taken_off(D(700), [typed(ten, "1100", tax), typed(ZERO_RATED, "1000")], currency)) == expected
