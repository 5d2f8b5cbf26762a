"""What Xero's documents explain of receivables and payables at a date, whatever happened later; and the report they are compared with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents.history.explained import Open, open_in_xero, unexplained
from picortex_xero.xero import trial_balance

D = Decimal
AT = "2026-03-31"


def ms(day: str) -> str:
    import calendar
    import time

    return f"/Date({calendar.timegm(time.strptime(day, '%Y-%m-%d')) * 1000}+0000)/"


def invoice(due: str, **fields: Any) -> dict[str, Any]:
    made = {"InvoiceID": "AA", "Type": "ACCREC", "Status": "AUTHORISED", "Date": ms("2026-03-01"), "AmountDue": D(due), "CurrencyRate": 1}
    return {**made, "CurrencyCode": "NZD", "Payments": [], **fields}


def credit(left: str, **fields: Any) -> dict[str, Any]:
    made = {"CreditNoteID": "CC", "Type": "ACCRECCREDIT", "Status": "AUTHORISED", "Date": ms("2026-03-02"), "RemainingCredit": D(left)}
    return {**made, "CurrencyCode": "NZD", "CurrencyRate": 1, "Allocations": [], "Payments": [], **fields}


EARLIER = {"Amount": D(10), "Date": ms(AT)}
LATER = {"Amount": D(40), "Date": ms("2026-04-01")}


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ({"Invoices": [invoice("100")]}, (100, 0)),
        ({"Invoices": [invoice("100", Type="ACCPAY")]}, (0, 100)),
        ({"Invoices": [invoice("100", Date=ms("2026-04-01"))]}, (0, 0)),
        ({"Invoices": [invoice("100", Status=status) for status in ("DRAFT", "SUBMITTED", "VOIDED", "DELETED")]}, (0, 0)),
        ({"Invoices": [invoice("0", Status="PAID", Payments=[LATER, EARLIER])]}, (40, 0)),
        ({"Invoices": [invoice("60", Payments=[{**LATER, "Status": "DELETED"}])]}, (60, 0)),
        ({"CreditNotes": [credit("30")]}, (-30, 0)),
        ({"CreditNotes": [credit("30", Type="ACCPAYCREDIT")]}, (0, -30)),
        # Taken off an invoice later: both were open then.
        (
            {
                "Invoices": [invoice("60")],
                "CreditNotes": [credit("0", Status="PAID", Allocations=[{**LATER, "Invoice": {"InvoiceID": "aa"}}])],
            },
            (60, 0),
        ),
        # Paid back later; and an overpayment of a supplier.
        ({"CreditNotes": [credit("0", Status="PAID", Payments=[LATER])]}, (-40, 0)),
        ({"Overpayments": [{**credit("25"), "OverpaymentID": "OO", "Type": "SPEND-OVERPAYMENT"}]}, (0, -25)),
        # 100.00 of a currency of which 0.60 are one.
        ({"Invoices": [invoice("100", CurrencyCode="USD", CurrencyRate=D("0.6"))]}, (D("166.67"), 0)),
    ],
)
def test_what_was_open(lists: dict[str, Any], expected: tuple[Any, Any]) -> None:
    found = open_in_xero(lists, AT, "NZD")
    assert (found.receivables, found.payables) == expected
    assert found.converted == any(each.get("CurrencyCode") != "NZD" for listed in lists.values() for each in listed)


def test_a_cent_for_each_converted_document_is_no_balance() -> None:
    assert unexplained(D("100.02"), D("100.00"), 2) == 0
    assert unexplained(D("100.03"), D("100.00"), 2) == D("0.03")
    assert unexplained(D("100.01"), D("100.00"), 0) == D("0.01")
    assert open_in_xero({}, AT, "NZD") == Open()


def row(name: str, *cells: str, account: str = "AB-1", kind: str = "Row") -> dict[str, Any]:
    attributes = [{"Value": account, "Id": "account"}] if account else []
    return {"RowType": kind, "Cells": [{"Value": each, "Attributes": attributes} for each in (name, *cells)]}


HEADER = {"RowType": "Header", "Cells": [{"Value": each} for each in ("Account", "Debit", "Credit", "YTD Debit", "YTD Credit")]}


def report(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"Reports": [{"ReportType": "TrialBalance", "Rows": [HEADER, {"RowType": "Section", "Title": "", "Rows": list(rows)}]}]}


def test_the_balances_are_the_second_pair_by_account_id() -> None:
    answer = report(row("Debtors (610)", "5.00", "", "1,200.50", ""), row("Sales (200)", "", "5.00", "", "1200.50", account="b"), row("Total", "5.00", "5.00", "1200.50", "1200.50", account="", kind="SummaryRow"))  # fmt: skip
    assert trial_balance.balances(answer) == {"ab-1": D("1200.50"), "b": D("-1200.50")}


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"Reports": []},
        {"Reports": [{"ReportType": "TrialBalance", "Rows": [{"RowType": "Section", "Rows": []}]}]},
        {**report(), "Reports": [{**report()["Reports"][0], "ReportType": "BalanceSheet"}]},
        report(row("x", "", "", "12,3x", "")),
        report(row("x", "", "", "1.00", "")),
        {"Reports": [{"ReportType": "TrialBalance", "Rows": [{"RowType": "Header", "Cells": [{"Value": "Account"}, {"Value": "Debit"}]}]}]},
    ],
)
def test_what_is_no_trial_balance_is_never_taken_for_an_empty_one(answer: Any) -> None:
    with pytest.raises(trial_balance.NotReadable):
        trial_balance.balances(answer)
