"""An amount of tax is explained by the lines and rates that come to it, or it is not; what may be either is never taken for something else."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from picortex_xero.accounting.typed_tax import Taxable, explain

pytestmark = pytest.mark.case("F02")


def lines(*nets: str) -> list[Taxable]:
    """Lines by their net amount; "100@0" has a rate of its own, "+20" is a charge."""
    made = []
    for net in nets:
        amount, _, own = net.lstrip("+").partition("@")
        made.append(Taxable(D(amount), D(own) if own else None, net.startswith("+")))
    return made


@pytest.mark.parametrize(
    ("total", "nets", "rates", "wanted"),
    [
        ("15", ["100"], ["15"], ["15"]),
        ("22.5", ["100", "50"], ["15"], ["15", "15"]),
        ("15", ["100", "40"], ["15"], ["15", "0"]),
        ("15", ["100", "50@0"], ["15"], ["15", "0"]),
        ("15", ["100@15", "50"], ["15"], ["15", "0"]),
        ("18", ["100", "+20"], ["15"], ["15", "15"]),
        ("15", ["100", "+20"], ["15"], ["15", "0"]),
        ("30", ["100", "200"], ["12.5", "15"], ["0", "15"]),
        ("22.5", ["100", "50"], ["20", "5"], ["20", "5"]),
        ("22.5", ["100@20", "50@5"], [], ["20", "5"]),
        ("12", ["100", "-20"], ["15"], ["15", "15"]),
        # Rounded over all lines, and line by line: 3 x 33.33 at 15 % is 15.00 either way, 3 x 0.97 is 0.44 or 0.45.
        ("15", ["33.33", "33.33", "33.33"], ["15"], ["15", "15", "15"]),
        ("0.44", ["0.97", "0.97", "0.97"], ["15"], ["15", "15", "15"]),
        ("0.45", ["0.97", "0.97", "0.97"], ["15"], ["15", "15", "15"]),
        # Half a cent either way, and a seller who rounds down.
        ("1.50", ["10.03"], ["15"], ["15"]),
        ("0.08", ["0.5"], ["15"], ["15"]),
        ("0.07", ["0.5"], ["15"], ["15"]),
        ("15.01", ["100"], ["15"], ["15"]),
        # A line of nothing is no second choice.
        ("15", ["100", "0", "40"], ["15"], ["15", "0", "0"]),
    ],
)
def test_one_choice_comes_to_it(total: str, nets: list[str], rates: list[str], wanted: list[str]) -> None:
    found = explain(D(total), lines(*nets), [D(rate) for rate in rates])
    assert found.rates == tuple(D(rate) for rate in wanted)


@pytest.mark.parametrize(
    ("total", "nets", "rates"),
    [
        ("15", ["100", "100"], ["15"]),
        ("10", ["50", "200"], ["5", "20"]),
        # Near to the rate of all lines, or of some, yet not to the cent.
        ("14.96", ["100"], ["15"]),
        ("20.96", ["100", "40"], ["15"]),
        ("15.02", ["100", "40"], ["15"]),
        ("30", [str(10 + at) for at in range(40)], ["15"]),
    ],
)
def test_what_may_be_theirs_is_doubtful(total: str, nets: list[str], rates: list[str]) -> None:
    found = explain(D(total), lines(*nets), [D(rate) for rate in rates])
    assert found.rates is None and found.doubtful


@pytest.mark.parametrize(
    ("total", "nets", "rates"),
    [
        ("1234.50", ["55"], ["15"]),
        ("50", ["100"], ["15"]),
        ("15", ["100@0"], ["15"]),
        ("15", [], ["15"]),
        ("15", ["100"], []),
        ("999.99", [str(10 + at) for at in range(40)], ["15"]),
    ],
)
def test_what_is_far_from_them_is_something_else(total: str, nets: list[str], rates: list[str]) -> None:
    found = explain(D(total), lines(*nets), [D(rate) for rate in rates])
    assert found.rates is None and not found.doubtful


def test_without_search_only_all_lines_together_are_tried() -> None:
    assert explain(D("15"), lines("100", "40"), [D(15)], search=False).rates is None
    assert explain(D("21"), lines("100", "40"), [D(15)], search=False).rates == (15, 15)


def test_whole_yen() -> None:
    assert explain(D(100), lines("1005"), [D(10)], D(1)).rates == (10,)
    assert explain(D(101), lines("1005"), [D(10)], D(1)).rates == (10,)
    assert explain(D(100), lines("1005"), [D(10)]).rates is None
