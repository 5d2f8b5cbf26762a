"""Bank fees, discounts, prepayments and money through a clearing account: what is sent to Xero, field by field, and what stops it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import ClearingAccount, Mapping, PaymentAccount
from picortex_xero.accounting.problems import Refused
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.documents.settlement.breakdown import break_down
from picortex_xero.documents.settlement.clearing import clearing_leg
from picortex_xero.documents.settlement.deduction_credit_note import discount_note
from picortex_xero.documents.settlement.fee import fee
from picortex_xero.documents.settlement.prepayment import is_prepayment, prepayment
from picortex_xero.documents.settlement.settlement import Settlement
from picortex_xero.documents.settlement.transfer import transfer
from picortex_xero.documents.translation import Translation
from picortex_xero.xero.records.registry import KINDS
from tests.scene.documents import SITE, deduction, receipt, reference
from tests.scene.mapping import GST, INPUT, NONE, chosen, mapping
from tests.scene.xero_records import find

D = Decimal
DISCOUNT = "Discounts Allowed - KS"
URL = "https://erp.kauri.example/app/payment-entry/PAY-1?sync=k1"
USD = {"paid_from_account_currency": "USD", "source_exchange_rate": 1.6}


def choices(**changes: Any) -> Mapping:
    """What an accountant would have chosen."""
    accounts = {**mapping().accounts, "Bank Fees - KS": "404", DISCOUNT: "206", "Customer Advances - KS": "835"}
    usual = {
        "accounts": accounts,
        "deductions": {"Bank Fees - KS": chosen("Fee", INPUT), DISCOUNT: chosen("Credit note", GST)},
        "advance_accounts": {"Sales": "836", "Purchases": "620"},
        "clearing": ClearingAccount("clearing-1", "855"),
    }
    return mapping(**{**usual, **changes})


def spent(settlement: Settlement, settings: Mapping | None = None, *currencies: str) -> Translation:
    settings = settings or choices()
    return fee(settlement, settings, break_down(settlement, settings, currencies or ["NZD"]), 1, "contact-1", URL)


def noted(settlement: Settlement, settings: Mapping | None = None, *currencies: str, suffix: int = 0) -> Translation:
    settings = settings or choices()
    return discount_note(settlement, settings, break_down(settlement, settings, currencies or ["NZD"]), "contact-1", suffix)


def advanced(settlement: Settlement, settings: Mapping | None = None, **currencies: str) -> Translation:
    return prepayment(settlement, settings or choices(), "contact-1", SITE, "k1", 1, currencies)


def codes(call: Any, *arguments: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*arguments)
    assert all(problem.message and problem.resolution for problem in refused.value.problems)
    return [problem.code for problem in refused.value.problems]


def received(amount: float, *deductions: dict[str, Any], allocated: float = 723.92, **changes: Any) -> Settlement:
    return receipt([reference("SINV-1", allocated)], amount, deductions=list(deductions), **changes)


def paid(amount: float, *deductions: dict[str, Any], allocated: float = 678.04, **changes: Any) -> Settlement:
    sides = {"payment_type": "Pay", "party_type": "Supplier", "paid_from": "Bank - KS", "paid_to": "Creditors - KS"}
    return receipt([reference("PINV-1", allocated, "Purchase Invoice")], amount, **{"deductions": list(deductions), **sides, **changes})


# Fees


def test_a_fee_kept_back_is_spent_from_clearing_with_its_tax() -> None:
    made = spent(received(708.92, deduction(15.0)))
    assert made.body == {
        "Type": "SPEND",
        "Contact": {"ContactID": "contact-1"},
        "BankAccount": {"AccountID": "fees-clearing"},
        "Date": "2026-10-20",
        "Reference": "PAY-1 fee",
        "LineAmountTypes": "Inclusive",
        "LineItems": [
            {"Description": "Bank Fees - KS", "Quantity": 1, "UnitAmount": D(15), "AccountCode": "404", "TaxType": "INPUT2"},
        ],
        "Url": URL,
    }
    assert (made.total, made.tax) == (15, D("1.96"))
    assert find(
        KINDS["bank-transaction"],
        made.marker,
        [{**made.body, "BankTransactionID": "b1", "Total": D(15), "Date": "/Date(1792454400000+0000)/"}],
    )


def test_the_hosts_own_tax_of_a_fee_is_kept() -> None:
    item = spent(received(708.92, deduction(13.05), deduction(1.95, "GST - KS"))).body["LineItems"][0]
    assert (item["UnitAmount"], item["TaxAmount"]) == (15, D("1.95"))
    assert "TaxAmount" not in spent(received(708.92, deduction(13.04), deduction(1.96, "GST - KS"))).body["LineItems"][0]
    assert codes(spent, received(708.92, deduction(12.0), deduction(3.0, "GST - KS"))) == ["deduction-tax-differs"]


def test_a_fee_on_top_is_spent_from_the_bank_itself() -> None:
    body = spent(paid(693.04, deduction(15.0))).body
    assert (body["Type"], body["BankAccount"], body["LineItems"][0]["UnitAmount"]) == ("SPEND", {"AccountID": "bank-nzd"}, 15)


@pytest.mark.parametrize(
    ("settlement", "what", "bank"),
    [(paid(675.04, deduction(-3.0)), "RECEIVE", "fees-clearing"), (received(726.92, deduction(-3.0)), "RECEIVE", "bank-nzd")],
)
def test_money_the_other_way_is_received(settlement: Settlement, what: str, bank: str) -> None:
    body = spent(settlement).body
    assert (body["Type"], body["BankAccount"]["AccountID"]) == (what, bank)


def test_a_fee_from_a_foreign_bank_carries_a_rate_that_gives_its_worth_to_the_cent() -> None:
    usd = {"paid_from": "Bank USD - KS", "paid_from_account_currency": "USD", "paid_to_account_currency": "USD"}
    rates = {"source_exchange_rate": 1.6, "target_exchange_rate": 1.6}
    settlement = paid(110.0, deduction(16.0), allocated=100.0, **usd, **rates)
    made = spent(settlement, choices(), "USD")
    assert (made.body["LineItems"][0]["UnitAmount"], made.body["CurrencyRate"], made.total) == (10, D("0.625"), 10)
    # Six decimals of a rate cannot give 2 000 000 to the cent.
    huge = paid(1300000.07, deduction(2125000.12), allocated=50000.0, **usd, **{name: 1.7 for name in rates})
    assert codes(spent, huge, choices(), "USD") == ["rate-inexact"]


def test_a_fees_problems_are_told_together() -> None:
    settings = choices(accounts={}, deductions={"Bank Fees - KS": chosen("Fee", NONE)})
    assert codes(spent, received(708.92, deduction(13.04), deduction(1.96, "GST - KS")), settings) == [
        "account-unmapped",
        "deduction-tax-differs",
    ]


# Discounts


def test_a_discount_is_a_credit_note_inclusive_of_its_tax() -> None:
    made = noted(received(709.4416, deduction(14.48, DISCOUNT, description="2 % prompt")))
    assert made.body == {
        "Type": "ACCRECCREDIT",
        "CreditNoteNumber": "PAY-1",
        "Reference": "SINV-1",
        "Contact": {"ContactID": "contact-1"},
        "Date": "2026-10-20",
        "CurrencyCode": "NZD",
        "Status": "AUTHORISED",
        "LineAmountTypes": "Inclusive",
        "LineItems": [{"Description": "2 % prompt", "Quantity": 1, "UnitAmount": D("14.48"), "AccountCode": "206", "TaxType": "OUTPUT2"}],
    }
    assert (made.total, made.tax) == (D("14.48"), D("1.89"))
    assert made.marker == {"Type": "ACCRECCREDIT", "CreditNoteNumber": "PAY-1", "ContactID": "contact-1", "Total": D("14.48")}


def test_a_split_discount_keeps_the_hosts_tax_and_a_used_number_gets_a_suffix() -> None:
    made = noted(received(709.44, deduction(12.58, DISCOUNT), deduction(1.90, "GST - KS")), suffix=2)
    assert made.body["LineItems"][0]["TaxAmount"] == D("1.9") and made.tax == D("1.90") and made.body["CreditNoteNumber"] == "PAY-1-R2"


def test_a_suppliers_discount_has_no_reference() -> None:
    body = noted(paid(674.84, deduction(-3.2, DISCOUNT))).body
    assert body["Type"] == "ACCPAYCREDIT" and "Reference" not in body and body["LineItems"][0]["UnitAmount"] == D("3.2")


def test_a_foreign_discount_is_in_the_invoices_currency_at_the_payments_rate() -> None:
    settlement = received(
        286.9, deduction(12.01, DISCOUNT), allocated=294.05, received_amount=482.0, **{**USD, "source_exchange_rate": 1.680027884}
    )
    made = noted(settlement, choices(deductions={DISCOUNT: chosen("Credit note", NONE)}), "USD")
    assert (made.body["CurrencyCode"], made.body["CurrencyRate"], made.total) == ("USD", D("0.595337"), D("7.15"))


def test_a_discounts_problems_are_told() -> None:
    settlement = received(709.44, deduction(14.48, DISCOUNT))
    assert codes(noted, settlement, choices(deductions={DISCOUNT: chosen("Credit note", TaxType("OUTPUT2", None))})) == ["tax-rate-unknown"]
    gone = TaxType("OUTPUT2", D(15), active=False)
    assert codes(noted, settlement, choices(deductions={DISCOUNT: chosen("Credit note", gone)})) == ["deduction-tax-refused"]


# Prepayments


def test_an_advance_for_an_order_is_a_prepayment_without_tax() -> None:
    """Recorded: advance-sales-order."""
    settlement = receipt([reference("SO-1", 250.0, "Sales Order")], 250.0)
    made = advanced(settlement)
    url = made.body.pop("Url")
    assert is_prepayment(settlement) and made.body == {
        "Type": "RECEIVE-PREPAYMENT",
        "Contact": {"ContactID": "contact-1"},
        "BankAccount": {"AccountID": "bank-nzd"},
        "Date": "2026-10-20",
        "LineAmountTypes": "NoTax",
        "LineItems": [{"Description": "PAY-1 DD 77", "Quantity": 1, "UnitAmount": D(250), "AccountCode": "836", "TaxType": "NONE"}],
    }
    assert made.marker["Url"] == url and (made.total, made.tax) == (250, 0)
    sides = {"payment_type": "Pay", "party_type": "Supplier", "paid_from": "Bank - KS", "paid_to": "Creditors - KS"}
    spend = advanced(receipt([reference("PO-1", 150.0, "Purchase Order")], 150.0, **sides)).body
    assert spend["Type"] == "SPEND-PREPAYMENT" and spend["LineItems"][0]["AccountCode"] == "620"


def tax_row(amount: float, **changes: Any) -> dict[str, Any]:
    """A tax row of a payment."""
    return {
        "account_head": "GST - KS",
        "rate": 15.0,
        "tax_amount": amount,
        "included_in_paid_amount": 1,
        "add_deduct_tax": "Add",
        **changes,
    }


def test_an_advance_with_tax_is_gross_with_the_hosts_tax() -> None:
    """Recorded: advance-with-tax."""
    made = advanced(receipt([], 1150.0, taxes=[tax_row(150.0)]))
    assert made.body["LineAmountTypes"] == "Inclusive" and (made.total, made.tax) == (1150, 150)
    assert made.body["LineItems"][0]["TaxType"] == "OUTPUT2" and "TaxAmount" not in made.body["LineItems"][0]
    assert advanced(receipt([], 1150.0, taxes=[tax_row(149.99)])).body["LineItems"][0]["TaxAmount"] == D("149.99")


def test_an_advance_on_the_hosts_own_account_takes_that_accounts_mapping() -> None:
    """Recorded: advance-separate-account."""
    own = {"book_advance_payments_in_separate_party_account": 1, "paid_from": "Customer Advances - KS"}
    assert advanced(receipt([], 400.0, **own)).body["LineItems"][0]["AccountCode"] == "835"
    assert is_prepayment(receipt([], 400.0, **own)) and not is_prepayment(receipt([reference("SINV-1", 400.0)], 400.0, **own))
    assert not is_prepayment(receipt([], 400.0))


@pytest.mark.parametrize(
    ("settlement", "changes", "expected"),
    [
        (receipt([reference("SO-1", 5.0, "Sales Order")], 5.0), {"advance_accounts": {}}, ["advance-account-missing"]),
        (receipt([reference("SO-1", 5.0, "Sales Order")], 5.0), {"no_tax_type": ""}, ["no-tax-type-missing"]),
        (receipt([], 5.0, taxes=[tax_row(0.65, included_in_paid_amount=0)]), {}, ["advance-tax-not-inside"]),
        (receipt([], 5.0, taxes=[tax_row(0.65, add_deduct_tax="Deduct")]), {}, ["advance-tax-not-inside"]),
        (receipt([], 5.0, taxes=[tax_row(0.9)]), {}, ["tax-differs"]),
        (receipt([], 5.0, taxes=[tax_row(0.65, rate=12.0)]), {}, ["tax-unmapped"]),
        (receipt([reference("SO-1", 5.0, "Sales Order")], 4.0, deductions=[deduction(1.0)]), {}, ["deduction-and-advance"]),
        (receipt([reference("SO-1", 5.001, "Sales Order")], 5.001), {}, ["too-many-decimals"]),
        (
            receipt([], 5.0, taxes=[tax_row(0.65)], paid_to="Till - KS"),
            {"advance_accounts": {}},
            ["payment-account-unmapped", "advance-account-missing"],
        ),
    ],
)
def test_what_stops_a_prepayment(settlement: Settlement, changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(advanced, settlement, choices(**changes)) == expected


def test_a_foreign_prepayment_carries_the_rate_and_no_currency() -> None:
    """Xero takes the bank account's currency; only an overpayment may name one (Xero developer documentation)."""
    usd = {**USD, "paid_to": "Bank USD - KS", "paid_to_account_currency": "USD", "target_exchange_rate": 1.6}
    body = advanced(receipt([reference("SO-1", 5.0, "Sales Order")], 5.0, **usd)).body
    assert body["CurrencyRate"] == D("0.625") and "CurrencyCode" not in body


