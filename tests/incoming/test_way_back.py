"""What here stands for something of Xero's: one candidate, the marked one of several, or what has to be mapped or marked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from picortex_xero.accounting.problems import Problem
from picortex_xero.incoming.way_back import Candidate, WayBack, shares

GST, IMPORTS = Candidate("GST - K @ 15"), Candidate("GST - K (fixed amount)")
BACK = WayBack(
    {"200": (Candidate("Sales - K"),), "404": (Candidate("Fees - K"), Candidate("Cards - K"))},
    {
        ("Sales", "OUTPUT2"): (GST,),
        ("Purchases", "INPUT2"): (GST, Candidate("GST - K @ 15", template="Services - K")),
        ("Sales", "NONE"): (Candidate("No tax"),),
    },
    {("Branch", "North"): (Candidate("North - K"),), ("Branch", "South"): (Candidate("A - K"), Candidate("B - K"))},
    "Main - K",
)


def problem(found: object) -> Problem:
    assert isinstance(found, Problem), found
    return found


def test_one_candidate_is_it_and_of_several_the_marked_one() -> None:
    assert BACK.account("200") == "Sales - K"
    several = problem(BACK.account("404"))
    assert (
        several.code == "account-not-mapped-back"
        and "Fees - K, Cards - K" in str(several.message)
        and "Takes What Comes Back" in str(several.resolution)
    )
    assert "300" in str(problem(BACK.account("300")).message)
    marked = WayBack({"404": (Candidate("Fees - K"), Candidate("Cards - K", True))})
    assert marked.account("404") == "Cards - K"
    both = WayBack({"404": (Candidate("Fees - K", True), Candidate("Cards - K", True))})
    assert problem(both.account("404")).held


def test_taxes_of_a_journal_are_one_where_they_are_booked_alike() -> None:
    assert BACK.tax_accounts("INPUT2", Decimal("15.00")) == [("GST - K", Decimal("15.00"))]
    assert problem(BACK.tax("INPUT2", ["Purchases"])).code == "tax-not-mapped-back"
    assert BACK.tax("OUTPUT2", ["Sales"]) == GST
    assert problem(BACK.tax("OUTPUT2", ["Purchases"])).held
    # A tax type that is "No tax" here says nothing of where an amount of tax belongs.
    assert problem(BACK.tax_accounts("NONE", Decimal("15.00"))).code == "tax-not-mapped-back"


@pytest.mark.parametrize(
    ("key", "amount", "found"),
    [
        ("GST - K @ 15", "10.00", [("GST - K", "10.00")]),
        ("GST - K (fixed amount)", "-10.00", [("GST - K", "-10.00")]),
        ("State + Co - K @ 4 + City - K @ 2.25", "-10.00", [("State + Co - K", "-6.40"), ("City - K", "-3.60")]),
        ("A @ 1 + B @ 1 + C @ 1", "1.00", [("A", "0.34"), ("B", "0.33"), ("C", "0.33")]),
        ("VAT - MI @ 20 + VAT - MI @ -20", "20.00", []),
        ("No tax", "20.00", []),
    ],
)
def test_an_amount_of_tax_is_divided_by_the_rates_of_its_accounts(key: str, amount: str, found: list[tuple[str, str]]) -> None:
    assert shares(key, Decimal(amount)) == [(account, Decimal(share)) for account, share in found]


def test_cost_centres_follow_tracking_and_else_the_company() -> None:
    assert BACK.cost_center([("Branch", "North")]) == "North - K"
    assert BACK.cost_center([]) == "Main - K"
    assert problem(BACK.cost_center([("Branch", "South")])).code == "tracking-not-mapped-back"
    assert "Branch: West" in str(problem(BACK.cost_center([("Branch", "West")])).message)
    assert WayBack(centre="Main - K").cost_center([("Branch", "West")]) == "Main - K", "a company that tracks nothing"
    assert "default cost centre" in str(problem(WayBack().cost_center([])).message)
