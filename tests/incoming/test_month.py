"""What Xero has booked itself in a month, from two balances of its trial balance, decided on values alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from picortex_xero.incoming.journal import Draft, HostAccount, Waits
from picortex_xero.incoming.month import Month, XeroAccount, compare, days, journal, movement, offered
from picortex_xero.incoming.way_back import Candidate, WayBack

CHART = (
    XeroAccount("s", "200", "Sales", "SALES", "REVENUE"),
    XeroAccount("d", "416", "Depreciation", "DEPRECIATN", "EXPENSE"),
    XeroAccount("a", "711", "Accumulated Depreciation", "FIXED", "ASSET"),
    XeroAccount("b", "090", "Bank", "BANK", "ASSET"),
    XeroAccount("r", "610", "Accounts Receivable", "CURRENT", "ASSET", "DEBTORS"),
    XeroAccount("e", "960", "Retained Earnings", "EQUITY", "EQUITY", "RETAINEDEARNINGS"),
)
BACK = WayBack(
    {
        "200": (Candidate("Sales - K"),),
        "416": (Candidate("Depreciation - K"),),
        "711": (Candidate("Accumulated - K"), Candidate("Other - K", True)),
    },
    centre="Main - K",
)


def amounts(**by: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in by.items()}


HOSTS = {"Depreciation - K": HostAccount("Depreciation", "NZD")}


def test_days_of_a_month() -> None:
    assert days("2026-03") == ("2026-02-28", "2026-03-01", "2026-03-31")
    with pytest.raises(ValueError):
        days("2026-13")


def test_movement_is_the_difference_and_a_new_year_begins_at_zero() -> None:
    before, after = amounts(s="-900", d="100", b="800"), amounts(s="-950", d="110", b="840")
    assert movement(before, after, CHART, False) == amounts(s="-50", d="10", b="40")
    # In April what was earned until March is in retained earnings; no entry of April put it there.
    rolled = amounts(s="-50", d="10", b="840", e="-800")
    found = movement(before, rolled, CHART, True)
    assert found == amounts(s="-50", d="10", b="40") and not sum(found.values())


def test_what_is_left_is_one_journal_where_it_balances() -> None:
    month = compare("2026-10-31", amounts(s="-100", r="115", d="10", a="-10"), amounts(s="-100", r="115"), CHART, BACK, 2)
    assert [(each.name, each.left, each.account) for each in month.differences] == [
        ("Depreciation", Decimal(10), "Depreciation - K"),
        ("Accumulated Depreciation", Decimal(-10), "Other - K"),
    ]
    assert offered(month).code == "month-offered" and "2" in str(offered(month).message)
    made = journal(month, "Kiwi", BACK, HOSTS)
    assert isinstance(made, Draft) and made.voucher["posting_date"] == "2026-10-31" and made.voucher["voucher_type"] == "Depreciation Entry"
    assert [(each["account"], each.get("debit"), each.get("credit"), each["cost_center"]) for each in made.voucher["accounts"]] == [
        ("Depreciation - K", 10, None, "Main - K"),
        ("Other - K", None, 10, "Main - K"),
    ]


def test_money_parties_and_what_stands_for_nothing_are_no_journal() -> None:
    month = compare("2026-10-31", amounts(d="10", b="-10", r="5", e="-5"), {}, CHART, BACK)
    assert {each.name: bool(each.account) for each in month.differences} == {
        "Bank": False,
        "Depreciation": True,
        "Accounts Receivable": False,
        "Retained Earnings": False,
    }
    assert all(each.why for each in month.differences if not each.account)
    stands = offered(month)
    assert stands.code == "month-not-offered" and "Accounts Receivable" in str(stands.message)
    assert isinstance(journal(month, "Kiwi", BACK, HOSTS), Waits)
    (loan,) = compare("2026-10-31", amounts(s="5"), {}, CHART, BACK, parties=["Sales - K"]).differences
    assert not loan.account and "Sales - K" in str(loan.why)
    gst = XeroAccount("g", "820", "GST", "CURRLIAB", "LIABILITY", "GST")
    booked = WayBack(taxes={("Sales", "OUTPUT2"): (Candidate("GST - K @ 15"),), ("Purchases", "NONE"): (Candidate("No tax"),)})
    (adjusted,) = compare("2026-10-31", amounts(g="0.40"), {}, [gst], booked).differences
    assert (adjusted.account, adjusted.why) == ("GST - K", "")
    assert offered(Month("2026-10-31")).code == "month-not-offered"


def test_it_is_offered_only_where_nothing_else_tells_what_xero_has_booked() -> None:
    there = amounts(d="10", a="-10")
    drafts = offered(compare("2026-10-31", there, {}, CHART, BACK, undecided=3))
    assert drafts.code == "month-not-offered" and "3" in str(drafts.message)
    unread = offered(compare("2026-10-31", there, {}, CHART, BACK, unread=("ManualJournals",)))
    assert unread.code == "month-not-offered" and "ManualJournals" in str(unread.message)
    # What is here and not in Xero is no reason to book its reverse; what moved alike on both sides, and is not linked, is perhaps the same.
    assert compare("2026-10-31", {}, {}, CHART, BACK, apart=there).differences == ()
    same = compare("2026-10-31", there, {}, CHART, BACK, apart=there)
    assert offered(same).code == "month-not-offered" and all("perhaps the same" in str(each.why) for each in same.differences)
    # Nothing is unmapped, and yet it does not balance: what stands for nothing in Xero was booked here.
    off = offered(compare("2026-10-31", amounts(d="10"), {}, CHART, BACK))
    assert (
        off.code == "month-not-offered" and "10.00" in str(off.message) and "balance" in str(off.message) and " - " not in str(off.message)
    )
