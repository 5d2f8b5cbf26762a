"""What a chartered accountant would never accept unseen: tax that cannot be claimed, taxes of others, the other side's rate, accounts of a trade."""

from __future__ import annotations

from typing import Any

import pytest

from picortex_xero.suggestions import accounts, taxes
from picortex_xero.suggestions.tax_words import REASONS
from picortex_xero.suggestions.values import HIGH, LOW, MEDIUM, Answer, HostAccount, HostTax, Nothing, Suggestion
from tests.suggestions.charts import rates, xero


def suggested(
    edition: str, direction: str, key: str, template: str = "", account_class: str = "", country: str = "", more: Any = ()
) -> Answer:
    asked = HostTax(direction, key, template, account_class)
    return taxes.suggest([asked], [*rates(edition), *more], country=country)[asked]


def band(answer: Answer) -> str:
    return answer.band if isinstance(answer, Suggestion) else ""


# None of these is the tax of Xero's ordinary rate of the same per cent.
NO_ORDINARY_TAX = [
    ("UK", "Purchases", "Irrecoverable VAT - FR @ 20", ""),
    ("UK", "Purchases", "VAT - FR @ 20", "Blocked Input VAT - Entertainment - FR"),
    ("UK", "Purchases", "VAT - FR @ 20", "Margin Scheme - FR"),
    ("UK", "Purchases", "French VAT - FR @ 20", ""),
    ("UK", "Sales", "OSS VAT France - FR @ 20", ""),
    ("UK", "Sales", "Insurance Premium Tax - FR @ 20", ""),
    ("UK", "Purchases", "Withholding Tax - FR @ 20", ""),
    ("UK", "Sales", "Service Charge - FR @ 20", ""),
    ("UK", "Sales", "Tips - FR @ 5", ""),
    ("AU", "Purchases", "PAYG Withholding - BX @ 10", ""),
    ("AU", "Purchases", "Super - BX @ 10", ""),
    ("AU", "Purchases", "GST - BX @ 10", "Non-creditable - BX"),
    ("AU", "Sales", "Surcharge Public Holiday - BX @ 10", ""),
    ("AU", "Sales", "Wine Equalisation Tax - BX @ 10", ""),
    ("AU", "Sales", "GST - BX @ 10", "Margin Scheme - BX"),
    ("NZ", "Purchases", "Schedular Payment Tax - RB @ 15", ""),
    ("NZ", "Purchases", "GST - RB @ 15", "Private use - not claimable - RB"),
    ("NZ", "Sales", "Card Surcharge - RB @ 15", ""),
    ("NZ", "Sales", "Retention - RB @ 15", ""),
    ("NZ", "Purchases", "Irrecoverable GST - RB @ 15", ""),
    ("NZ", "Purchases", "GST not claimed - RB @ 15", ""),
    ("NZ", "Purchases", "Irrecoverable GST - RB (fixed amount)", ""),
    ("NZ", "Purchases", "Withholding Tax - RB (fixed amount)", ""),
    ("US", "Sales", "Hotel Occupancy Tax - KS @ 8.25", ""),
    ("NZ", "Sales", "GST - RB @ 10 + Levy - RB @ 5", ""),
]


@pytest.mark.parametrize(("edition", "direction", "key", "template"), NO_ORDINARY_TAX)
def test_what_is_no_ordinary_tax_is_not_suggested_and_why_is_said(edition: str, direction: str, key: str, template: str) -> None:
    found = suggested(edition, direction, key, template)
    assert isinstance(found, Nothing) and found.reason in REASONS.values(), found


@pytest.mark.parametrize(("direction", "account_class"), [("Sales", "Expense"), ("Purchases", "Income")])
@pytest.mark.parametrize(
    ("edition", "key"), [("UK", "VAT - FR @ 20"), ("NZ", "GST - RB @ 15"), ("AU", "GST - BX @ 10"), ("US", "NYC Sales Tax - KS @ 8.875")]
)
def test_the_other_sides_rate_is_a_guess(edition: str, key: str, direction: str, account_class: str) -> None:
    found = suggested(edition, direction, key, "", account_class)
    assert band(found) == LOW and "ask the accountant" in str(found.reason), found


