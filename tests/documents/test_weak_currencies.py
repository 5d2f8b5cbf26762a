"""Whatever carries a CurrencyRate is held where Xero's six decimals lose its worth, sent and named where the admin accepts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import Mapping, PaymentAccount
from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.credit_note.credit_note import credit_note
from picortex_xero.documents.invoice.invoice import invoice
from picortex_xero.documents.invoice.write_off import write_off
from picortex_xero.documents.settlement import paid_on_entry
from picortex_xero.documents.settlement.breakdown import break_down
from picortex_xero.documents.settlement.clearing import clearing_leg
from picortex_xero.documents.settlement.deduction_credit_note import discount_note
from picortex_xero.documents.settlement.fee import fee
from picortex_xero.documents.settlement.overpayment import overpayment
from picortex_xero.documents.settlement.payment_elements import PayableInXero
from picortex_xero.documents.settlement.prepayment import prepayment
from picortex_xero.documents.translation import Translation
from tests.scene.documents import SITE, deduction, item, receipt, reference, returned, sales_invoice, settling, tax_row
from tests.scene.mapping import GST, INPUT, chosen, mapping

D = Decimal
DISCOUNT, RATE, STRONG = "Discounts Allowed - KS", 25400.0, 1.6
BANK = {"paid_to": "Bank USD - KS", "paid_to_account_currency": "USD", "paid_from_account_currency": "USD"}


def books(accept: bool) -> Mapping:
    """A Vietnamese company with a bank in dollars."""
    accounts = {**mapping().accounts, DISCOUNT: "206", "Bank Fees - KS": "404"}
    usual = mapping(
        accounts=accounts,
        deductions={DISCOUNT: chosen("Credit note", GST), "Bank Fees - KS": chosen("Fee", INPUT)},
        advance_accounts={"Sales": "836"},
        payment_accounts={"Bank USD - KS": PaymentAccount("bank-usd", "USD"), "Bank AUD - KS": PaymentAccount("bank-aud", "AUD")},
        clearing=None,
        tracking={},
    )
    return replace(usual, base_currency="VND", accept_rates=accept)


def sale(rate: float) -> dict[str, Any]:
    return sales_invoice([item(10000.0)], [tax_row(1500.0)], 11500.0, currency="USD", conversion_rate=rate, write_off_account=DISCOUNT)


def at(rate: float) -> dict[str, Any]:
    return {**BANK, "source_exchange_rate": rate, "target_exchange_rate": rate}


def an_invoice(rate: float, books: Mapping) -> Translation:
    return invoice(sale(rate), books, "c1", SITE, "k1", 1)


def a_return(rate: float, books: Mapping) -> Translation:
    return credit_note(returned(sale(rate)), books, "c1")


def a_write_off(rate: float, books: Mapping) -> Translation:
    return write_off({**sale(rate), "is_pos": 1, "write_off_amount": 5000.0}, books, "c1", SITE, "k1", 1)


def money_at_the_counter(rate: float, books: Mapping) -> Translation:
    rows = [{"account": "Bank USD - KS", "amount": 9000.0, "base_amount": 9000.0 * rate}]
    doc = {**sale(rate), "is_pos": 1, "payments": rows}
    return paid_on_entry.payment(doc, books, paid_on_entry.Settled("i1", D(9000)), 1)


def a_payment(rate: float, books: Mapping) -> Translation:
    target = PayableInXero("i1", "USD", D(11500), "AUTHORISED", D(str(rate)), True)
    return settling(receipt([reference("SINV-1", 11500.0)], 11500.0, **at(rate)), books, [target])[0]


def an_overpayment(rate: float, books: Mapping) -> Translation:
    return overpayment(receipt([], 9000.0, unallocated_amount=9000.0, **at(rate)), books, "c1", SITE, "k1", 1)


def a_prepayment(rate: float, books: Mapping) -> Translation:
    return prepayment(receipt([reference("SO-1", 9000.0, "Sales Order")], 9000.0, **at(rate)), books, "c1", SITE, "k1", 1, {})


def a_discount(rate: float, books: Mapping) -> Translation:
    settlement = receipt([reference("SINV-1", 11500.0)], 6500.0, deductions=[deduction(5000.0 * rate, DISCOUNT)], **at(rate))
    return discount_note(settlement, books, break_down(settlement, books, ["USD"]), "c1")


def a_fee_on_top(rate: float, books: Mapping) -> Translation:
    sides = {"payment_type": "Pay", "party_type": "Supplier", "paid_from": "Bank USD - KS", "paid_to": "Creditors - KS"}
    currencies = {name: "USD" for name in ("paid_from_account_currency", "paid_to_account_currency")}
    rates = {"source_exchange_rate": rate, "target_exchange_rate": rate}
    fees = [deduction(5000.0 * rate)]
    settlement = receipt([reference("PINV-1", 4000.0, "Purchase Invoice")], 9000.0, deductions=fees, **sides, **currencies, **rates)
    return fee(settlement, books, break_down(settlement, books, ["USD"]), 1, "c1", "")


KINDS = [an_invoice, a_return, a_write_off, money_at_the_counter, a_payment, an_overpayment, a_prepayment, a_discount, a_fee_on_top]


@pytest.mark.case("F04")
@pytest.mark.parametrize("make", KINDS)
def test_it_is_held_then_accepted_and_named(make: Callable[[float, Mapping], Translation]) -> None:
    with pytest.raises(Refused) as refused:
        make(RATE, books(False))
    (problem,) = refused.value.problems
    assert (problem.code, problem.held) == ("rate-inexact", True) and "VND" in problem.message and problem.resolution
    made = make(RATE, books(True))
    assert made.body["CurrencyRate"] == D("0.000039")
    (remark,) = made.said
    assert str(remark) == str(problem.message)


@pytest.mark.case("F04")
@pytest.mark.parametrize("make", KINDS)
def test_a_strong_currency_goes_without_a_word(make: Callable[[float, Mapping], Translation]) -> None:
    made = make(STRONG, books(False))
    assert made.body["CurrencyRate"] == D("0.625") and made.said == () and made == make(STRONG, books(True))


@pytest.mark.case("F04")
def test_a_small_part_of_a_payment_is_judged_with_the_whole() -> None:
    """Never one invoice of a payment goes, and another is held."""
    settlement = receipt([reference("SINV-1", 0.01), reference("SINV-2", 9000.0)], 9000.01, **at(RATE))
    targets = [PayableInXero(name, "USD", D(9000), "AUTHORISED", D(str(RATE)), True) for name in ("i1", "i2")]
    with pytest.raises(Refused) as refused:
        settling(settlement, books(False), targets)
    assert [problem.code for problem in refused.value.problems] == ["rate-inexact"]


@pytest.mark.case("F04")
def test_each_leg_of_a_transfer_says_what_stays_in_the_clearing_account() -> None:
    from picortex_xero.accounting.mapping import ClearingAccount

    sides = {"payment_type": "Internal Transfer", "party_type": None, "paid_from": "Bank USD - KS", "paid_from_account_currency": "USD"}
    sides |= {"paid_to": "Bank AUD - KS", "paid_to_account_currency": "AUD"}
    worth = 1000.0 * RATE
    settlement = receipt([], 1000.0, received_amount=1520.0, base_paid_amount=worth, base_received_amount=worth, **sides)
    through = replace(books(False), clearing=ClearingAccount("clearing-1", "855"))
    for what in ("SPEND", "RECEIVE"):
        with pytest.raises(Refused) as refused:
            clearing_leg(settlement, through, what, "c1", "")
        (problem,) = refused.value.problems
        assert problem.code == "rate-inexact" and "clearing account" in problem.resolution
        assert clearing_leg(settlement, replace(through, accept_rates=True), what, "c1", "").said


@pytest.mark.case("F04")
def test_in_base_currency_there_is_no_rate() -> None:
    doc = {**sale(1.0), "currency": "VND"}
    assert "CurrencyRate" not in invoice(doc, books(False), "c1", SITE, "k1", 1).body
