"""Whether a document here is still what somebody has entered in Xero, decided on values alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.incoming import document, entry
from picortex_xero.incoming.same_here import document_differs, edited, entry_differs

INVOICE = {"posting_date": "2026-11-20", "customer": "Kea", "currency": "NZD", "grand_total": 115.0, "is_return": 0}
BILLED = {
    "InvoiceID": "A",
    "Type": "ACCREC",
    "Status": "AUTHORISED",
    "DateString": "2026-11-20T00:00:00",
    "CurrencyCode": "NZD",
    "Total": "115.00",
    "Contact": {"ContactID": "C", "Name": "Kea"},
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"rounded_total": 115.0, "grand_total": 114.6}, ""),
        ({"grand_total": 172.5}, "172.50 here, 115.00 in Xero"),
        ({"posting_date": "2026-06-01"}, "dated 2026-06-01 here, 2026-11-20 in Xero"),
        ({"customer": "Moa"}, "of Moa here, of Kea in Xero"),
        ({"currency": "USD"}, "in USD here, in NZD in Xero"),
        ({"is_return": 1, "grand_total": -115.0}, "a credit note on one side only"),
    ],
)
def test_an_invoice_is_compared_by_day_party_currency_and_total(changed: dict[str, Any], said: str) -> None:
    found = document.read("Invoices", BILLED)
    assert found
    assert "; ".join(document_differs(found, "Kea", INVOICE | changed)) == said


def rows(*moved: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"account": account, "debit": Decimal(debit), "credit": Decimal(credit)} for account, debit, credit in moved]


@pytest.mark.parametrize(
    ("accounts", "lenient", "strict"),
    [
        (rows(("Bank", "0", "50"), ("Fees", "50", "0")), "", ""),
        (rows(("Bank", "0", "50"), ("Fees", "20", "0"), ("Rent", "30", "0")), "", "it is booked on other accounts"),
        (
            rows(("Till", "0", "50"), ("Fees", "50", "0")),
            "Bank is moved otherwise",
            "Bank is moved otherwise; it is booked on other accounts",
        ),
        (rows(("Bank", "0", "50"), ("Fees", "80", "0"), ("Rent", "0", "30")), "80.00 here, 50.00 in Xero", None),
        (
            [*rows(("Bank", "0", "50")), {"account": "Owed", "debit": Decimal(50), "credit": Decimal(0), "party": "Kea"}],
            "it names other parties",
            None,
        ),
    ],
)
def test_money_may_be_coded_otherwise_and_is_else_the_same(accounts: list[dict[str, Any]], lenient: str, strict: str | None) -> None:
    shown = {
        "BankTransactionID": "B",
        "Type": "SPEND",
        "Status": "AUTHORISED",
        "Date": "2026-11-20",
        "BankAccount": {"AccountID": "X"},
        "Total": "50",
    }
    found = entry.read("BankTransactions", shown)
    assert found
    made = {"accounts": rows(("Bank", "0", "50"), ("Fees", "50", "0"))}
    here = {"posting_date": "2026-11-20", "accounts": accounts}
    assert "; ".join(entry_differs(found, made, here)) == lenient
    if strict is not None:
        assert "; ".join(entry_differs(found, made, here, accounts=True)) == strict
    assert entry_differs(found, None, here) == (), "what cannot be made today is compared by its day"
    (dated,) = entry_differs(found, made, {**here, "posting_date": "2026-11-21"})[:1]
    assert "2026-11-21" in dated
    assert edited(dated, "JV-1", (dated,)).code == "edited-draft"
