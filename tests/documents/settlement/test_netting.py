"""Credit notes within a payment (a return among its references, its own for a discount) are taken off the invoice after everything else of
the payment."""

from __future__ import annotations

from decimal import Decimal

from picortex_xero.documents.base import InXero
from picortex_xero.documents.decisions import Decision, Done, Send
from picortex_xero.documents.settlement.allocation import CreditTaken
from tests.documents.settlement.scene import DISCOUNTS, PaymentScene, chosen_books, debt, held, over, paying, waits
from tests.scene.documents import reference

D = Decimal
INVOICE, RETURN = debt(), debt("RET-1", -15.0, is_return=1)
SHORT = paying(115.0, less=((15.0, DISCOUNTS),))
NETTED = {**paying(100.0), "references": [reference("SINV-1", 115.0), reference("RET-1", -15.0)]}


def shown(endpoint_and_id: tuple[str, str]) -> InXero:
    invoice = {"Status": "AUTHORISED", "AmountDue": "15"}
    return InXero({endpoint_and_id: {"Status": "AUTHORISED", "RemainingCredit": "15"}, ("Invoices", "i-SINV-1"): invoice})


def test_the_payments_own_credit_note_is_taken_off_its_invoice() -> None:
    scene = PaymentScene(debts=(INVOICE,))
    scene.own(SHORT, "payment", "credit-1", state="Synced")
    scene.link(SHORT, "payment", "p1", "Payments")
    scene.link(SHORT, "credit", "n1", "CreditNotes", xero_number="PAY-1-R1")
    plan = scene.becomes(SHORT, "allocation-1")
    assert isinstance(plan, CreditTaken) and plan.credit.name == "PAY-1-R1" and plan.path.startswith("CreditNotes/n1/Allocations?")
    assert plan.chain == {plan.step.who.digest, "n1", "i-SINV-1"}
    outcome = plan.decide(shown(("CreditNotes", "n1"))).outcome
    assert isinstance(outcome, Send) and outcome.translation.body["Amount"] == D(15) and outcome.translation.body["Date"] == "2026-10-20"


def test_without_its_credit_note_nothing_is_left_to_take_off() -> None:
    scene = PaymentScene(debts=(INVOICE,))
    assert over(scene.becomes(SHORT, "allocation-1")) == "The credit note of PAY-1 was not sent"


def test_a_return_is_netted_once_it_is_in_xero() -> None:
    scene = PaymentScene(RETURN, debts=(INVOICE,))
    coming = scene.step(RETURN, "credit")
    assert waits(scene.becomes(NETTED, "allocation-1")) == (coming.name, "waits-for-invoice")
    plan = PaymentScene(debts=(INVOICE, RETURN)).becomes(NETTED, "allocation-1")
    assert isinstance(plan, CreditTaken) and plan.credit.place == ("CreditNotes", "i-RET-1") and plan.amount == 15


def test_what_is_netted_must_be_free_on_both_sides() -> None:
    for taken in (INVOICE, RETURN):
        scene = PaymentScene(debts=(INVOICE, RETURN))
        scene.settling[taken["doctype"], taken["name"]] = [("Payment Entry", "PAY-0")]
        cancel = scene.step(paying(1.0, name="PAY-0"), "void")
        assert waits(scene.becomes(NETTED, "allocation-1")) == (cancel.name, "waits-for-cancel")


def test_it_comes_after_payments_fees_and_the_credit_note() -> None:
    for text in ("payment", "fee-1", "credit-1"):
        scene = PaymentScene(debts=(INVOICE,))
        (before,) = scene.own(SHORT, text)
        assert waits(scene.becomes(SHORT, "allocation-1")) == (before.name, "waits-for-payment")


def test_one_that_is_linked_is_done() -> None:
    scene = PaymentScene(debts=(INVOICE,))
    scene.link(SHORT, "allocation", "a1", "CreditNotes/n1/Allocations")
    decision = scene.becomes(SHORT, "allocation-1")
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Done)


def test_a_payment_that_was_begun_says_what_is_wrong_now() -> None:
    scene = PaymentScene(debts=(INVOICE,))
    scene.link(SHORT, "payment", "p1", "Payments", marker={"InvoiceID": "i-SINV-1"})
    unmapped = chosen_books(deductions={})
    assert held(scene.becomes(SHORT, "allocation-1", unmapped)) == ["deduction-unmapped"]
    scene.links.pop()
    assert held(scene.becomes(SHORT, "allocation-1", unmapped)) == ["advance-not-in-xero"], "nothing of it is in Xero"


def test_further_than_the_plan_it_is_part_of_the_payment() -> None:
    scene = PaymentScene(debts=(INVOICE,))
    scene.link(SHORT, "payment", "p1", "Payments", marker={"InvoiceID": "i-SINV-1"})
    assert over(scene.becomes(SHORT, "allocation-7")) == "It is part of the payment PAY-1"
