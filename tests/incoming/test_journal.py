"""What becomes of journals and money that somebody has entered in Xero, decided on values alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.incoming import entry
from picortex_xero.incoming.entry import IncomingEntry
from picortex_xero.incoming.journal import Draft, HostAccount, Surroundings, Waits, decide
from picortex_xero.incoming.way_back import Candidate, WayBack

BACK = WayBack(
    {"404": (Candidate("Fees - K"),), "200": (Candidate("Sales - K"),), "800": (Candidate("Loan of Kea - K"),)},
    {("Purchases", "INPUT2"): (Candidate("GST - K @ 15"),), ("Sales", "OUTPUT2"): (Candidate("GST - K @ 15"),)},
    {},
    "Main - K",
)
HOSTS = {
    "Fees - K": HostAccount("", "NZD"),
    "Sales - K": HostAccount("Income Account", "NZD"),
    "Loan of Kea - K": HostAccount("Payable", "NZD"),
    "Bank - K": HostAccount("Bank", "NZD"),
}
KNOWN = Surroundings("Kiwi", "NZD", BACK, HOSTS, "Bank - K")


def money(kind: str = "SPEND", lines: list[dict[str, Any]] | None = None, **changes: Any) -> IncomingEntry:
    rows = lines or [{"AccountCode": "404", "LineAmount": "100.00", "TaxAmount": "15.00", "TaxType": "INPUT2", "Description": "Card fees"}]
    found = entry.read(
        "BankTransactions",
        {
            "BankTransactionID": "4444",
            "Type": kind,
            "Status": "AUTHORISED",
            "DateString": "2026-11-20T00:00:00",
            "Reference": "Nov",
            "LineAmountTypes": "Exclusive",
            "LineItems": rows,
            "BankAccount": {"AccountID": "ABC"},
            "Contact": {"ContactID": "C1", "Name": "Kea"},
            "Total": "115.00",
            "CurrencyCode": "NZD",
            "CurrencyRate": 1,
        }
        | changes,
    )
    assert found
    return found


def posted(*lines: tuple[str, str], **changes: Any) -> IncomingEntry:
    rows = [{"AccountCode": code, "LineAmount": amount, "TaxAmount": "0", "TaxType": "NONE"} for code, amount in lines]
    made = {"ManualJournalID": "5555", "Status": "POSTED", "Date": "2026-11-20", "Narration": "Accrual", "JournalLines": rows} | changes
    found = entry.read("ManualJournals", made)
    assert found
    return found


def rows(outcome: object) -> list[tuple[str, Decimal]]:
    assert isinstance(outcome, Draft), outcome
    return [(each["account"], each["debit"] - each["credit"]) for each in outcome.voucher["accounts"]]


def code(outcome: object) -> str:
    assert isinstance(outcome, Waits), outcome
    return outcome.problem.code


def test_money_spent_and_received_balance_with_their_tax() -> None:
    made = decide(money(), KNOWN)
    assert rows(made) == [("Bank - K", Decimal(-115)), ("Fees - K", Decimal(100)), ("GST - K", Decimal(15))]
    assert isinstance(made, Draft)
    voucher = made.voucher
    assert (voucher["voucher_type"], voucher["cheque_no"], voucher["posting_date"], voucher["multi_currency"]) == (
        "Bank Entry",
        "Nov",
        "2026-11-20",
        0,
    )
    assert {each["cost_center"] for each in voucher["accounts"]} == {"Main - K"} and "Kea" in voucher["user_remark"]
    inclusive = money(
        "RECEIVE", [{"AccountCode": "200", "LineAmount": "115.00", "TaxAmount": "15.00", "TaxType": "OUTPUT2"}], LineAmountTypes="Inclusive"
    )
    assert rows(decide(inclusive, KNOWN)) == [("Bank - K", Decimal(115)), ("Sales - K", Decimal(-100)), ("GST - K", Decimal(-15))]


def test_what_is_kept_says_the_same_again() -> None:
    element = {
        "BankTransactionID": "4444",
        "Type": "SPEND",
        "Status": "AUTHORISED",
        "Date": "/Date(1795564800000+0000)/",
        "IsReconciled": True,
    }
    again = entry.kept(element | {"UpdatedDateUTC": "/Date(1)/"})
    assert "IsReconciled" not in again and "Updated" not in again
    assert entry.read("BankTransactions", element | {"Type": "SPEND-TRANSFER"}) is None
    assert entry.read("BankTransactions", element | {"Type": "RECEIVE-OVERPAYMENT"}) is None


def test_another_currency_balances_to_the_cent() -> None:
    dollars = replace(KNOWN, accounts={**HOSTS, "Bank - K": HostAccount("Bank", "USD")})
    lines = [{"AccountCode": "404", "LineAmount": amount, "TaxAmount": "0"} for amount in ("33.33", "33.33", "33.34")]
    made = decide(money(lines=lines, Total="100.00", CurrencyCode="USD", CurrencyRate="0.5873"), dollars)
    assert isinstance(made, Draft)
    bank, *others = made.voucher["accounts"]
    assert (bank["account_currency"], bank["credit_in_account_currency"], made.voucher["multi_currency"]) == ("USD", Decimal("100.00"), 1)
    assert bank["credit"] == (Decimal("100.00") * bank["exchange_rate"]).quantize(Decimal("0.01"))
    assert sum(each["debit"] for each in others) == bank["credit"] and all(each["exchange_rate"] == 1 for each in others)
    at_par = decide(money(lines=lines, Total="100.00", CurrencyCode="USD", CurrencyRate="1"), dollars)
    assert isinstance(at_par, Draft) and at_par.voucher["multi_currency"] == 1, (
        "ERPNext takes no foreign account without, whatever the rate"
    )
    in_base = decide(money(lines=lines, Total="100.00", CurrencyCode="USD", CurrencyRate="0.5873"), KNOWN)
    assert sum(amount for _account, amount in rows(in_base)) == 0 and isinstance(in_base, Draft) and not in_base.voucher["multi_currency"]


def test_manual_journals_and_what_they_lack() -> None:
    assert rows(decide(posted(("404", "20.00"), ("200", "-20.00")), replace(KNOWN, bank=""))) == [
        ("Fees - K", Decimal(20)),
        ("Sales - K", Decimal(-20)),
    ]
    assert code(decide(posted(("404", "20.00"), ("999", "-20.00")), replace(KNOWN, bank=""))) == "account-not-mapped-back"
    assert code(decide(posted(("404", "20.00"), ("200", "-19.00")), replace(KNOWN, bank=""))) == "totals-differ-back"
    assert code(decide(posted(("404", "20.00"), ("800", "-20.00")), replace(KNOWN, bank=""))) == "party-wanted-back"


def test_a_row_of_a_party_is_of_who_is_matched_with_the_contact() -> None:
    loan = money(lines=[{"AccountCode": "800", "LineAmount": "115.00", "TaxAmount": "0"}])
    assert code(decide(loan, KNOWN)) == "contact-not-matched-back"
    made = decide(loan, replace(KNOWN, parties={"Supplier": "Kea"}))
    assert isinstance(made, Draft)
    assert (made.voucher["accounts"][1]["party_type"], made.voucher["accounts"][1]["party"]) == ("Supplier", "Kea")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"alike": (("Journal Entry", "ACC-1"),)}, "perhaps-here-already"),
        ({"left_out": ("SINV-9",)}, "coded-for-left-out"),
        ({"twice": ("ACC-2",), "left_out": ("SINV-9",)}, "perhaps-twice-in-xero"),
    ],
)
def test_what_is_perhaps_here_already_waits_until_a_person_says_otherwise(known: dict[str, Any], said: str) -> None:
    assert code(decide(money(), replace(KNOWN, **known))) == said
    assert rows(decide(money(), replace(KNOWN, **known, certain=True)))


def test_the_total_has_to_be_that_of_the_lines() -> None:
    assert code(decide(money(Total="116.00"), KNOWN)) == "totals-differ-back"
    assert code(decide(money(CurrencyCode="USD", CurrencyRate="0"), KNOWN)) == "entry-by-hand"
