"""Decimals of currencies, by ISO 4217's list of minor units."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from picortex_xero.accounting.currencies import OF_FOUR, OF_THREE, WITHOUT, currency_decimals, rounded_to, too_many_decimals
from picortex_xero.accounting.texts import _

pytestmark = [pytest.mark.case("F10"), pytest.mark.case("11")]


def test_every_currency_has_the_decimals_of_the_list() -> None:
    assert [len(each) for each in (WITHOUT, OF_THREE, OF_FOUR)] == [17, 7, 2]
    assert [currency_decimals(each) for each in ("JPY", "VND", "ISK", "NZD", "USD", "KWD", "TND", "CLF", "IDR")] == [
        0,
        0,
        0,
        2,
        2,
        3,
        3,
        4,
        2,
    ]


def test_whole_only_where_no_figure_has_a_fraction() -> None:
    assert rounded_to("JPY", [D("1005"), D("100.00")]) == 1
    assert rounded_to("JPY", [D("1005"), D("100.5")]) == D("0.01")
    assert rounded_to("NZD", [D("1005"), D("100")]) == rounded_to("KWD", [D("1005")]) == D("0.01")


@pytest.mark.parametrize("currency", sorted(OF_THREE | OF_FOUR))
def test_no_cure_touches_the_books_of_a_currency_with_more_decimals(currency: str) -> None:
    found = too_many_decimals(_("Too many"), "NZD", currency)
    assert found.held and "by hand" in found.resolution and "two decimals" in found.resolution
    assert not [word for word in ("Precision", "Settings", "amend", "enter it again") if word in found.resolution]
    assert not too_many_decimals(_("Too many"), "NZD", "JPY").held
