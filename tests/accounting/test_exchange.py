"""Six decimals of a rate: sent where they keep the worth, held where they do not, named where the admin accepts it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from picortex_xero.accounting.exchange import converted, xero_rate

D = Decimal


@pytest.mark.case("F04")
@pytest.mark.parametrize(
    ("base", "amount", "rate", "sent", "kept"),
    [
        # One dollar is 0.000062 of a rupiah's million: 10,000.00 come to 161,290,322.58 instead of 162,500,000.
        ("IDR", "10000", "16250", "0.000062", False),
        ("VND", "10000", "25400", "0.000039", False),
        ("JPY", "10000", "151.37", "0.006606", True),
        ("JPY", "10000", "149.9993", "0.006667", True),
        ("JPY", "10000", "217.18", "0.004604", False),
        ("NZD", "10000", "2.2234", "0.449762", True),
        # Within one unit of base currency, however large its share.
        ("IDR", "0.0001", "16250", "0.000062", True),
        # 0.01 % of 20,000,000 are 2,000: 1,500 apart is kept.
        ("INR", "240000", "83.3270", "0.012001", True),
    ],
)
def test_the_worth_in_base_currency_decides(base: str, amount: str, rate: str, sent: str, kept: bool) -> None:
    found = converted("SINV-1", D(amount), D(amount) * D(rate), D(rate), base, accepted=False)
    assert found.rate == D(sent) == xero_rate(D(rate)) and found.said == ()
    worth = D(amount) * D(rate)
    assert (abs(D(amount) / found.rate - worth) <= max(1, worth / 10000)) is kept
    assert [problem.code for problem in found.problems] == ([] if kept else ["rate-inexact"])
    assert all(
        problem.held and base in problem.message and "Accept Xero's Exchange Rates" in problem.resolution for problem in found.problems
    )


@pytest.mark.case("F04")
def test_what_is_accepted_is_sent_and_named() -> None:
    found = converted("SINV-1", D(10000), D(162500000), D(16250), "IDR", accepted=True)
    assert found.problems == [] and found.rate == D("0.000062")
    (remark,) = found.said
    assert "162500000.00 IDR" in remark and "161290322.58" in remark and "1209677.42 apart" in remark
    assert converted("SINV-1", D(10000), D(22234), D("2.2234"), "NZD", accepted=True).said == ()


@pytest.mark.parametrize(("worth", "kept"), [("16.00", True), ("16.01", False)])
def test_through_a_clearing_account_the_cent_decides(worth: str, kept: bool) -> None:
    found = converted("PAY-1", D(10), D(worth), D("1.6"), "NZD", accepted=False, to_the_cent=True)
    assert (not found.problems) is kept and all("clearing account" in problem.resolution for problem in found.problems)


@pytest.mark.parametrize("rate", ["0", "-1", "10000000"])
def test_a_rate_that_xero_cannot_show_is_refused_even_if_rates_are_accepted(rate: str) -> None:
    (problem,) = converted("SINV-1", D(1), D(1), D(rate), "IDR", accepted=True).problems
    assert (problem.code, problem.held) == ("rate-unusable", False)
