"""An account, tax or bank that nobody has mapped becomes a problem that names the form in which to map it."""

from __future__ import annotations

from picortex_xero.accounting.mapping import PaymentAccount
from picortex_xero.accounting.problems import Problem, Refused
from tests.scene.mapping import GST, ZERO_RATED, mapping


def test_an_account_its_default_and_neither() -> None:
    assert mapping().account("Sales - KS", "Sales") == "200"
    assert mapping(default_accounts={"Sales": "299"}).account("Other - KS", "Sales") == "299"
    assert mapping(default_accounts={"Sales": "299"}).account("Sales - KS", "Sales") == "200"
    missing = mapping(default_accounts={"Purchases": "399"}).account("Other - KS", "Sales")
    assert isinstance(missing, Problem) and missing.code == "account-unmapped"
    assert "Other - KS" in missing.message and "under Accounts in Mapping" in missing.resolution
    assert "(none)" in getattr(mapping().account("", "Sales"), "message", "")


def test_a_tax_with_its_template_before_the_general_one_and_per_direction() -> None:
    choices = mapping(taxes={("Sales", "GST @ 15", ""): GST, ("Sales", "GST @ 0", "Export"): ZERO_RATED})
    assert choices.tax("Sales", "GST @ 0", "Export") == ZERO_RATED
    assert choices.tax("Sales", "GST @ 15", "Something else") == GST
    missing = choices.tax("Purchases", "GST @ 0", "Export")
    assert isinstance(missing, Problem) and missing.code == "tax-unmapped"
    assert '"GST @ 0" with the item tax template "Export"' in missing.message and "purchases" in missing.resolution


def test_a_template_of_its_own_is_no_general_mapping() -> None:
    """A 0 % rate is never guessed: what is mapped for one template says nothing about another."""
    assert isinstance(mapping(taxes={("Sales", "GST @ 0", "Export"): ZERO_RATED}).tax("Sales", "GST @ 0", ""), Problem)


def test_a_payment_account_its_default_and_neither() -> None:
    fallback = PaymentAccount("p9", "NZD")
    assert mapping().payment_account("Bank - KS").account_id == "bank-nzd"  # type: ignore[union-attr]
    assert mapping(default_payment_account=fallback).payment_account("Till - KS") == fallback
    missing = mapping().payment_account("Till - KS")
    assert (
        isinstance(missing, Problem)
        and missing.code == "payment-account-unmapped"
        and missing.resolution == "Map Till - KS under Bank and payment accounts in Mapping"
    )


def test_refused_carries_all_problems() -> None:
    problems = [Problem("a", "First", "x"), Problem("b", "Second", "y")]
    assert str(Refused(problems)) == "First; Second" and Refused(problems).problems == problems
