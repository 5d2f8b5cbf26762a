"""A payment goes once all that it settles is in Xero and approved, and its fee, credit notes and allocations can be made, too; these go
after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents.base import InXero
from picortex_xero.documents.decisions import Ask, Decision, Done, Hold, Seen, Send, Wait
from picortex_xero.documents.payment_entry.as_settlement import settlement
from picortex_xero.documents.settlement.payment_steps import Paying
from picortex_xero.documents.settlement.settlement import SettledDocument, SettlementKind
from tests.documents.invoice.scene import named
from tests.documents.settlement.scene import (
    ACCOUNTS,
    CLEARING,
    CUSTOMER,
    DISCOUNTS,
    FEES,
    PaymentScene,
    asked,
    chosen_books,
    debt,
    held,
    open_in_xero,
    over,
    paying,
    sent,
    waits,
)
from tests.scene.documents import item, payment_entry
from tests.scene.mapping import GST, chosen

D = Decimal
FIRST, SECOND = debt(), debt("SINV-2", 200.0)
WITH_FEE = paying(115.0, less=((7.0, FEES),))
SHORT = paying(115.0, less=((15.0, DISCOUNTS),))


def planned(scene: PaymentScene, doc: dict[str, Any], text: str = "payment", **choices: Any) -> Paying:
    plan = scene.becomes(doc, text, chosen_books(**choices))
    assert isinstance(plan, Paying), plan
    return plan


# One payment


def test_it_pays_what_xero_shows_and_what_xero_shows_is_noted() -> None:
    scene = PaymentScene(debts=(FIRST,))
    plan = planned(scene, paying(115.0))
    assert plan.kind.name == "payment" and plan.chain == {plan.step.who.digest, "i-SINV-1"}
    assert plan.reads().records == {("Invoices", "i-SINV-1")}
    decision = plan.decide(open_in_xero(("i-SINV-1", "115.00")))
    assert isinstance(decision.outcome, Send)
    body = decision.outcome.translation.body
    assert (body["Amount"], body["Invoice"], body["Reference"]) == (D(115), {"InvoiceID": "i-SINV-1"}, "PAY-1 DD 77")
    assert decision.effects == (Seen(scene.links[0].name, "AUTHORISED", amount_due=D("115.00")),)


def test_it_waits_for_its_invoice_and_is_held_where_that_was_never_sent() -> None:
    scene = PaymentScene(FIRST)
    assert held(scene.becomes(paying(115.0))) == ["invoice-not-in-xero"]
    coming = scene.step(FIRST, "invoice")
    assert waits(scene.becomes(paying(115.0))) == (coming.name, "waits-for-invoice")


def test_what_settled_the_invoice_before_is_taken_back_first() -> None:
    scene = PaymentScene(debts=(FIRST,))
    before = paying(115.0, name="PAY-0")
    scene.settling[named(FIRST)] = [named(before)]
    cancel = scene.step(before, "void")
    assert waits(scene.becomes(paying(115.0))) == (cancel.name, "waits-for-cancel")


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED"])
def test_nothing_is_approved_behind_the_accountants_back(status: str) -> None:
    decision = planned(PaymentScene(debts=(FIRST,)), paying(115.0)).decide(open_in_xero(("i-SINV-1", "115"), status=status))
    assert isinstance(decision.outcome, Wait) and decision.outcome.after == timedelta(days=1), "the reader wakes it before"
    assert decision.outcome.awaits == "Invoices/i-SINV-1"
    assert decision.outcome.problem and decision.outcome.problem.code == "waiting-approval"


@pytest.mark.parametrize("element", [None, {"Status": "VOIDED"}, {"Status": "DELETED"}])
def test_an_invoice_that_is_gone_from_xero_is_a_persons(element: dict[str, str] | None) -> None:
    decision = planned(PaymentScene(debts=(FIRST,)), paying(115.0)).decide(InXero({("Invoices", "i-SINV-1"): element}))
    assert held(decision) == ["invoice-gone"]
    assert bool([each for each in decision.effects if isinstance(each, Seen)]) is bool(element), "what is not shown is not noted"


def test_more_than_is_due_is_a_persons() -> None:
    decision = planned(PaymentScene(debts=(FIRST,)), paying(115.0)).decide(open_in_xero(("i-SINV-1", "100.00")))
    assert held(decision) == ["payment-exceeds-due"]


def test_one_that_is_linked_is_done() -> None:
    scene, doc = PaymentScene(debts=(FIRST,)), paying(115.0)
    scene.link(doc, "payment", "p1", "Payments")
    decision = scene.becomes(doc)
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Done)


# Several


def test_several_invoices_are_one_batch_from_the_bank() -> None:
    doc = paying(115.0, 200.0)
    plan = planned(PaymentScene(debts=(FIRST, SECOND)), doc)
    assert plan.kind.name == "batch-payment" and plan.batch
    decision = plan.decide(open_in_xero(("i-SINV-1", "115"), ("i-SINV-2", "200")))
    assert isinstance(decision.outcome, Send) and len(decision.outcome.translation.body["Payments"]) == 2
    assert asked(decision) == []
    assert over(PaymentScene(debts=(FIRST, SECOND)).becomes(doc, "payment-2")) == "The payment no longer has this reference"


def test_foreign_invoices_are_paid_one_by_one_and_wait_for_nothing() -> None:
    foreign = {"currency": "USD", "party_account_currency": "USD"}
    debts = (debt(**foreign), debt("SINV-2", 200.0, **foreign))
    dollars = {"paid_from_account_currency": "USD", "paid_to": "Bank USD - KS", "paid_to_account_currency": "USD"}
    plan = planned(PaymentScene(debts=debts), paying(115.0, 200.0, **dollars))
    decision = plan.decide(open_in_xero(("i-SINV-1", "115"), ("i-SINV-2", "200")))
    assert plan.kind.name == "payment" and asked(decision) == [("payment-2", "")]


# What follows


def test_with_a_fee_each_further_step_waits_for_the_one_before() -> None:
    scene = PaymentScene(debts=(FIRST,))
    scene.fee_contact()
    decision = planned(scene, WITH_FEE).decide(open_in_xero(("i-SINV-1", "115")))
    assert isinstance(decision.outcome, Send) and decision.outcome.translation.body["Amount"] == D(108)
    assert asked(decision) == [("payment-2", "payment"), ("fee-1", "payment-2")]
    reasons = {each.because and each.because.message for each in decision.effects if isinstance(each, Ask)}
    assert reasons == {"Waits until PAY-1 itself is in Xero"}


def test_a_written_off_part_is_credited_and_only_then_taken_off() -> None:
    decision = planned(PaymentScene(debts=(FIRST,)), SHORT).decide(open_in_xero(("i-SINV-1", "115")))
    assert asked(decision) == [("credit-1", "payment"), ("allocation-1", "credit-1")]


def test_money_in_a_third_currency_asks_for_the_banks_own_line() -> None:
    dollars = {"paid_to": "Bank USD - KS", "paid_to_account_currency": "USD", "received_amount": 70.0, "target_exchange_rate": 115 / 70}
    doc = paying(50.0, paid_from_account_currency="EUR", paid_amount=50.0, base_paid_amount=115.0, base_received_amount=115.0)
    euros = debt(currency="EUR", party_account_currency="EUR", conversion_rate=2.3, outstanding_amount=5.0)
    plan = planned(PaymentScene(debts=(euros,)), {**doc, **dollars}, clearing=CLEARING)
    assert asked(plan.decide(open_in_xero(("i-SINV-1", "55")))) == [("clearing-1", "payment")]


def test_the_steps_are_asked_for_even_where_the_payment_has_to_wait() -> None:
    scene = PaymentScene(debts=(FIRST,))
    scene.fee_contact()
    decision = planned(scene, WITH_FEE).decide(open_in_xero(("i-SINV-1", "115"), status="DRAFT"))
    assert isinstance(decision.outcome, Wait) and asked(decision) == [("payment-2", "payment"), ("fee-1", "payment-2")]


def test_a_further_payment_of_the_same_invoice_waits_for_the_first_ones_fate() -> None:
    scene = PaymentScene(debts=(FIRST,))
    scene.fee_contact()
    (first,) = scene.own(WITH_FEE, "payment", state="Unknown")
    assert waits(scene.becomes(WITH_FEE, "payment-2")) == (first.name, "waits-for-payment")
    scene.steps.clear()
    scene.own(WITH_FEE, "payment", state="Synced")
    body = planned(scene, WITH_FEE, "payment-2").decide(open_in_xero(("i-SINV-1", "7.00"))).outcome
    assert isinstance(body, Send) and body.translation.body["Account"] == {"AccountID": "fees-clearing"}


# Nothing is sent half


def test_a_fee_needs_its_contact_before_anything_goes() -> None:
    assert waits(PaymentScene(debts=(FIRST,)).becomes(WITH_FEE)) == ("contact", "waits-for-contact")


def test_all_that_is_wrong_with_what_follows_is_said_at_once() -> None:
    unknown = PaymentScene(debts=(FIRST,)).becomes(WITH_FEE, "payment", chosen_books(accounts={}))
    assert held(unknown) == ["account-unmapped"]
    assert held(PaymentScene(debts=(FIRST,)).becomes(WITH_FEE, "payment", chosen_books(deductions={}))) == ["deduction-unmapped"]


def test_no_tax_is_taken_back_of_an_invoice_without_any() -> None:
    untaxed = debt(total=FIRST["grand_total"], items=[item(FIRST["grand_total"])], taxes=[])
    assert held(PaymentScene(debts=(untaxed,)).becomes(SHORT)) == ["deduction-of-untaxed"]


def test_a_refund_that_is_not_said_for_what_waits_for_the_reconciliation() -> None:
    refund = payment_entry([], 50.0, payment_type="Pay", paid_from="Bank - KS", paid_to="Debtors - KS", party="Rata Builders", docstatus=1)
    assert held(PaymentScene().becomes(refund)) == ["refund-waits"]


# A base-currency receivable of a foreign invoice


@pytest.mark.parametrize(("other", "docstatus", "last"), [("Synced", 1, True), ("Pending", 1, False), ("Pending", 2, True), ("", 1, False)])
def test_the_last_payment_takes_all_that_is_due(other: str, docstatus: int, last: bool) -> None:
    foreign = debt(currency="USD", conversion_rate=1.6)
    before, doc = paying(60.0, name="PAY-0"), paying(100.0)
    before = {**before, "docstatus": docstatus}
    scene = PaymentScene(before, doc, debts=(foreign,))
    scene.settling[named(foreign)] = [named(before), named(doc)]
    if other:
        scene.step(before, "payment", other)
    decision = planned(scene, doc).decide(open_in_xero(("i-SINV-1", "62.53")))
    assert isinstance(decision.outcome, Send)
    assert decision.outcome.translation.body["Amount"] == (D("62.53") if last else D("62.50"))


def test_while_something_is_left_here_it_is_not_the_last() -> None:
    foreign = debt(currency="USD", conversion_rate=1.6, outstanding_amount=10.0)
    assert planned(PaymentScene(debts=(foreign,)), paying(100.0)).last == (False,)


# Fees, credit notes, clearing


def test_a_fee_has_an_address_of_its_own() -> None:
    scene = PaymentScene(debts=(FIRST,))
    scene.fee_contact()
    scene.own(WITH_FEE, "payment", "payment-2", state="Synced")
    made = sent(scene.becomes(WITH_FEE, "fee-1"))
    assert made.body["Contact"] == {"ContactID": "bank-contact"} and made.body["Url"].endswith("-1-fee-1")


def test_the_credit_note_over_a_discount_is_the_partys() -> None:
    scene = PaymentScene(debts=(FIRST,))
    scene.own(SHORT, "payment", state="Synced")
    assert waits(scene.becomes(SHORT, "credit-1")) == ("contact", "waits-for-contact")
    scene.contact(*CUSTOMER)
    made = sent(scene.becomes(SHORT, "credit-1", number_suffix=1))
    assert (made.body["CreditNoteNumber"], made.body["Contact"]) == ("PAY-1-R1", {"ContactID": "c1"})


@pytest.mark.parametrize("text", ["fee-1", "credit-1", "clearing-1"])
def test_each_waits_for_the_payments(text: str) -> None:
    scene = PaymentScene(debts=(FIRST,))
    _, second = scene.own(WITH_FEE, "payment", "payment-2")
    scene.steps.pop(0)
    assert waits(scene.becomes(WITH_FEE, text)) == (second.name, "waits-for-payment")


@pytest.mark.parametrize("text", ["fee-2", "credit-1", "clearing-1"])
def test_what_a_payment_was_not_begun_with_is_a_persons(text: str) -> None:
    assert held(PaymentScene(debts=(FIRST,)).becomes(WITH_FEE, text)) == ["deduction-changed"]


def test_a_set_off_goes_through_clearing_one_by_one() -> None:
    purchase = {**debt("PINV-1"), "doctype": "Purchase Invoice"}
    parts = (SettledDocument("Sales Invoice", "SINV-1", D(50)), SettledDocument("Purchase Invoice", "PINV-1", D(50)))
    set_off = replace(settlement(paying(50.0)), kind=SettlementKind.SET_OFF, party_type="", party="", parts=parts)
    plan = PaymentScene(debts=(FIRST, purchase)).of_journal(set_off, "payment", chosen_books(clearing=CLEARING))
    assert isinstance(plan, Paying) and plan.legs[0].clearing
    assert asked(plan.decide(open_in_xero(("i-SINV-1", "50"), ("i-PINV-1", "50")))) == [("payment-2", "")]


def test_a_journal_that_writes_off_moves_no_money() -> None:
    short = settlement(SHORT)
    nothing = {"amount": D(0), "base": D(0)}
    leaves, arrives = replace(short.leaves, **nothing), replace(short.arrives, **nothing)
    written_off = replace(short, leaves=leaves, arrives=arrives, parts=(SettledDocument("Sales Invoice", "SINV-1", D(15)),))
    decision = PaymentScene(debts=(FIRST,)).of_journal(written_off)
    assert over(decision) == "PAY-1 moves no money; it goes to Xero as a credit note"
    assert isinstance(decision, Decision) and asked(decision) == [("credit-1", ""), ("allocation-1", "credit-1")]


def test_two_treatments_in_one_payment() -> None:
    both = chosen_books(deductions={FEES: chosen("Fee"), DISCOUNTS: chosen("Credit note", GST)}, accounts=ACCOUNTS)
    scene = PaymentScene(debts=(FIRST,))
    scene.fee_contact()
    plan = scene.becomes(paying(115.0, less=((7.0, FEES), (8.0, DISCOUNTS))), "payment", both)
    assert isinstance(plan, Paying)
    decision = plan.decide(open_in_xero(("i-SINV-1", "115")))
    assert not isinstance(decision.outcome, Hold)
    assert asked(decision) == [("payment-2", "payment"), ("fee-1", "payment-2"), ("credit-1", "payment-2"), ("allocation-1", "credit-1")]
