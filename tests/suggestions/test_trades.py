"""What trades buy, what groups and types say of it, and what is said where nothing is known."""

from __future__ import annotations

import pytest

from picortex_xero.suggestions.accounts import suggest
from picortex_xero.suggestions.meaning import THESAURUS
from picortex_xero.suggestions.trades import USUAL
from picortex_xero.suggestions.values import HIGH, LOW, HostAccount, Nothing, Suggestion
from picortex_xero.suggestions.words import plain, words
from tests.scene.parts import part
from tests.suggestions.charts import xero


def band_and_target(country: str, title: str, root_type: str, group: str = "", kind: str = "") -> tuple[str, str]:
    account = HostAccount(title, root_type=root_type, account_type=kind, parents=(group,) if group else (), title=title)
    answer = suggest([account], xero(country))[title]
    return (answer.band, answer.target) if isinstance(answer, Suggestion) else ("", "")


def test_every_usual_word_is_of_a_concept_and_says_something() -> None:
    assert set(USUAL) <= set(THESAURUS.concepts)
    for key, listed in USUAL.items():
        for phrase in listed.split(";"):
            said = words(plain(phrase.strip()), THESAURUS.concepts[key].root_type)
            assert said and max(map(len, said)) > 1, (key, phrase)


def test_what_trades_buy_is_never_certain() -> None:
    for key, listed in USUAL.items():
        root_type = THESAURUS.concepts[key].root_type
        phrases = [phrase.strip() for phrase in listed.split(";")]
        usual = [each for each in phrases if (root_type, words(plain(each), root_type)) in THESAURUS.usual and plain(each).isalnum()]
        accounts = [HostAccount(each, root_type=root_type, title=each) for each in usual]
        for country in part(("AU", "NZ", "UK", "US"), 4, 2):
            answers = suggest(accounts, xero(country))
            certain = [each for each in usual if isinstance(answers[each], Suggestion) and answers[each].band not in ("Medium", LOW)]
            assert not certain, (country, certain)


NAMED = [
    ("UK", "Bupa", "Expense", "", "483"),
    ("US", "UPS / FedEx", "Expense", "", "624"),
    # A list is what most of it is; of several words the last is the thing.
    ("UK", "Zettle, Salesforce & Zoom", "Expense", "", "463"),
    ("NZ", "Dental Software", "Expense", "", "485"),
    ("UK", "Desk Sublet Income", "Income", "", "260"),
    ("AU", "Flights & Hotels - Asia", "Expense", "", "494"),
    ("UK", "Client Entertaining", "Expense", "", "424"),
    ("NZ", "Client Entertaining", "Expense", "", "420"),
    # Received, accrued, withheld: whatever it is of.
    ("UK", "Camp Fees Paid Ahead", "Liability", "", "810"),
    ("US", "Marquee Deposits", "Liability", "", "835"),
    ("AU", "Deposits Paid to Suppliers Abroad", "Asset", "", "620"),
    ("US", "Accrued Qwertz", "Liability", "", "205"),
    ("US", "Federal & CO Withholding", "Liability", "", "230"),
]


@pytest.mark.parametrize(("country", "title", "root_type", "group", "right"), NAMED)
def test_names(country: str, title: str, root_type: str, group: str, right: str) -> None:
    band, target = band_and_target(country, title, root_type, group)
    assert target == right and band != HIGH


def test_what_was_taken_off_is_of_what_the_asset_is() -> None:
    for title in ("Acc Depn - Laptops & iPads", "Laptops & iPads Depreciation", "Less: A/D Laptops & iPads"):
        assert band_and_target("AU", title, "Asset")[1] == "721", title
    assert band_and_target("UK", "Directors' Cars Depn", "Asset")[1] == "761"
    assert band_and_target("UK", "Directors' Cars", "Asset")[1] == "760"
    assert band_and_target("AU", "Accum Depn - Office F&E", "Asset")[1] == "711"


DIRECT = [
    ("AU", "Plant & Scaffold Hire", "Job Costs", "", "310"),
    ("AU", "Qwertz", "Cost of Sales", "", "310"),
    ("UK", "Qwertz", "", "Direct Expense", "325"),
    ("AU", "Qwertz", "", "Direct Expense", "310"),
    ("NZ", "Driver Wages", "Fleet Costs", "Direct Expense", "477"),
    ("AU", "Merchant Fees", "Cost of Sales", "", "404"),
    # Overheads do not become direct costs by a word.
    ("AU", "Plant & Scaffold Hire", "Overheads", "", "469"),
    ("AU", "Qwertz", "Indirect Costs", "", "429"),
]


@pytest.mark.parametrize(("country", "title", "group", "kind", "right"), DIRECT)
def test_direct_costs(country: str, title: str, group: str, kind: str, right: str) -> None:
    band, target = band_and_target(country, title, "Expense", group, kind)
    assert target == right and band != HIGH


def test_a_vehicles_group_leaves_people_their_accounts() -> None:
    group = "Motor Vehicle Expenses"
    assert band_and_target("AU", "Qwertz", "Expense", group)[1] == "449"
    assert band_and_target("AU", "Driver Wages", "Expense", group)[1] == "477"
    assert band_and_target("AU", "Insurance", "Expense", group)[1] == "449"


def test_what_is_left_is_a_guess_that_says_so() -> None:
    for title, root_type, group, right, said in (
        ("Qwertz", "Expense", "", "429", "Nothing nearer is known; General Expenses takes what has no account of its own"),
        ("Qwertz", "Income", "", "200", "What is sold is usually booked on Sales"),
        ("Qwertz", "Income", "Other Income", "260", "What is earned beside the sales is usually booked on Other Revenue"),
        ("Qwertz Payable", "Liability", "", "805", "What is still to be paid is usually booked on Accrued Liabilities"),
        ("Qwertz", "Expense", "Insurances & Cover", "433", "Its group Insurances & Cover means Insurance"),
    ):
        account = HostAccount(title, root_type=root_type, parents=(group,), title=title)
        answer = suggest([account], xero("AU"))[title]
        assert isinstance(answer, Suggestion) and (answer.target, answer.band, str(answer.reason)) == (right, LOW, said)
    for kind in ("Round Off", "Temporary"):
        assert band_and_target("AU", "Qwertz", "Expense", kind=kind) == ("", "")


def test_bank_interest_and_charges_are_two_things() -> None:
    assert band_and_target("UK", "Bank Interest & Charges", "Expense")[0] != HIGH
    assert band_and_target("UK", "Bank Interest", "Expense")[0] == HIGH


def test_a_tax_of_its_own_is_not_income_tax() -> None:
    for title in ("Excise Tax Payable", "FBT Payable", "Property Tax Payable"):
        account = HostAccount(title, root_type="Liability", title=title)
        answer = suggest([account], xero("NZ"))[title]
        assert isinstance(answer, Nothing) or (answer.target, answer.band) == ("805", LOW), (title, answer)
