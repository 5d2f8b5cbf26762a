"""The ground truth of the suggestions itself: its codes exist, its accounts are plausible, its lists are complete.

What is checked here is the data under `charts/`, not what suggests. See the README there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

CHARTS = Path(__file__).parent / "charts"
XERO = Path(__file__).parents[2] / "sandbox" / "xero" / "data"
EDITIONS = {"AU": "AUD", "NZ": "NZD", "UK": "GBP", "US": "USD"}
# Made up, each by somebody who had seen no suggestion.
FIRMS = ("firm", "second", "third", "realistic")
NAMES = [f"{kind}_{edition.lower()}.json" for kind in ("standard", "standard_numbered", *FIRMS) for edition in EDITIONS]
# At least and at most so many posting accounts.
SIZES = {"standard": (55, 60), "standard_numbered": (55, 60), **dict.fromkeys(FIRMS, (55, 90))}
CLASSES = {"Asset": "ASSET", "Liability": "LIABILITY", "Equity": "EQUITY", "Income": "REVENUE", "Expense": "EXPENSE"}
# ERPNext's account types, and under which root each may stand ("" anywhere). A card is a bank account that is a liability.
ROOTS = {
    "Bank": {"Asset", "Liability"},
    **dict.fromkeys(["Cash", "Receivable", "Stock", "Fixed Asset", "Accumulated Depreciation", "Capital Work in Progress"], {"Asset"}),
    "Temporary": {"Asset", "Expense"},
    "Tax": {"Asset", "Liability"},
    **dict.fromkeys(["Payable", "Stock Received But Not Billed", "Asset Received But Not Billed"], {"Liability"}),
    "Equity": {"Equity"},
    "Income Account": {"Income"},
    **dict.fromkeys(
        [
            "Cost of Goods Sold",
            "Direct Expense",
            "Indirect Expense",
            "Expense Account",
            "Stock Adjustment",
            "Depreciation",
            "Chargeable",
            "Round Off",
        ],
        {"Expense"},
    ),
    **dict.fromkeys(["Expenses Included In Valuation", "Expenses Included In Asset Valuation"], {"Expense"}),
}
# System accounts that may be expected where leaving the account open is right too: Xero fills them itself. Wages payable (WAGEPAYABLES) is
# open to journals, but has a twin without the system's mark.
XERO_FILLS = {
    "GST",
    "RETAINEDEARNINGS",
    "HISTORICAL",
    "ROUNDING",
    "REALISEDCURRENCYGAIN",
    "UNREALISEDCURRENCYGAIN",
    "BANKCURRENCYGAIN",
    "UNPAIDEXPCLM",
}
WITHOUT_COUNTERPART = {"Receivable", "Payable", "Stock"}


def chart(name: str) -> dict[str, Any]:
    return dict(json.loads((CHARTS / name).read_text()))


def offered(edition: str) -> dict[str, dict[str, Any]]:
    """The edition's default chart by code, without banks and without what the simulator adds."""
    rows = json.loads((XERO / "charts.json").read_text())[edition]
    return {row["Code"]: row for row in rows if row["Type"] != "BANK" and "made up" not in row["grade"]}


def rates(edition: str) -> dict[str, dict[str, Any]]:
    """The edition's default rates by type, without what organisations make themselves."""
    rows = json.loads((XERO / "tax_rates.json").read_text())[edition]
    return {row["TaxType"]: row for row in rows if not row["TaxType"].startswith("TAX0")}


def taxes() -> dict[str, Any]:
    return dict(json.loads((CHARTS / "taxes.json").read_text()))


def test_every_chart_is_there_and_no_other() -> None:
    assert sorted(path.name for path in CHARTS.glob("*.json")) == sorted([*NAMES, "taxes.json"])


@pytest.mark.parametrize("name", NAMES)
def test_the_chart_is_of_its_edition_and_size(name: str) -> None:
    kind, edition = name.removesuffix(".json").rsplit("_", 1)
    data = chart(name)
    least, most = SIZES[kind]
    assert data["edition"] == edition.upper() and data["company_currency"] == EDITIONS[data["edition"]]
    assert least <= len(data["accounts"]) <= most
    assert {account["root_type"] for account in data["accounts"]} == set(CLASSES)


@pytest.mark.parametrize("name", NAMES)
def test_names_and_numbers_are_unique_and_every_field_is_filled(name: str) -> None:
    data = chart(name)
    accounts = data["accounts"]
    names = [account["name"] for account in accounts]
    numbers = [account["number"] for account in accounts if account["number"]]
    assert len(set(names)) == len(names) and len(set(numbers)) == len(numbers)
    assert not set(names) & {account["parent"] for account in accounts}, "a group takes no postings"
    if name.startswith("standard_numbered"):
        assert {account["name"] for account in accounts if not account["number"]} <= {
            "Bank Account",
            "GST",
            "GST 10%",
            "VAT",
            "ST 4%",
            "ST 6%",
            "ST 6.25%",
        }
    else:
        # All of them have numbers, or none.
        assert len(numbers) in ((len(accounts), 0) if name.startswith(FIRMS) else (0,))
    for account in accounts:
        assert set(account) - {"none_is_right"} == {"name", "number", "root_type", "account_type", "currency", "parent", "expected", "why"}
        assert account["parent"] and account["why"] and len(account["currency"]) == 3
        assert account["root_type"] in CLASSES
        assert account["root_type"] in ROOTS.get(account["account_type"], {account["root_type"]} if not account["account_type"] else set())
        assert account.get("none_is_right", True) is True and (account["expected"] or "none_is_right" not in account)


