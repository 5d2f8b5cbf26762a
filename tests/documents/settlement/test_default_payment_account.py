"""The Default Payment Account serves host accounts of its own currency only, wherever money is sent."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.bank_problems import UNKNOWN
from picortex_xero.accounting.mapping import ClearingAccount, DeductionChoice, Mapping, PaymentAccount
from picortex_xero.accounting.problems import Problem, Refused
from picortex_xero.documents.journal_entry import rows as journal_legs
from picortex_xero.documents.journal_entry.bank_transaction import journal_money
from picortex_xero.documents.settlement import paid_on_entry
from picortex_xero.documents.settlement.clearing import clearing_leg
from picortex_xero.documents.settlement.overpayment import overpayment
from picortex_xero.documents.settlement.payment_elements import PayableInXero, PlannedPayment, batch_payment, payment
from picortex_xero.documents.settlement.prepayment import prepayment
from picortex_xero.documents.settlement.settlement import Settlement
from picortex_xero.documents.settlement.transfer import transfer
from tests.scene.documents import SITE, receipt
from tests.scene.mapping import NONE, mapping

pytestmark = pytest.mark.case("F00")
D = Decimal
DEFAULT = PaymentAccount("the-default", "NZD")
OTHER = ["payment-account-unmapped"]


def by_default(default: PaymentAccount = DEFAULT, **changes: Any) -> Mapping:
    """No bank of the host has a row of its own."""
    currencies = {"Bank - KS": "NZD", "Till - KS": "NZD", "Bank USD - KS": "USD"}
    choices: dict[str, Any] = {"payment_accounts": {}, "default_payment_account": default, "host_currencies": currencies}
    choices |= {"clearing": ClearingAccount("clearing-1", "855"), "advance_accounts": {"Sales": "840"}, "journal_contact": "Us"}
    return mapping(**{**choices, **changes})


def codes(make: Callable[[], Any]) -> list[str]:
    with pytest.raises(Refused) as refused:
        make()
    return [problem.code for problem in refused.value.problems]


def usd(**changes: Any) -> Settlement:
    """USD 100 received on the USD bank."""
    bank = {"paid_to": "Bank USD - KS", "paid_to_account_currency": "USD", "target_exchange_rate": 1.6, "base_received_amount": 160.0}
    return receipt([], 100.0, **{**bank, "paid_from_account_currency": "USD", "source_exchange_rate": 1.6, **changes})


def moved(**changes: Any) -> Settlement:
    """NZD 160 that become USD 100."""
    sides = {
        "paid_from": "Bank - KS",
        "paid_from_account_currency": "NZD",
        "paid_amount": 160.0,
        "base_paid_amount": 160.0,
        "deductions": [],
    }
    return usd(payment_type="Internal Transfer", party_type=None, **{"received_amount": 100.0, **sides, **changes})


def journal(**changes: Any) -> dict[str, Any]:
    """USD 100 of rent, as the row's script has it."""
    bank = {"account": "Bank USD - KS", "account_type": "Bank", "account_currency": "USD", "exchange_rate": 1.6}
    rows = [
        {
            "account": "Cost - KS",
            "debit": 160,
            "credit": 0,
            "root_type": "Expense",
            "account_currency": "NZD",
            "debit_in_account_currency": 160,
        },
        {**bank, "debit": 0, "credit": 160, "credit_in_account_currency": 100, **changes},
    ]
    head = {"doctype": "Journal Entry", "name": "JV-1", "creation": "2026-10-01 00:00:00", "posting_date": "2026-10-01"}
    return {**head, "voucher_type": "Bank Entry", "accounts": rows}


INVOICE = PayableInXero("i1", "USD", D(100), "AUTHORISED", D("1.6"), True)
LEG = PlannedPayment(0, "SINV-1", D(100), D(100), "PAY-1")


