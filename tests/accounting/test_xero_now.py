"""What Xero's lists say now against what was chosen once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.accounting.xero_now import OtherParts, listed, other_parts, rate_change

pytestmark = pytest.mark.case("14")


@pytest.mark.parametrize(
    ("key", "agreed", "now", "changed"),
    [
        ("GST - KS @ 15", 15.0, "15.0000", False),
        ("GST - KS @ 15", 15.0, "15.5", True),
        ("GST - KS @ 15", 15.0, "0", True),
        ("No tax", 0.0, "5", True),
        # A tax of one rate says itself what was agreed, also where a former release kept another one.
        ("GST - KS @ 15", 0.0, "15", False),
        ("GST - KS @ 15", 17.5, "17.5", True),
        ("GST - KS @ 15", None, "17.5", True),
        # A row of several rates that never kept one.
        ("State - KS @ 6.25 + County - KS @ 1.375", 0.0, "9.25", False),
        ("GST - KS (fixed amount)", 0.0, "0", False),
        ("VAT - KS @ 20 + VAT - KS @ -20", 20.0, "20", False),
        ("VAT - KS @ 20 + VAT - KS @ -20", None, "20", False),
        ("State - KS @ 6.25 + County - KS @ 1.375", 7.625, "9.25", True),
        ("State - KS @ 6.25 + County - KS @ 1.375", 7.625, "7.6250", False),
    ],
)
def test_a_rate_is_compared_with_that_of_the_day_it_was_chosen(key: str, agreed: Any, now: str, changed: bool) -> None:
    found = rate_change(key, TaxType("T", Decimal(now)), agreed)
    assert (found is not None) is changed
    if found:
        assert (found.key, found.now) == (key, Decimal(now)) and found.was != found.now


def test_a_rate_that_was_never_read_is_not_compared() -> None:
    assert rate_change("GST - KS @ 15", TaxType("T", None), 15) is None


@pytest.mark.parametrize(
    ("key", "rates", "differs"),
    [
        ("State - KS @ 6.25 + County - KS @ 1.375", ["1.375", "6.25"], False),
        ("State - KS @ 6.25 + County - KS @ 1.375", ["6", "1.625"], True),
        # One rate may stand for several.
        ("State - KS @ 6.25 + County - KS @ 1.375", ["7.625"], False),
        ("GST - KS @ 15", ["15"], False),
        ("VAT - KS @ 20 + VAT - KS @ -20", ["15", "5"], False),
    ],
)
def test_parts_of_a_rate_are_compared_where_there_are_as_many(key: str, rates: list[str], differs: bool) -> None:
    found = other_parts(key, [{"Name": rate, "Rate": Decimal(rate)} for rate in rates])
    assert (found is not None) is differs
    if found:
        assert found == OtherParts(key, (Decimal("1.375"), Decimal("6.25")), (Decimal("1.625"), Decimal("6")))


def test_lists_of_a_former_release_have_no_ids_of_options() -> None:
    lists = {"accounts": [], "tax_rates": [], "tracking": [{"Name": "Branch", "Options": ["North"]}]}
    assert listed(lists).options == {("Branch", "North"): ""}
    assert listed(lists).currencies is None, "nothing is held for a currency of which nothing is known"
    assert listed({**lists, "currencies": ["NZD"]}).currencies == {"NZD"}
