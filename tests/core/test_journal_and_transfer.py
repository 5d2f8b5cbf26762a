"""Journal entries become manual journals in base currency, internal transfers bank transfers; what Xero refuses is held with the reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import PaymentAccount
from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.journal_entry import rows as journal_legs
from picortex_xero.documents.journal_entry.manual_journal import journal
from picortex_xero.documents.payment_entry.transfer import transfer
from picortex_xero.documents.settlement.settlement import Settlement
from picortex_xero.documents.translation import Translation
from picortex_xero.xero.records.kinds import KINDS
from tests.core.finding import find
from tests.core.host_documents import CREATION, SITE, mapping, receipt

D = Decimal


def row(account: str, debit: float = 0.0, credit: float = 0.0, **changes: Any) -> dict[str, Any]:
    return {"account": account, "debit": debit, "credit": credit, **changes}


def entry(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A submitted Journal Entry."""
    accounts = list(rows) or [row("Cost - KS", debit=120.5), row("Freight - KS", credit=120.5)]
    made = {"doctype": "Journal Entry", "name": "JV-1", "creation": CREATION, "voucher_type": "Journal Entry", "is_opening": "No"}
    return {**made, "posting_date": "2026-10-31", "title": "JV-1", "accounts": accounts, **changes}


def posted(doc: dict[str, Any], status: str = "AUTHORISED", **choices: Any) -> Translation:
    return journal(journal_legs.read(doc, replace(mapping(**choices), target_status=status)), SITE, "k1", 1)


