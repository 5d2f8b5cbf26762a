"""Money between own accounts goes as one transfer; between two currencies as money spent and money received through the clearing account,
never only one of them."""

from __future__ import annotations

from typing import Any

import pytest

from picortex_xero.accounting.mapping import PaymentAccount
from picortex_xero.accounting.xero_now import XeroNow
from picortex_xero.documents.base import InXero
from picortex_xero.documents.decisions import Decision
from tests.documents.settlement.scene import CLEARING, PaymentScene, asked, chosen_books, held, sent, waits
from tests.scene.documents import payment_entry
from tests.scene.mapping import NONE

BANKS = {
    "Bank - KS": PaymentAccount("bank-nzd", "NZD"),
    "Savings - KS": PaymentAccount("savings", "NZD"),
    "Bank USD - KS": PaymentAccount("bank-usd", "USD"),
}
COMPANY = ("Company", "Kauri Services")
THROUGH = chosen_books(payment_accounts=BANKS, clearing=CLEARING, tax_types={"NONE": NONE})


def moving(**changes: Any) -> dict[str, Any]:
    sides = {"payment_type": "Internal Transfer", "paid_from": "Bank - KS", "paid_to": "Savings - KS", "party_type": None, "party": None}
    return payment_entry([], 80.0, **{**sides, "docstatus": 1, "company": "Kauri Services", "deductions": [], "taxes": [], **changes})


TO_DOLLARS = moving(paid_to="Bank USD - KS", paid_to_account_currency="USD", received_amount=50.0, target_exchange_rate=1.6)


def test_in_one_currency_it_is_one_transfer_and_needs_nobody() -> None:
    plan = PaymentScene().becomes(moving(), "payment", chosen_books(payment_accounts=BANKS))
    assert sent(plan).body["ToBankAccount"] == {"AccountID": "savings"}
    assert not isinstance(plan, Decision) and plan.kind.name == "bank-transfer" and asked(plan.decide(InXero())) == []


def test_between_two_currencies_it_waits_for_a_clearing_account() -> None:
    assert held(PaymentScene().becomes(TO_DOLLARS, "payment", chosen_books(payment_accounts=BANKS))) == ["transfer-two-currencies"]


def test_the_first_leg_asks_for_the_second_which_waits_for_it() -> None:
    scene = PaymentScene()
    assert waits(scene.becomes(TO_DOLLARS, "payment", THROUGH)) == ("contact", "waits-for-contact")
    scene.contact(*COMPANY, "own")
    plan = scene.becomes(TO_DOLLARS, "payment", THROUGH)
    assert (sent(plan).body["Type"], sent(plan).body["Contact"]) == ("SPEND", {"ContactID": "own"})
    assert not isinstance(plan, Decision) and asked(plan.decide(InXero())) == [("clearing-1", "payment")]
    (first,) = scene.own(TO_DOLLARS, "payment", state="Unknown")
    assert waits(scene.becomes(TO_DOLLARS, "clearing-1", THROUGH)) == (first.name, "waits-for-payment")
    scene.steps.clear()
    assert sent(scene.becomes(TO_DOLLARS, "clearing-1", THROUGH)).body["Type"] == "RECEIVE"


def test_no_leg_goes_where_the_other_could_not() -> None:
    half = chosen_books(payment_accounts={"Bank - KS": BANKS["Bank - KS"]}, clearing=CLEARING, tax_types={"NONE": NONE})
    for text in ("payment", "clearing-1"):
        assert held(PaymentScene().becomes(TO_DOLLARS, text, half)) == ["payment-account-unmapped"]


@pytest.mark.parametrize("archived", ["bank-nzd", "bank-usd"])
def test_no_leg_goes_where_xeros_lists_speak_against_one_of_them(archived: str) -> None:
    banks = {each.account_id: "ARCHIVED" if each.account_id == archived else "ACTIVE" for each in BANKS.values()}
    now = XeroNow(True, {CLEARING.code: (CLEARING.account_id, "ACTIVE")}, banks, banks=frozenset(banks))
    books = chosen_books(payment_accounts=BANKS, clearing=CLEARING, tax_types={"NONE": NONE}, now=now)
    scene = PaymentScene()
    assert held(scene.becomes(TO_DOLLARS, "payment", books)) == ["bank-account-gone"], "and nobody is created for it"
    scene.contact(*COMPANY, "own")
    assert held(scene.becomes(TO_DOLLARS, "payment", books)) == ["bank-account-gone"]


def test_what_erpnext_multiplied_goes_as_it_posted_it() -> None:
    doc = {**TO_DOLLARS, "received_amount": 50.004, "base_received_amount": 80.0}
    scene = PaymentScene()
    scene.contact(*COMPANY, "own")
    scene.own(doc, "payment", state="Synced")
    scene.link(doc, "payment", "t1", "BankTransactions")
    (line,) = sent(scene.becomes(doc, "clearing-1", THROUGH)).body["LineItems"]
    assert line["UnitAmount"] == 50


def test_a_third_decimal_is_held() -> None:
    doc = moving(paid_amount=80.005, received_amount=80.005)
    assert held(PaymentScene().becomes(doc, "payment", chosen_books(payment_accounts=BANKS))) == ["too-many-decimals"]