@pytest.mark.parametrize("name", NAMES)
def test_expected_codes_exist_and_may_be_used(name: str) -> None:
    data = chart(name)
    xero, banks = offered(data["edition"]), {bank["code"]: bank for bank in data["xero_banks"]}
    assert len(banks) == len(data["xero_banks"]) and not set(banks) & set(xero)
    crossing: list[str] = []
    for account in data["accounts"]:
        label, open_too = account["name"], account.get("none_is_right", False)
        assert len(set(account["expected"])) == len(account["expected"]), label
        if account["account_type"] in WITHOUT_COUNTERPART:
            assert account["expected"] == [], label
        for code in account["expected"]:
            if code in banks:
                assert account["account_type"] in ("Bank", "Cash") and banks[code]["currency"] == account["currency"], label
                continue
            row = xero[code]
            assert row["Type"] != "INVENTORY", label
            assert account["account_type"] not in ("Bank", "Cash") or row["EnablePaymentsToAccount"], label
            system = row.get("SystemAccount")
            assert not system or system == "WAGEPAYABLES" or (system in XERO_FILLS and open_too), label
            if row["Class"] != CLASSES[account["root_type"]] and not open_too:
                crossing.append(label)
    # Discounts are income here and expenses there: such are few.
    assert len(set(crossing)) <= 2, crossing


@pytest.mark.parametrize("name", NAMES)
def test_a_bank_account_of_xeros_is_the_counterpart_of_one_only(name: str) -> None:
    data = chart(name)
    banks = {bank["code"] for bank in data["xero_banks"]}
    used = [code for account in data["accounts"] for code in account["expected"] if code in banks]
    assert len(set(used)) == len(used)


@pytest.mark.parametrize("name", NAMES)
def test_the_doubtful_ones_are_few_and_there_are_some_without_counterpart(name: str) -> None:
    accounts = chart(name)["accounts"]
    doubtful = sum(1 for account in accounts if account.get("none_is_right"))
    bare = sum(1 for account in accounts if not account["expected"])
    assert doubtful <= len(accounts) * (0.33 if name.startswith("standard") else 0.25)
    assert bare >= len(accounts) * 0.09


def test_the_standard_chart_is_the_same_in_every_edition_but_for_its_taxes() -> None:
    for kind in ("standard", "standard_numbered"):
        shapes = [
            [
                (row["name"], row["number"], row["root_type"], row["account_type"], row["parent"])
                for row in chart(f"{kind}_{edition.lower()}.json")["accounts"]
                if row["account_type"] != "Tax"
            ]
            for edition in EDITIONS
        ]
        assert all(shape == shapes[0] for shape in shapes)


@pytest.mark.parametrize("edition", EDITIONS)
def test_taxes_name_types_of_their_edition_that_fit_the_direction(edition: str) -> None:
    data = taxes()[edition]
    xero = rates(edition)
    own = {rate["TaxType"]: rate for rate in data["xero_rates"]}
    assert len(data["taxes"]) >= 15 and {tax["direction"] for tax in data["taxes"]} == {"Sales", "Purchases"}
    keys = [(tax["direction"], tax["tax"], tax.get("account_class")) for tax in data["taxes"]]
    assert len(set(keys)) == len(keys)
    for tax in data["taxes"]:
        assert set(tax) - {"account_class", "charge_type", "rows", "never_high", "none_is_right"} == {
            "direction",
            "tax",
            "rate",
            "account",
            "expected",
            "why",
        }
        assert tax["account"] or tax["tax"] == "No tax"
        assert tax["rate"] != 0 or tax["never_high"], tax["tax"]
        assert len(tax["expected"]) < 2 or tax["never_high"], tax["tax"]
        assert round(sum(tax.get("rows", [tax["rate"]])), 6) == tax["rate"], tax["tax"]
        for code in tax["expected"]:
            if code in own:
                assert own[code]["EffectiveRate"] == tax["rate"], tax["tax"]
                continue
            row = xero[code]
            shown = max(tax["rows"]) if "rows" in tax else tax["rate"]
            assert row["EffectiveRate"] == shown or (code.startswith("DRCHARGE") and tax["rate"] == 0), tax["tax"]
            on = {"Fixed Asset": "Assets"}.get(tax.get("account_class", ""), "Revenue" if tax["direction"] == "Sales" else "Expenses")
            assert ("Liabilities" if tax.get("charge_type") == "Actual" else on) in row["CanApplyTo"], tax["tax"]


def test_every_usable_rate_of_a_country_is_the_answer_to_some_tax() -> None:
    """The types nobody can be expected to choose: the look-up of Xero's US service, the unset US defaults, and capital rates before 2011."""
    left = {"US": {"AVALARA", "INPUT", "OUTPUT", "GSTONIMPORTS"}, "UK": {"CAPEXOUTPUT", "CAPEXSRINPUT", "CAPEXSROUTPUT"}}
    for edition in EDITIONS:
        answered = {code for tax in taxes()[edition]["taxes"] for code in tax["expected"]}
        assert set(rates(edition)) - answered == left.get(edition, set())