def codes(doc: dict[str, Any], **choices: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        posted(doc, **choices)
    return [problem.code for problem in refused.value.problems]


def test_an_ordinary_journal_is_exactly_this() -> None:
    made = posted(entry(user_remark="Accrual for October"))
    url = made.body.pop("Url")
    assert url.startswith("https://erp.kauri.example/app/journal-entry/JV-1?sync=k1-") and made.marker == {"Url": url}
    assert made.body == {
        "Narration": "JV-1 Accrual for October",
        "Date": "2026-10-31",
        "Status": "POSTED",
        "LineAmountTypes": "NoTax",
        "JournalLines": [
            {"LineAmount": D("120.5"), "Description": "Accrual for October", "AccountCode": "310"},
            {"LineAmount": D("-120.5"), "Description": "Accrual for October", "AccountCode": "260"},
        ],
    }
    shown = {"ManualJournalID": "m1", **made.body, "Url": url}
    assert find(KINDS["manual-journal"], made.marker, [shown]) == [shown]
    assert find(KINDS["manual-journal"], made.marker, [{**shown, "Status": "VOIDED"}]) == []


@pytest.mark.parametrize(
    ("title", "remark", "narration"),
    [
        (None, None, "JV-1"),
        ("JV-1", "", "JV-1"),
        ("Rent", "October", "JV-1 Rent October"),
        ("Rent", "Rent", "JV-1 Rent"),
        ("x" * 5000, None, "JV-1 " + "x" * 3995),
    ],
)
def test_the_narration_says_each_thing_once(title: str | None, remark: str | None, narration: str) -> None:
    assert posted(entry(title=title, user_remark=remark)).body["Narration"] == narration


def test_the_rows_own_remark_and_branch() -> None:
    lines = posted(entry(row("Cost - KS", 5.0, user_remark="Pens", cost_center="North - KS"), row("Freight - KS", 0.0, 5.0))).body[
        "JournalLines"
    ]
    assert lines[0]["Description"] == "Pens" and lines[0]["Tracking"] == [{"Name": "Branch", "Option": "North"}]
    assert "Tracking" not in lines[1]


def test_rows_that_come_to_nothing_make_no_line() -> None:
    doc = entry(row("Cost - KS", 5.0), row("Freight - KS", 0.0, 5.0), row("Sales - KS"), row("Sales - KS", 3.0, 3.0))
    assert len(posted(doc).body["JournalLines"]) == 2


@pytest.mark.parametrize(("target", "status"), [("DRAFT", "DRAFT"), ("SUBMITTED", "DRAFT"), ("AUTHORISED", "POSTED")])
def test_only_where_documents_arrive_approved_is_it_posted(target: str, status: str) -> None:
    assert posted(entry(), target).body["Status"] == status


@pytest.mark.parametrize(
    ("doc", "choices", "expected"),
    [
        (entry(row("Other - KS", 5.0), row("More - KS", 0.0, 5.0)), {}, ["account-unmapped", "account-unmapped"]),
        (entry(), {"accounts": {}, "default_accounts": {"Sales": "200", "Purchases": "310"}}, ["account-unmapped", "account-unmapped"]),
        (entry(row("Cost - KS", 5.0), row("Freight - KS", 0.0, 4.0)), {}, ["journal-unbalanced"]),
        (entry(row("Cost - KS", 5.005), row("Freight - KS", 0.0, 5.005)), {}, ["too-many-decimals", "too-many-decimals"]),
    ],
)
def test_what_cannot_go_says_why(doc: dict[str, Any], choices: dict[str, Any], expected: list[str]) -> None:
    assert codes(doc, **choices) == expected


BANKS = {"Bank - KS": PaymentAccount("bank-nzd", "NZD"), "Savings - KS": PaymentAccount("savings", "NZD")}


def moved(**changes: Any) -> Settlement:
    """An Internal Transfer of 100 NZD."""
    sides = {"paid_from": "Bank - KS", "paid_to": "Savings - KS"}
    return receipt([], 100.0, **{"payment_type": "Internal Transfer", "party_type": None, **sides, **changes})


def test_a_transfer_is_exactly_this() -> None:
    made = transfer(moved(), mapping(payment_accounts=BANKS))
    assert made.body == {
        "FromBankAccount": {"AccountID": "bank-nzd"},
        "ToBankAccount": {"AccountID": "savings"},
        "Amount": D(100),
        "Date": "2026-10-20",
        "Reference": "PAY-1 DD 77",
    }
    shown = {**made.body, "BankTransferID": "t1", "DateString": "2026-10-20T00:00:00", "Status": "AUTHORISED"}
    marker = {**made.marker, "Amount": str(made.marker["Amount"])}
    kind = KINDS["bank-transfer"]
    assert find(kind, marker, [shown]) == [shown]
    for wrong in (
        {"Amount": D("100.01")},
        {"Reference": "PAY-2"},
        {"Reference": "DD 77"},
        {"ToBankAccount": {"AccountID": "x"}},
        {"Status": "DELETED"},
    ):
        assert find(kind, marker, [{**shown, **wrong}]) == []


@pytest.mark.parametrize(
    ("settlement", "banks", "expected"),
    [
        (moved(), {}, ["payment-account-unmapped", "payment-account-unmapped"]),
        (moved(), {**BANKS, "Savings - KS": PaymentAccount("savings", "USD")}, ["payment-account-currency"]),
        (moved(), {**BANKS, "Savings - KS": PaymentAccount("bank-nzd", "NZD")}, ["transfer-one-account"]),
        (moved(received_amount=97.0, deductions=[{"amount": 3.0}]), BANKS, ["transfer-with-fee"]),
        (moved(received_amount=97.0), BANKS, ["transfer-with-fee"]),
        (
            moved(paid_to_account_currency="USD", received_amount=60.0),
            {**BANKS, "Savings - KS": PaymentAccount("savings", "USD")},
            ["transfer-two-currencies"],
        ),
    ],
)
def test_a_transfer_that_cannot_go_says_why(settlement: Settlement, banks: dict[str, PaymentAccount], expected: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        transfer(settlement, mapping(payment_accounts=banks))
    assert [problem.code for problem in refused.value.problems] == expected
    assert all(problem.cure for problem in refused.value.problems)