@pytest.mark.parametrize(
    "make",
    [
        lambda choices: payment(usd(), choices, LEG, INVOICE),
        lambda choices: payment(usd(payment_type="Receive", party_type="Supplier"), choices, LEG, INVOICE),
        lambda choices: batch_payment(usd(), choices, [LEG, LEG], [INVOICE, INVOICE]),
        lambda choices: overpayment(usd(), choices, "c1", SITE, "k", 1),
        lambda choices: prepayment(usd(), choices, "c1", SITE, "k", 1, {}),
        lambda choices: clearing_leg(moved(), choices, "RECEIVE", "c1", ""),
        lambda choices: journal_money(journal_legs.read(journal(), choices), SITE, "k", 1),
        lambda choices: journal_money(journal_legs.read(journal(account_currency=None), choices), SITE, "k", 1),
    ],
    ids=["payment", "refund", "batch", "overpayment", "prepayment", "clearing-leg", "journal", "journal-without-currency"],
)
def test_money_of_another_currency_is_refused_and_says_what_to_map(make: Callable[[Mapping], Any]) -> None:
    assert codes(lambda: make(by_default())) == OTHER
    # With a row of its own it goes, so that nothing else was in the way.
    made = make(by_default(payment_accounts={"Bank USD - KS": PaymentAccount("usd", "USD")}))
    assert "usd" in str(made.body)
    with pytest.raises(Refused) as refused:
        make(by_default())
    assert refused.value.problems[0].resolution == "Map Bank USD - KS to a USD bank account under Bank and payment accounts in Mapping"
    assert "Default Payment Account is in NZD" in refused.value.problems[0].message


def test_the_default_may_be_the_foreign_one() -> None:
    dollars = PaymentAccount("the-default", "USD")
    assert by_default(dollars).payment_account("Bank USD - KS") == dollars
    refused = by_default(dollars).payment_account("Bank - KS", "NZD")
    assert isinstance(refused, Problem) and refused.code == "payment-account-unmapped"


def test_its_own_currency_goes_as_before() -> None:
    assert payment(receipt([], 100.0), by_default(), LEG, PayableInXero("i1", "NZD", D(100), "AUTHORISED", D(1), True)).body["Account"] == {
        "AccountID": "the-default"
    }


def test_a_default_that_xero_does_not_list_serves_nothing() -> None:
    refused = by_default(PaymentAccount("gone", UNKNOWN)).payment_account("Bank - KS", "NZD")
    assert isinstance(refused, Problem) and "Refresh From Xero" in refused.resolution


def test_a_transfer_inside_the_default_names_it() -> None:
    doc = moved(paid_to="Till - KS", paid_to_account_currency="NZD", received_amount=160.0)
    with pytest.raises(Refused) as refused:
        transfer(doc, by_default())
    assert [problem.code for problem in refused.value.problems] == ["transfer-one-account"]
    assert "Bank - KS and Till - KS by the Default Payment Account" in refused.value.problems[0].message
    one = by_default(payment_accounts={"Bank - KS": DEFAULT})
    with pytest.raises(Refused, match="Till - KS by the Default Payment Account"):
        transfer(doc, one)


def test_a_transfer_between_currencies_is_refused_on_the_side_that_has_no_account() -> None:
    assert codes(lambda: transfer(moved(), by_default(clearing=None)))[0] == "payment-account-unmapped"


def test_an_account_without_a_currency_of_its_own_is_in_that_of_the_books() -> None:
    card = by_default(payment_accounts={"Bank USD - KS": PaymentAccount("card", "")})
    assert codes(lambda: payment(usd(), card, LEG, INVOICE)) == ["payment-account-currency"]
    assert by_default(PaymentAccount("card", "")).payment_account("Bank - KS") == PaymentAccount("card", "")


@pytest.mark.parametrize(
    ("currency", "till", "expected"), [("USD", "Bank USD - KS", OTHER), ("USD", "Till - KS", None), ("NZD", "Till - KS", None)]
)
def test_money_inside_an_invoice_goes_by_the_currency_of_its_account(currency: str, till: str, expected: list[str] | None) -> None:
    doc = {
        "doctype": "Sales Invoice",
        "name": "SINV-1",
        "posting_date": "2026-10-01",
        "is_pos": 1,
        "currency": currency,
        "conversion_rate": 1.6,
    }
    doc["payments"] = [{"account": till, "amount": 100.0, "base_amount": 160.0}]
    if expected:
        assert codes(lambda: paid_on_entry.payment(doc, by_default(), paid_on_entry.Settled("i1", D(100)), 1)) == expected
    else:
        body = paid_on_entry.payment(doc, by_default(), paid_on_entry.Settled("i1", D(100)), 1).body
        assert body["Account"] == {"AccountID": "the-default"} and body.get("BankAmount") == (D(160) if currency == "USD" else None)


def test_a_fee_through_an_account_of_another_currency_is_refused() -> None:
    from picortex_xero.documents.settlement.deductions import deductions

    wrong = DeductionChoice("Fee", NONE, PaymentAccount("fees", "USD"), "row")
    doc = receipt([], 97.0, deductions=[{"account": "Fees - KS", "amount": 3.0}])
    found = deductions(doc, by_default(deductions={"Fees - KS": wrong})).problems
    assert [problem.code for problem in found] == ["deduction-clearing-currency"]
