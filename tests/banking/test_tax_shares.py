"""The tax that is in what a bank line moved, by the rows of ERPNext's templates."""

from __future__ import annotations

from decimal import Decimal as D
from random import Random

import pytest

from picortex_xero.banking.tax_shares import NET, OF_AMOUNT, OF_TOTAL, NoShare, Shares, TaxRow, shares


def figures(found: Shares) -> tuple[str, list[str]]:
    return str(found.net), [str(share) for _row, share in found.taxes]


# What ERPNext 15 makes of an invoice line of this price with the rows included in it.
@pytest.mark.parametrize(
    "amount, rows, net, taxes",
    [
        ("115.00", [TaxRow("GST", D(15))], "100.00", ["15.00"]),
        ("100.00", [TaxRow("GST", D(15))], "86.96", ["13.04"]),
        ("0.01", [TaxRow("GST", D(15))], "0.01", []),
        ("110.00", [TaxRow("GST", D(10))], "100.00", ["10.00"]),
        ("-115.00", [TaxRow("GST", D(15))], "-100.00", ["-15.00"]),
        # Two taxes on the net; a tax on the tax before it; a tax on net and tax.
        ("112.00", [TaxRow("GST", D(5)), TaxRow("PST", D(7))], "100.00", ["5.00", "7.00"]),
        ("105.25", [TaxRow("GST", D(5)), TaxRow("CESS", D(5), OF_AMOUNT, 1)], "100.00", ["5.00", "0.25"]),
        ("114.98", [TaxRow("GST", D(5)), TaxRow("QST", D("9.5"), OF_TOTAL, 1)], "100.00", ["5.00", "9.98"]),
        # Reverse charge: owed and deducted.
        ("100.00", [TaxRow("VAT in", D(20)), TaxRow("VAT out", D(20), deducted=True)], "100.00", ["20.00", "-20.00"]),
        ("90.00", [TaxRow("Withheld", D(10), deducted=True)], "100.00", ["-10.00"]),
        ("90.00", [TaxRow("Withheld", D(10), deducted=True), TaxRow("On it", D(10), OF_AMOUNT, 1)], "98.90", ["-9.89", "0.99"]),
        ("50.00", [TaxRow("Exempt", D(0))], "50.00", []),
    ],
)
def test_known_amounts(amount: str, rows: list[TaxRow], net: str, taxes: list[str]) -> None:
    assert figures(shares(D(amount), rows)) == (net, taxes)


def test_yen_are_whole() -> None:
    assert figures(shares(D("1005"), [TaxRow("JCT", D(10))], D(1))) == ("914", ["91"])


@pytest.mark.parametrize(
    "row, said",
    [
        (TaxRow("Freight", D(0), "Actual"), "no part of a bank line's amount"),
        (TaxRow("Levy", D(1), "On Item Quantity"), "no part of a bank line's amount"),
        (TaxRow("GST", D(5), OF_TOTAL, 3), "not before it"),
        (TaxRow("Gone", D(100), deducted=True), "leave nothing"),
    ],
)
def test_what_is_no_part_of_the_amount_is_refused(row: TaxRow, said: str) -> None:
    with pytest.raises(NoShare, match=said):
        shares(D("100"), [row])


@pytest.mark.parametrize("seed", range(40))
def test_all_parts_are_the_amount_again(seed: int) -> None:
    chance = Random(seed)
    tried = 0
    for _each in range(50):
        amount = D(chance.randint(-9_999_999, 9_999_999)) / 100
        rows = [
            TaxRow(
                f"T{at}",
                D(chance.randint(0, 300)) / 10,
                chance.choice([NET, OF_TOTAL, OF_AMOUNT]) if at else NET,
                at,
                chance.random() < 0.3,
            )
            for at in range(chance.randint(0, 4))
        ]
        try:
            found = shares(amount, rows)
        except NoShare:
            continue
        tried += 1
        assert found.net + sum((share for _row, share in found.taxes), D(0)) == amount
        for row, share in found.taxes:
            if row.on == NET:
                assert abs(abs(share) - abs(found.net) * row.rate / 100) <= D("0.02")
    assert tried > 20
