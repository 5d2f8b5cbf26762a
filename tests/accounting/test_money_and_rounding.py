"""Amounts are read from floats without their binary error, and rounded as ERPNext and as Xero round."""

from __future__ import annotations

from decimal import Decimal

import pytest

from picortex_xero.accounting.money import decimal, decimals, half_up, plain
from picortex_xero.accounting.rounding import line_amount, line_tax, unit_price
from picortex_xero.xero.client import encode


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, "0"),
        ("", "0"),
        (0.1, "0.1"),
        (1.005, "1.005"),
        (3, "3"),
        (" 2.50 ", "2.50"),
        (Decimal("7.10"), "7.10"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_a_number_is_read_as_its_shortest_text(given: object, read: str) -> None:
    assert str(decimal(given)) == read


@pytest.mark.parametrize("given", ["abc", "1,000.00", float("nan"), float("inf"), Decimal("NaN"), "12 NZD"])
def test_what_is_no_finite_number_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match="number"):
        decimal(given)


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("1.0049", "1.00"), ("-2.5", "-2.50")]
)
def test_half_goes_away_from_zero(value: str, rounded: str) -> None:
    assert str(half_up(Decimal(value))) == rounded


def test_rounding_to_other_places() -> None:
    assert half_up(Decimal("0.91945568"), 6) == Decimal("0.919456")
    assert half_up(Decimal("12.5"), 0) == 13


@pytest.mark.parametrize(("value", "count"), [("1.50", 1), ("100", 0), ("1E+3", 0), ("0.0001", 4), ("0.00", 0), ("-3.125", 3)])
def test_decimals_really_there(value: str, count: int) -> None:
    assert decimals(Decimal(value)) == count


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("1E+3", b"1000"),
        ("100.00", b"100"),
        ("12.50", b"12.5"),
        ("0.000001", b"0.000001"),
        ("-0.0100", b"-0.01"),
        ("0E-2", b"0"),
        ("123456789012.34", b"123456789012.34"),
    ],
)
def test_plain_numbers_reach_the_wire_without_exponent_or_padding(value: str, sent: bytes) -> None:
    assert encode(plain(Decimal(value))) == sent


def test_line_amount_rounds_half_up() -> None:
    assert line_amount(Decimal("3"), Decimal("0.335")) == Decimal("1.01")
    assert line_amount(Decimal("-1"), Decimal("0.005")) == Decimal("-0.01")


def test_the_hosts_own_price_is_kept_where_it_gives_the_amount() -> None:
    assert unit_price(Decimal("3"), Decimal("1.1111"), Decimal("3.33")) == (Decimal("3"), Decimal("1.1111"))


def test_else_the_nearest_price_with_four_decimals() -> None:
    # 7 at 10.00 less a discount on the whole invoice: ERPNext has 63.64 net, but its net rate of 9.09 would give 63.63.
    quantity, price = unit_price(Decimal("7"), Decimal("9.09"), Decimal("63.64"))
    assert (quantity, price) == (Decimal("7"), Decimal("9.0914"))
    assert line_amount(quantity, price) == Decimal("63.64")


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [
        ("1.23456", "10", "12.35"),  # more decimals than Xero keeps in a quantity
        ("0", "10", "0"),
        ("-2", "10", "-20"),
        ("100000", "0.00001", "1"),  # 0.0000 with four decimals would be nothing
        ("1000000", "0.123456", "123456"),
    ],
)
def test_else_one_unit_at_the_amount(quantity: str, price: str, amount: str) -> None:
    sent = unit_price(Decimal(quantity), Decimal(price), Decimal(amount))
    assert line_amount(*sent) == Decimal(amount)
    assert sent == (1, Decimal(amount)) or quantity == "100000"


@pytest.mark.parametrize(
    ("amount", "rate", "inclusive", "tax"),
    [
        ("100", "15", False, "15.00"),
        ("0.10", "15", False, "0.02"),
        ("230", "15", True, "30.00"),
        ("9.99", "15", True, "1.30"),
        ("-0.10", "15", False, "-0.02"),
        ("50", "0", True, "0.00"),
    ],
)
def test_tax_as_xero_computes_it(amount: str, rate: str, inclusive: bool, tax: str) -> None:
    assert line_tax(Decimal(amount), Decimal(rate), inclusive) == Decimal(tax)
