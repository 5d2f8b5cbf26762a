"""What has to change before a document can go, as its problems say it."""

from __future__ import annotations

import pytest

from picortex_xero.accounting import causes
from picortex_xero.accounting.causes import Cause
from picortex_xero.accounting.mapping import PaymentAccount
from picortex_xero.accounting.problems import Problem
from picortex_xero.accounting.texts import NONE, Text
from picortex_xero.xero.answers import refusal
from tests.scene.mapping import mapping


def test_a_problem_that_names_none_has_those_of_its_code() -> None:
    assert causes.of("account-unmapped") == (Cause(causes.ACCOUNT),)
    assert causes.of("account-unmapped", [causes.account("Sales - KS")]) == (Cause("account", "Sales - KS"),)
    assert causes.of("zero-total") == causes.of("never heard of") == (Cause(causes.RECIPE),)


def test_causes_are_kept_with_a_problem_and_make_no_difference_between_two() -> None:
    plain, with_causes = Problem("x", Text("m"), NONE), Problem("x", Text("m"), NONE, causes=(causes.tax("Sales", "GST @ 15"),))
    assert plain == with_causes
    assert Problem.of(with_causes.stored()).causes == with_causes.causes
    assert "causes" not in plain.stored() and Problem.of(plain.stored()).causes == ()


def test_a_long_key_fits_its_column() -> None:
    (cause,) = causes.of("tax-unmapped", [causes.tax("Sales", "x" * 1000)])
    assert len(cause.key) == causes.LONGEST_KEY


def test_missing_choices_say_which() -> None:
    known = mapping(default_payment_account=PaymentAccount("acc-1", "NZD"), no_tax_type="")
    assert [found.causes for found in (known.account("Odd - KS", "journal"), known.no_tax()) if isinstance(found, Problem)] == [
        (Cause("account", "Odd - KS"),),
        (Cause("setting", "no_tax_type"),),
    ]
    bank = known.payment_account("Dollars - KS", "USD")
    assert isinstance(bank, Problem) and bank.causes == (Cause("payment account", "Dollars - KS"), Cause("xero account", "acc-1"))
    tax = known.tax("Purchases", "Odd @ 7", "Template")
    assert isinstance(tax, Problem) and tax.causes == (Cause("tax", "Purchases | Odd @ 7"),)
    assert causes.parts(tax.causes[0]) == ("Purchases", "Odd @ 7")


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (["Account code '4-1000' has been archived, or has been deleted."], {("xero account", "4-1000")}),
        (["The TaxType code 'OUTPUT2' cannot be used with account code '200'."], {("xero tax", "OUTPUT2"), ("xero account", "200")}),
        (["The TaxType code TAX003 does not exist or cannot be used for this type of transaction."], {("xero tax", "TAX003")}),
        (["Users Organisation is not subscribed to currency SGD"], {("currency", "SGD")}),
        (["The current organisation is not subscribed to currency 'CHF'."], {("currency", "CHF")}),
        (["The document date cannot be before the period lock date, currently set at 31-Aug-2026"], {("lock", "")}),
        (["You have reached the limit of invoices you can approve"], {("plan", "")}),
        (["You've reached the limit of invoices you can approve. Upgrade your plan to approve more."], {("plan", "")}),
        (["Email address must be valid."], {("party", "")}),
        (
            ["Account code '200' is not a valid code for this document.", "Organisation is not subscribed to currency EUR"],
            {("xero account", "200"), ("currency", "EUR")},
        ),
    ],
)
def test_what_xero_refuses_says_what_has_to_change(said: list[str], wanted: set[tuple[str, str]]) -> None:
    assert set(refusal(said).problem.causes) == wanted


@pytest.mark.parametrize("beside", [[], ["Organisation is not subscribed to currency EUR"]])
@pytest.mark.parametrize("first", [False, True])
def test_what_nobody_knows_is_a_recipe_whatever_stands_beside_it(beside: list[str], first: bool) -> None:
    odd = ["The moon is in the wrong house"]
    problem = refusal(odd + beside if first else beside + odd).problem
    assert causes.of(problem.code, problem.causes) == (Cause(causes.RECIPE),)