@pytest.mark.parametrize("edition", ["AU", "NZ", "UK", "US"])
def test_nothing_at_nought_is_sure(edition: str) -> None:
    for direction in ("Sales", "Purchases"):
        for key in ("GST - X @ 0", "No tax", "VAT - X @ 20 + VAT - X @ -20", "Import VAT - X (fixed amount)"):
            for template in (
                "",
                "Exempt - X",
                "BAS Excluded - X",
                "Charity relief - X",
                "Payroll - X",
                "Flat Rate - X",
                "Resale certificate - X",
            ):
                assert band(suggested(edition, direction, key, template)) != HIGH


NAMED = [
    # The organisation's own tax by any of its names, in the words that stand beside it without changing it.
    ("AU", "Goods and Services Tax - RB @ 10", "", HIGH),
    ("UK", "Value Added Tax - RB @ 20", "", HIGH),
    ("UK", "UK VAT Control Account - RB @ 20", "", HIGH),
    ("UK", "VAT 20% - RB @ 20", "VAT Standard Rated - RB", HIGH),
    ("AU", "Output Tax - RB @ 10", "", HIGH),
    ("US", "Sales & Use Tax NYC - KS @ 8.875", "", HIGH),
    ("US", "NY State Sales Tax - KS @ 8.875", "", HIGH),
    # It does not say which tax it is, or says more than is known.
    ("NZ", "Tax - RB @ 15", "", MEDIUM),
    ("NZ", "Tax - RB @ 15", "GST - RB", HIGH),
    ("UK", "MwSt - RB @ 20", "", MEDIUM),
    ("NZ", "GST on Freight - RB @ 15", "", MEDIUM),
    ("UK", "Service Charge VAT - RB @ 20", "", MEDIUM),
    ("UK", "VAT - RB @ 20", "Flat Rate Scheme - RB", MEDIUM),
    ("NZ", "GST - RB @ 10 + Local - RB @ 5", "", MEDIUM),
    ("US", "TX Sales Tax - KS @ 8.875", "", MEDIUM),
    # What is sold to people is private, and taxed as ever.
    ("NZ", "GST Private - RB @ 15", "", MEDIUM),
]  # fmt: skip


@pytest.mark.parametrize(("edition", "key", "template", "right"), NAMED)
def test_what_is_called_the_organisations_own_tax_is_sure(edition: str, key: str, template: str, right: str) -> None:
    found = suggested(edition, "Sales", key, template)
    assert band(found) == right, found.reason


def test_another_country_is_any_but_the_organisations_own() -> None:
    assert band(suggested("NZ", "Sales", "New Zealand GST - RB @ 15", country="NZ")) == HIGH
    assert suggested("NZ", "Sales", "New Zealand GST - RB @ 15", country="AU") == Nothing(REASONS["elsewhere"])
    dutch = {"TaxType": "TAX001", "Name": "BTW 21%", "EffectiveRate": 21.0, "Status": "ACTIVE", "CanApplyToRevenue": True}
    for key, right in (("BTW - R @ 21", HIGH), ("BTW Belgian - R @ 21", ""), ("VAT - R @ 21", MEDIUM)):
        (found,) = taxes.suggest([HostTax("Sales", key)], [dutch], country="NL").values()
        assert band(found) == right, (key, found.reason)
    both = {
        "TaxType": "TAX002",
        "Name": "VAT 15%",
        "EffectiveRate": 15.0,
        "Status": "ACTIVE",
        "CanApplyToRevenue": True,
        "CanApplyToExpenses": True,
    }
    (found,) = taxes.suggest([HostTax("Sales", "VAT Control - R @ 15")], [both], country="ZA").values()
    assert band(found) == HIGH, found.reason
    # Of trade with other countries their names say nothing.
    assert band(suggested("UK", "Purchases", "VAT - R @ 20 + VAT - R @ -20", "Reverse Charge Germany - R", country="GB")) == MEDIUM


