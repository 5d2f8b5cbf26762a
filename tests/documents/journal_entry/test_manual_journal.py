"""Journal entries become manual journals in base currency; what Xero refuses is held with the reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.problems import Refused
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.documents.journal_entry import rows as journal_legs
from picortex_xero.documents.journal_entry.manual_journal import journal
from picortex_xero.documents.translation import Translation
from picortex_xero.xero.records.registry import KINDS
from tests.scene.documents import SITE, entry_row, journal_entry
from tests.scene.mapping import mapping
from tests.scene.xero_records import find

D = Decimal


def posted(doc: dict[str, Any], status: str = "AUTHORISED", **choices: Any) -> Translation:
    return journal(journal_legs.read(doc, replace(mapping(**choices), target_status=status)), SITE, "k1", 1)


def codes(doc: dict[str, Any], **choices: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        posted(doc, **choices)
    return [problem.code for problem in refused.value.problems]


def test_an_ordinary_journal_is_exactly_this() -> None:
    made = posted(journal_entry(user_remark="Accrual for October"))
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
    assert posted(journal_entry(title=title, user_remark=remark)).body["Narration"] == narration


def test_the_rows_own_remark_and_branch() -> None:
    lines = posted(
        journal_entry(entry_row("Cost - KS", 5.0, user_remark="Pens", cost_center="North - KS"), entry_row("Freight - KS", 0.0, 5.0))
    ).body["JournalLines"]
    assert lines[0]["Description"] == "Pens" and lines[0]["Tracking"] == [{"Name": "Branch", "Option": "North"}]
    assert "Tracking" not in lines[1]


def test_rows_that_come_to_nothing_make_no_line() -> None:
    doc = journal_entry(
        entry_row("Cost - KS", 5.0), entry_row("Freight - KS", 0.0, 5.0), entry_row("Sales - KS"), entry_row("Sales - KS", 3.0, 3.0)
    )
    assert len(posted(doc).body["JournalLines"]) == 2


@pytest.mark.parametrize(("target", "status"), [("DRAFT", "DRAFT"), ("SUBMITTED", "DRAFT"), ("AUTHORISED", "POSTED")])
def test_only_where_documents_arrive_approved_is_it_posted(target: str, status: str) -> None:
    assert posted(journal_entry(), target).body["Status"] == status


@pytest.mark.parametrize(
    ("doc", "choices", "expected"),
    [
        (journal_entry(entry_row("Other - KS", 5.0), entry_row("More - KS", 0.0, 5.0)), {}, ["account-unmapped", "account-unmapped"]),
        (
            journal_entry(),
            {"accounts": {}, "default_accounts": {"Sales": "200", "Purchases": "310"}},
            ["account-unmapped", "account-unmapped"],
        ),
        (journal_entry(entry_row("Cost - KS", 5.0), entry_row("Freight - KS", 0.0, 4.0)), {}, ["journal-unbalanced"]),
        (
            journal_entry(entry_row("Cost - KS", 5.005), entry_row("Freight - KS", 0.0, 5.005)),
            {},
            ["too-many-decimals", "too-many-decimals"],
        ),
    ],
)
def test_what_cannot_go_says_why(doc: dict[str, Any], choices: dict[str, Any], expected: list[str]) -> None:
    assert codes(doc, **choices) == expected


@pytest.mark.case("F11")
def test_a_capital_purchase_in_a_journal_is_asked_for_once_too() -> None:
    capital, bought = TaxType("CAPEXINPUT", Decimal(15), capital="Purchases"), TaxType("INPUT2", Decimal(15))
    rows = [
        entry_row("Plant - KS", debit=200.0, root_type="Asset"),
        entry_row("GST - KS", debit=30.0, root_type="Liability"),
        entry_row("Freight - KS", credit=230.0, root_type="Liability"),
    ]
    known: dict[str, Any] = {
        "accounts": {**mapping().accounts, "Plant - KS": "710"},
        "host_classes": {"Plant - KS": ("Fixed Asset", "Asset")},
        "tax_types": {each.code: each for each in (capital, bought)},
        "no_tax_type": "INPUT2",
    }
    assert codes(journal_entry(*rows), **known) == ["tax-unmapped"]
    answered = {**known, "class_taxes": {("Purchases", "GST - KS @ 15", "", "Fixed Asset"): capital}}
    assert posted(journal_entry(*rows), **answered).body["JournalLines"][0]["TaxType"] == "CAPEXINPUT"