# Through clearing


def moved(**changes: Any) -> Settlement:
    """Recorded: transfer-foreign-both."""
    sides = {
        "paid_from": "Bank USD - KS",
        "paid_from_account_currency": "USD",
        "paid_to": "Bank AUD - KS",
        "paid_to_account_currency": "AUD",
    }
    figures = {"received_amount": 1520.0, "base_paid_amount": 1668.2, "base_received_amount": 1668.2}
    return receipt([], 1000.0, **{"payment_type": "Internal Transfer", "party_type": None, **sides, **figures, **changes})


def test_both_legs_are_worth_the_same_in_the_books() -> None:
    settings = choices(payment_accounts={**mapping().payment_accounts, "Bank AUD - KS": PaymentAccount("bank-aud", "AUD")})
    first, second = (clearing_leg(moved(), settings, what, "c1", URL) for what in ("SPEND", "RECEIVE"))
    assert (first.body["Type"], first.body["CurrencyRate"], first.total) == ("SPEND", D("0.599449"), 1000)
    assert (second.body["Type"], second.body["CurrencyRate"], second.total) == ("RECEIVE", D("0.911162"), 1520)
    assert first.body["LineItems"][0]["AccountCode"] == second.body["LineItems"][0]["AccountCode"] == "855"
    assert {round(each.total / each.body["CurrencyRate"], 2) for each in (first, second)} == {D("1668.20")}
    assert first.marker["Type"] != second.marker["Type"]


