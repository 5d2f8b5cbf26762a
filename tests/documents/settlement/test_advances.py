"""An advance goes as one over- or prepayment; what it settles is taken off invoice by invoice, as the host has allocated and Xero has not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents.base import InXero, Shown
from picortex_xero.documents.decisions import Adopt, Ask, Decision, Done, Hold, LookAgain, Release, Send, Unclear, Wait
from picortex_xero.documents.settlement.advances import AdvanceMade, AdvanceTaken
from tests.documents.invoice.scene import named
from tests.documents.settlement.scene import CUSTOMER, PaymentScene, asked, chosen_books, debt, held, over, paying, sent, waits
from tests.scene.documents import reference

D = Decimal
FIRST, SECOND = debt(), debt("SINV-2", 200.0)
# A receipt of 165: 115 for SINV-1, 50 unallocated.
ADVANCE = {**paying(115.0), "paid_amount": 165.0, "received_amount": 165.0, "base_paid_amount": 165.0, "base_received_amount": 165.0}
CREDIT = ("Overpayments", "o1")


def in_xero(*debts: dict[str, Any], doc: dict[str, Any] = ADVANCE) -> PaymentScene:
    """The advance is in Xero, and so are these."""
    scene = PaymentScene(debts=debts)
    scene.own(doc, "payment", state="Synced")
    scene.link(doc, "payment", "o1", "Overpayments")
    return scene


def taken(scene: PaymentScene, text: str = "allocation-1", doc: dict[str, Any] = ADVANCE) -> AdvanceTaken:
    plan = scene.becomes(doc, text)
    assert isinstance(plan, AdvanceTaken), plan
    return plan


def shown(left: str = "165", due: str = "115", status: str = "AUTHORISED", **credit: Any) -> InXero:
    return InXero(
        {
            CREDIT: {"Status": "AUTHORISED", "RemainingCredit": left, **credit},
            ("Invoices", "i-SINV-1"): {"Status": status, "AmountDue": due},
        }
    )


# The advance itself


def test_it_goes_once_its_party_is_there_and_waits_for_no_invoice() -> None:
    scene = PaymentScene(FIRST)
    assert waits(scene.becomes(ADVANCE)) == ("contact", "waits-for-contact")
    scene.contact(*CUSTOMER)
    plan = scene.becomes(ADVANCE)
    assert sent(plan).body["Type"] == "RECEIVE-OVERPAYMENT"
    assert not isinstance(plan, Decision) and plan.kind.name == "overpayment" and plan.chain == {plan.step.who.digest, "c1"}
    assert asked(plan.decide(InXero())) == [("allocation-1", "payment")]


def test_where_payments_come_back_one_that_somebody_has_entered_there_is_waited_for() -> None:
    scene = PaymentScene()
    scene.contact(*CUSTOMER)
    pure = {**ADVANCE, "references": []}
    assert not isinstance(scene.becomes(pure), AdvanceMade), "where they stay in Xero nothing is asked"
    plan = scene.becomes(pure, "payment", replace(chosen_books(), payments_come_back=True))
    assert isinstance(plan, AdvanceMade) and plan.asks_bank
    body = sent(plan).body
    there = {"Type": body["Type"], "Contact": body["Contact"], "BankAccount": body["BankAccount"], "Date": body["Date"], "Total": D(165)}
    bank = {"Status": "AUTHORISED", **there}
    for found, code in (
        ([bank], ["entered-there-too"]),
        ([{**bank, "Type": "RECEIVE-PREPAYMENT"}], ["entered-there-too"]),
        ([{**bank, "Type": "RECEIVE"}], []),
        ([{**bank, "Contact": {"ContactID": "another"}}], []),
        ([{**bank, "Total": D(164)}], []),
    ):
        outcome = plan.decide(InXero(bank=Shown(found))).outcome
        assert ([each.code for each in outcome.problems] if isinstance(outcome, Hold) else []) == code
    assert isinstance(plan.decide(InXero(bank=Shown([], complete=False))).outcome, Unclear)
    late = replace(plan, step=replace(plan.step, late_for=("entered-there-too",)))
    assert not late.asks_bank and isinstance(late.decide(InXero(bank=Shown([bank]))).outcome, Send)


def test_for_an_order_it_is_a_prepayment() -> None:
    doc = {**ADVANCE, "references": [reference("SO-1", 165.0, "Sales Order")]}
    scene = PaymentScene()
    scene.contact(*CUSTOMER)
    assert held(scene.becomes(doc)) == ["advance-account-missing"]
    plan = scene.becomes(doc, "payment", chosen_books(advance_accounts={"Sales": "835"}))
    assert not isinstance(plan, Decision) and plan.kind.name == "prepayment" and asked(plan.decide(InXero())) == []


def test_an_invoice_in_another_currency_is_found_before_anything_goes() -> None:
    assert held(PaymentScene(debt(currency="USD")).becomes(ADVANCE)) == ["overpayment-other-currency"]


def test_what_is_left_of_a_payment_that_became_an_advance() -> None:
    scene = PaymentScene(FIRST)
    assert over(scene.becomes(ADVANCE, "payment-2")) == "It is part of the advance PAY-1"
    (second,) = scene.own(ADVANCE, "payment-2", state="Unknown")
    assert waits(scene.becomes(ADVANCE)) == (second.name, "")
    scene.link(ADVANCE, "payment", "p2", "Payments", number=2)
    scene.steps.clear()
    decision = scene.becomes(ADVANCE)
    assert over(decision) == "PAY-1 settles other invoices than before and is entered again"
    assert isinstance(decision, Decision) and [type(each) for each in decision.effects] == [LookAgain]


# Its allocations


def test_it_is_taken_off_the_invoice_on_the_later_of_the_two_days() -> None:
    late = {**FIRST, "posting_date": "2026-11-30"}
    plan = taken(in_xero(late))
    assert plan.path.startswith("Overpayments/o1/Allocations?") and plan.reads().records == {CREDIT, ("Invoices", "i-SINV-1")}
    decision = plan.decide(shown())
    assert isinstance(decision.outcome, Send) and decision.outcome.remaining == 165
    assert decision.outcome.translation.body == {"Amount": D(115), "Date": "2026-11-30", "Invoice": {"InvoiceID": "i-SINV-1"}}


def test_what_is_there_already_is_not_allocated_again() -> None:
    scene = in_xero(FIRST)
    scene.link(ADVANCE, "allocation", "a1", "Overpayments/o1/Allocations", marker={"InvoiceID": "i-SINV-1", "Amount": "115"})
    assert over(scene.becomes(ADVANCE, "allocation-2")) == "All that PAY-1 settles is allocated in Xero"
    scene.links[-1] = scene.links[-1].__class__(**{**vars(scene.links[-1]), "status": "DELETED"})
    assert taken(scene, "allocation-2").amount == 115


def test_while_the_fate_of_one_is_open_no_other_is_begun() -> None:
    scene = in_xero(FIRST, SECOND)
    (other,) = scene.own(ADVANCE, "allocation-2", state="Sending")
    assert waits(scene.becomes(ADVANCE, "allocation-1")) == (other.name, "")
    undo = scene.step(ADVANCE, "undo-allocation-3")
    assert waits(scene.becomes(ADVANCE, "allocation-1")) == (undo.name, ""), "what is taken back goes first"


def test_for_each_further_invoice_one_more_is_asked_for_once() -> None:
    doc = {**paying(115.0, 20.0), "paid_amount": 165.0, "received_amount": 165.0}
    scene = in_xero(FIRST, SECOND, doc=doc)
    decision = taken(scene, doc=doc).decide(shown())
    assert asked(decision) == [("allocation-2", "allocation-1")], "it is looked at when the fate of the first is known"
    scene.own(doc, "allocation-2")
    assert asked(taken(scene, doc=doc).decide(shown())) == []


def test_of_several_the_one_that_is_in_xero_goes_first() -> None:
    doc = {**paying(115.0, 20.0), "paid_amount": 165.0, "received_amount": 165.0}
    scene = PaymentScene(FIRST, debts=(SECOND,))
    scene.link(doc, "payment", "o1", "Overpayments")
    assert taken(scene, doc=doc).invoice.name == "SINV-2"


def test_an_invoice_on_its_way_is_waited_for_and_one_being_freed_too() -> None:
    scene = PaymentScene(FIRST)
    scene.link(ADVANCE, "payment", "o1", "Overpayments")
    coming = scene.step(FIRST, "invoice")
    assert waits(scene.becomes(ADVANCE, "allocation-1")) == (coming.name, "waits-for-invoice")
    scene = in_xero(FIRST)
    scene.settling[named(FIRST)] = [("Payment Entry", "PAY-0")]
    cancel = scene.step(paying(115.0, name="PAY-0"), "void")
    assert waits(scene.becomes(ADVANCE, "allocation-1")) == (cancel.name, "waits-for-cancel")


def test_xero_allocates_in_one_currency_only() -> None:
    assert held(in_xero(debt(currency="USD")).becomes(ADVANCE, "allocation-1")) == ["overpayment-other-currency"]


@pytest.mark.parametrize(
    ("seen", "code"),
    [(shown(status="VOIDED"), "invoice-gone"), (shown(left="100"), "allocation-exceeds"), (shown(due="100"), "allocation-exceeds")],
)
def test_what_xero_does_not_allow_is_a_persons(seen: InXero, code: str) -> None:
    assert set(held(taken(in_xero(FIRST)).decide(seen))) == {code}


def test_a_draft_is_waited_for() -> None:
    decision = taken(in_xero(FIRST)).decide(shown(status="DRAFT"))
    assert isinstance(decision.outcome, Wait) and decision.outcome.problem and decision.outcome.problem.code == "waiting-approval"


def test_what_a_person_allocated_in_xero_is_taken_over() -> None:
    theirs = {"AllocationID": "x1", "Amount": "115.00", "Invoice": {"InvoiceID": "i-SINV-1"}}
    decision = taken(in_xero(FIRST)).decide(shown(left="50", due="0", Allocations=[theirs]))
    assert isinstance(decision.outcome, Done)
    adopted = [each for each in decision.effects if isinstance(each, Adopt)]
    assert [(each.part, each.number, each.endpoint, each.xero_id) for each in adopted] == [
        ("allocation", 1, "Overpayments/o1/Allocations", "x1")
    ]
    assert adopted[0].marker == {"InvoiceID": "i-SINV-1", "Amount": "115.00"}
    part = {**theirs, "Amount": "15.00"}
    decision = taken(in_xero(FIRST)).decide(shown(left="150", due="100", Allocations=[part]))
    assert isinstance(decision.outcome, Send) and decision.outcome.translation.body["Amount"] == 100


def test_what_is_linked_already_is_not_taken_over_again() -> None:
    scene = in_xero(FIRST)
    scene.link(ADVANCE, "allocation", "x1", "Overpayments/o1/Allocations", marker={"InvoiceID": "i-SINV-1", "Amount": "15"})
    theirs = {"AllocationID": "x1", "Amount": "115.00", "Invoice": {"InvoiceID": "i-SINV-1"}}
    decision = taken(scene, "allocation-2").decide(shown(left="50", due="0", Allocations=[theirs]))
    assert isinstance(decision.outcome, Done) and decision.effects == ()


# Where there is no advance in Xero


def test_an_advance_that_is_still_to_come_is_waited_for_and_released() -> None:
    scene = PaymentScene(FIRST)
    (held_one,) = scene.own(ADVANCE, "payment", state="Held")
    decision = scene.becomes(ADVANCE, "allocation-1")
    assert waits(decision) == (held_one.name, "waits-for-payment")
    assert isinstance(decision, Decision) and decision.effects == (Release(held_one.name),)


def test_what_was_paid_already_needs_no_allocation() -> None:
    scene = PaymentScene(debts=(FIRST,))
    scene.link(ADVANCE, "payment", "p1", "Payments", marker={"InvoiceID": "i-SINV-1", "Amount": "115"})
    doc = paying(115.0)
    assert over(scene.becomes(doc, "allocation-1")) == "It is part of the payment PAY-1"
    other = paying(115.0, 20.0)
    scene = PaymentScene(debts=(FIRST, SECOND))
    scene.link(other, "payment", "p1", "Payments", marker={"InvoiceID": "i-SINV-1", "Amount": "115"})
    assert over(scene.becomes(other, "allocation-1")) == "PAY-1 settles other invoices than before and is entered again"


def test_an_advance_that_was_never_sent_is_a_persons_only_where_its_invoice_is_there() -> None:
    assert held(PaymentScene(debts=(FIRST,)).becomes(ADVANCE, "allocation-1")) == ["advance-not-in-xero"]
    assert over(PaymentScene(FIRST).becomes(ADVANCE, "allocation-1")) == "Neither PAY-1 nor what it settles was sent to Xero"


# Refunds


def test_what_pays_it_back_looks_again() -> None:
    refund = paying(50.0, name="REF-1")
    doc = {**ADVANCE, "references": [*ADVANCE["references"], reference("REF-1", 50.0, "Payment Entry")]}
    scene = PaymentScene(refund, debts=(FIRST,))
    scene.link(doc, "payment", "o1", "Overpayments")
    waiting = scene.step(refund, "payment", "Held")
    scene.step(refund, "payment-2", "Held")
    decision = taken(scene, doc=doc).decide(shown())
    assert [each for each in decision.effects if not isinstance(each, Ask)] == [Release(waiting.name)]