def test_a_rate_of_xeros_for_just_that_is_suggested_and_for_nothing_else() -> None:
    own = {"TaxType": "TAX009", "Name": "GST Irrecoverable 15%", "EffectiveRate": 15.0, "Status": "ACTIVE", "CanApplyToExpenses": True}
    blocked, plain = (suggested("NZ", "Purchases", key, more=[own]) for key in ("Irrecoverable GST - R @ 15", "GST - R @ 15"))
    assert isinstance(blocked, Suggestion) and (blocked.target, blocked.band) == ("TAX009", MEDIUM)
    assert isinstance(plain, Suggestion) and (plain.target, plain.band) == ("INPUT2", HIGH)


def test_a_template_of_some_documents_takes_the_certainty_alone() -> None:
    asked = HostTax("Purchases", "VAT - R @ 20", words=("Blocked Input - R", "Standard - R"))
    found = taxes.suggest([asked], rates("UK"))[asked]
    assert (getattr(found, "target", ""), band(found)) == ("INPUT2", MEDIUM)


@pytest.mark.parametrize(
    ("country", "name", "root"),
    [
        ("NZ", "Retentions Receivable", "Asset"), ("NZ", "Retentions Payable", "Liability"), ("NZ", "Depreciation Recovered", "Income"),
        ("NZ", "Sales of Fixed Assets", "Income"), ("NZ", "Insurance Recovery", "Expense"), ("NZ", "Withholding Tax on Contractors", "Liability"),
        ("UK", "Irrecoverable VAT", "Expense"), ("UK", "VAT Flat Rate Adjustment", "Expense"), ("UK", "Flat Rate Surplus", "Income"),
        ("UK", "Restricted Funds", "Equity"), ("UK", "CIS Deducted", "Liability"), ("UK", "Grants Payable", "Expense"), ("UK", "Depreciation", "Liability"),
        ("US", "Use Tax", "Expense"), ("US", "Gift Cards Outstanding", "Liability"), ("US", "Sales Commission", "Income"), ("US", "Employee Advances", "Asset"),
        ("AU", "Payroll Tax", "Expense"), ("AU", "Salary Sacrifice", "Liability"), ("AU", "Wages Clearing", "Liability"), ("AU", "PAYG Instalment", "Asset"),
        ("AU", "Division 7A Loan", "Asset"), ("AU", "Franking Credits", "Asset"),
        ("AU", "Super Guarantee Charge", "Expense"), ("AU", "Borrowing Costs", "Expense"),
        ("AU", "General Interest Charge", "Expense"), ("UK", "Late Payment Interest", "Expense"), ("UK", "Pension Penalty", "Expense"), ("NZ", "Borrowing Costs", "Expense"),
    ],
)  # fmt: skip
def test_accounts_of_a_trade_are_not_guessed_surely(country: str, name: str, root: str) -> None:
    host = HostAccount(f"{name} - RB", "", root, title=name)
    found = accounts.suggest([host], xero(country))[host.name]
    assert band(found) != HIGH, (found, found.reason)


def test_the_same_charge_in_xero_is_the_same() -> None:
    host = HostAccount("Super Guarantee Charge - RB", "", "Expense", title="Super Guarantee Charge")
    (listed,) = [each for each in xero("AU") if each.name == "Superannuation"]
    charged = type(listed)("479", "Super Guarantee Charge", listed.type, listed.account_class)
    (found,) = accounts.suggest([host], [listed, charged]).values()
    assert isinstance(found, Suggestion) and (found.target, found.band) == ("479", HIGH), found.reason