@pytest.mark.parametrize(
    ("settlement", "changes", "expected"),
    [
        (moved(), {"clearing": None}, ["transfer-two-currencies"]),
        (moved(base_received_amount=1660.0), {}, ["transfer-difference"]),
        (moved(), {"no_tax_type": ""}, ["no-tax-type-missing"]),
        (moved(paid_amount=1234567.89, base_paid_amount=2059497.61, base_received_amount=2059497.61), {}, ["rate-inexact"]),
        (moved(paid_from="Till - KS"), {}, ["payment-account-unmapped"]),
    ],
)
def test_what_stops_a_leg(settlement: Settlement, changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(clearing_leg, settlement, choices(**changes), "SPEND", "c1", URL) == expected


def test_the_recipe_names_both_amounts_and_accounts() -> None:
    with pytest.raises(Refused) as refused:
        transfer(
            moved(),
            choices(clearing=None, payment_accounts={**mapping().payment_accounts, "Bank AUD - KS": PaymentAccount("bank-aud", "AUD")}),
        )
    (problem,) = refused.value.problems
    assert problem.held and "USD 1000.00 to AUD 1520.00" in problem.message
    assert (
        "Spend Money of USD 1000.00 from Bank USD - KS" in problem.resolution
        and "Receive Money of AUD 1520.00 into Bank AUD - KS" in problem.resolution
    )
