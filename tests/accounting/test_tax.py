"""ERPNext has tax rows for the whole document, Xero tax on each line: each row is divided over the lines, to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.tax import TaxLine, allocate, charge_lines, item_rates, row_total, settle_charges, spread

CENT = Decimal("0.01")


def numbers(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def test_parts_add_up_and_the_largest_remainder_gets_the_cent() -> None:
    exact = numbers("1.004", "1.008", "1.003")
    assert allocate(Decimal("3.01"), exact, numbers("1", "1", "1")) == numbers("1.00", "1.01", "1.00")
    assert allocate(Decimal("3.02"), exact, numbers("1", "1", "1")) == numbers("1.01", "1.01", "1.00")


def test_ties_go_to_the_larger_taxable_amount_then_to_the_earlier_line() -> None:
    exact = numbers("0.005", "0.005", "0.005")
    assert allocate(Decimal("0.01"), exact, numbers("10", "30", "20")) == numbers("0.00", "0.01", "0.00")
    assert allocate(Decimal("0.02"), exact, numbers("10", "10", "10")) == numbers("0.01", "0.01", "0.00")
    # A negative line counts by its size.
    assert allocate(Decimal("0.01"), exact, numbers("10", "-30", "20")) == numbers("0.00", "0.01", "0.00")


def test_negative_shares_and_totals() -> None:
    assert allocate(Decimal("-3.01"), numbers("-1.004", "-1.008", "-1.003"), numbers("1", "1", "1")) == numbers("-1.00", "-1.01", "-1.00")
    assert allocate(Decimal("0.00"), numbers("1.50", "-1.50"), numbers("10", "-10")) == numbers("1.50", "-1.50")


def test_a_host_that_rounded_below_the_floors_takes_cents_back_from_the_smallest_remainders() -> None:
    assert allocate(Decimal("1.99"), numbers("1.000", "1.002"), numbers("10", "10")) == numbers("0.99", "1.00")


@pytest.mark.parametrize(
    ("total", "exact"),
    [("3.50", ["1.00", "1.00", "1.00"]), ("2.90", ["1.00", "1.00", "1.00"]), ("0.01", []), ("0.98", ["0.999"]), ("1.02", ["1.00"])],
)
def test_a_total_that_rounding_does_not_explain_is_refused(total: str, exact: list[str]) -> None:
    """More than a cent a line between the row and the exact shares: somebody typed it."""
    assert allocate(Decimal(total), numbers(*exact), numbers(*("1" for _ in exact))) is None


def test_nothing_over_no_lines_is_nothing() -> None:
    assert allocate(Decimal("0"), [], []) == []


def row(charge_type: str, account: str, rate: str, row_id: int | None = None, **more: Any) -> dict[str, Any]:
    return {"charge_type": charge_type, "account_head": account, "rate": float(rate), "row_id": str(row_id) if row_id else None, **more}


def shares(line: TaxLine) -> dict[int, Decimal]:
    return {at: share.normalize() for at, share in line.exact.items()}


def test_rows_on_net_total_on_row_amount_and_on_row_total() -> None:
    rows = [
        row("On Net Total", "State", "10"),
        row("On Previous Row Amount", "Surcharge", "50", 1),
        row("On Previous Row Total", "District", "10", 2),
    ]
    line = TaxLine(Decimal(100))
    spread(rows, [line], [0, 1, 2])
    assert shares(line) == {0: 10, 1: 5, 2: Decimal("11.5")}
    assert line.tax_key == "State @ 10 + Surcharge @ 50 + District @ 10"


def test_row_total_counts_only_the_rows_up_to_the_one_it_names_that_are_tax() -> None:
    rows = [row("On Net Total", "A", "10"), row("On Net Total", "B", "20"), row("On Previous Row Total", "C", "10", 1)]
    line = TaxLine(Decimal(100))
    spread(rows, [line], [0, 1, 2])
    assert shares(line)[2] == 11
    untaxed_first = TaxLine(Decimal(100))
    spread(rows, [untaxed_first], [1, 2])
    assert shares(untaxed_first) == {1: 20, 2: 10}


def test_an_items_own_rate_goes_before_the_rows() -> None:
    line = TaxLine(Decimal(100), {"GST": 0.0}, "Zero-rated")
    spread([row("On Net Total", "GST", "15")], [line], [0])
    assert (shares(line), line.tax_key) == ({0: 0}, "GST @ 0")


def test_a_tax_switched_off_for_the_item_does_not_apply_at_all() -> None:
    line = TaxLine(Decimal(100), {"GST": "N/A"}, "Off")
    spread([row("On Net Total", "GST", "15")], [line], [0])
    assert (line.exact, line.tax_key) == ({}, "No tax")


def test_zero_components_are_left_out_of_the_key_beside_charged_ones() -> None:
    line = TaxLine(Decimal(100), {"County": 0}, "State only")
    spread([row("On Net Total", "State", "6.25"), row("On Net Total", "County", "1.375")], [line], [0, 1])
    assert line.tax_key == "State @ 6.25"


def test_freight_is_taxed_only_by_rows_that_are_based_on_it() -> None:
    rows = [
        {**row("Actual", "Freight", "0"), "tax_amount": 20.0},
        row("On Previous Row Total", "GST", "15", 1),
        row("On Net Total", "Levy", "1"),
    ]
    item, freight = TaxLine(Decimal(100)), TaxLine(Decimal(20), charge_row=0)
    spread(rows, [item, freight], [1, 2])
    assert shares(item) == {1: 15, 2: 1}
    assert (shares(freight), freight.tax_key) == ({1: 3}, "GST @ 15")


def test_freight_after_the_tax_is_not_taxed() -> None:
    rows = [row("On Net Total", "GST", "15"), {**row("Actual", "Freight", "0"), "tax_amount": 20.0}]
    freight = TaxLine(Decimal(20), charge_row=1)
    spread(rows, [freight], [0])
    assert (freight.exact, freight.tax_key) == ({}, "No tax")


def test_freight_over_mixed_rates_is_split_by_net_amount_into_whole_cents() -> None:
    rows = [{**row("Actual", "Freight", "0"), "tax_amount": 10.0}, row("On Previous Row Total", "GST", "15", 1)]
    items = [TaxLine(Decimal(100)), TaxLine(Decimal(200), {"GST": 0.0}, "Zero-rated")]
    lines = items + charge_lines(0, rows[0], items)
    spread(rows, lines, [1])
    settled = settle_charges(rows, lines)
    freight = [line for line in settled if line.charge_row == 0]
    assert [(line.net, line.tax_key, line.template) for line in freight] == [
        (Decimal("3.33"), "GST @ 15", ""),
        (Decimal("6.67"), "GST @ 0", "Zero-rated"),
    ]
    assert sum(line.net for line in freight) == 10


def test_shares_with_the_same_taxes_become_one_line_again() -> None:
    """Rates that no row uses do not split freight: its shares are untaxed alike."""
    rows = [row("On Net Total", "GST", "15"), {**row("Actual", "Freight", "0"), "tax_amount": 10.0}]
    items = [TaxLine(Decimal(100)), TaxLine(Decimal(200), {"GST": 0.0}, "Zero-rated")]
    lines = items + charge_lines(1, rows[1], items)
    spread(rows, lines, [0])
    freight = [line for line in settle_charges(rows, lines) if line.charge_row == 1]
    assert [(line.net, line.template) for line in freight] == [(Decimal("10.00"), "")]


def test_freight_without_net_amounts_stays_whole() -> None:
    charge = {**row("Actual", "Freight", "0"), "tax_amount": 10.0}
    assert [line.net for line in charge_lines(0, charge, [TaxLine(Decimal(5)), TaxLine(Decimal(-5), {"GST": 0}, "Z")])] == [10]
    assert [line.net for line in charge_lines(0, charge, [])] == [10]


def test_what_a_row_adds_to_the_document() -> None:
    assert row_total({"tax_amount": 5.0, "tax_amount_after_discount_amount": 4.5}) == Decimal("4.5")
    assert row_total({"tax_amount": 5.0}) == 5
    assert row_total({"tax_amount": 5.0, "tax_amount_after_discount_amount": 0.0}) == 0
    assert row_total({"tax_amount": 5.0, "add_deduct_tax": "Deduct"}) == -5


@pytest.mark.parametrize(
    ("given", "rates"), [(None, {}), ("", {}), ("{}", {}), ('{"GST - KS": 0.0}', {"GST - KS": 0.0}), ({"A": 5}, {"A": 5}), ("[]", {})]
)
def test_item_rates_in_every_shape(given: Any, rates: dict[str, Any]) -> None:
    assert item_rates(given) == rates


def test_a_charge_on_items_of_two_templates_is_two_lines_even_at_the_same_rates() -> None:
    """What a tax key maps to may depend on the template: zero-rated and exempt are both 0 %."""
    items = [TaxLine(Decimal(30), {"GST - KS": 0}, "Export - KS"), TaxLine(Decimal(10), {"GST - KS": 0}, "Exempt - KS")]
    row = {"charge_type": "Actual", "account_head": "Freight - KS", "tax_amount": 8.0}
    assert [(line.net, line.template) for line in charge_lines(0, row, items)] == [(Decimal(6), "Export - KS"), (Decimal(2), "Exempt - KS")]
