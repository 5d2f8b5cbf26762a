"""What a Payment Entry settles: the documents in its references; a refund also those that refer to it."""

from __future__ import annotations

import pytest

from picortex_xero.documents.base import InXero
from picortex_xero.documents.decisions import Send
from picortex_xero.documents.needs import Facts, NotLoaded
from picortex_xero.documents.payment_entry.room import PaymentRoom, as_known
from picortex_xero.documents.registry import room_of
from picortex_xero.documents.settlement.payment_steps import Paying
from tests.documents.invoice.scene import named
from tests.documents.settlement.scene import ACTIONS, PaymentScene, debt, held, paying, waits
from tests.scene.documents import payment_entry

ADVANCE = paying(50.0, name="PAY-0")
REFUND = payment_entry(
    [], 50.0, payment_type="Pay", paid_from="Bank - KS", paid_to="Debtors - KS", party="Rata Builders", docstatus=1, deductions=[], taxes=[]
)
OUTSIDER = {**paying(115.0), "party_type": "Employee", "party": "E-1", "references": []}


def paid_back() -> PaymentScene:
    scene = PaymentScene(ADVANCE, REFUND)
    scene.pays_back[named(REFUND)] = [{"reference_doctype": "Payment Entry", "reference_name": "PAY-0", "allocated_amount": -50.0}]
    return scene


def test_every_payment_entry_is_this_rooms() -> None:
    assert room_of(ADVANCE).name == "payment_entry" and PaymentRoom().first(ADVANCE) == "payment"
    assert set(ACTIONS) == {"payment", "fee", "credit", "clearing", "allocation"}
    assert [part for part, action in ACTIONS.items() if action.compares_itself] == ["credit"], "a credit note has no Retry of its own"


def test_a_refund_pays_back_the_advance_that_names_it() -> None:
    scene = paid_back()
    scene.link(ADVANCE, "payment", "o1", "Overpayments")
    plan = scene.becomes(REFUND)
    assert isinstance(plan, Paying) and plan.reads().records == {("Overpayments", "o1")}
    assert [row["reference_name"] for row in plan.doc["references"]] == ["PAY-0"], "so it is fingerprinted and named in the request"
    outcome = plan.decide(InXero({("Overpayments", "o1"): {"Status": "AUTHORISED", "RemainingCredit": "50"}})).outcome
    assert isinstance(outcome, Send) and outcome.translation.body["Overpayment"] == {"OverpaymentID": "o1"}


def test_it_waits_for_an_advance_on_its_way_and_is_held_where_that_is_none_in_xero() -> None:
    scene = paid_back()
    coming = scene.step(ADVANCE, "payment")
    assert waits(scene.becomes(REFUND)) == (coming.name, "waits-for-payment")
    scene.steps.clear()
    scene.link(ADVANCE, "payment", "p1", "Payments")
    assert held(scene.becomes(REFUND)) == ["advance-not-in-xero"]


def test_what_it_pays_back_has_to_be_known_before_anything_is_decided() -> None:
    with pytest.raises(NotLoaded):
        as_known(REFUND, Facts())
    assert as_known(ADVANCE, Facts()) is ADVANCE


def test_returns_and_advances_of_one_refund_need_no_third_look_at_the_host() -> None:
    back = debt("RET-1", -15.0, is_return=1)
    doc = {**REFUND, "references": [{"reference_doctype": "Sales Invoice", "reference_name": "RET-1", "allocated_amount": -15.0}]}
    doc |= dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), 65.0)
    scene = PaymentScene(ADVANCE, doc, debts=(back,))
    scene.pays_back[named(doc)] = [{"reference_doctype": "Payment Entry", "reference_name": "PAY-0", "allocated_amount": -50.0}]
    scene.settling[named(back)] = [named(doc), ("Payment Entry", "PAY-9")]
    scene.link(ADVANCE, "payment", "o1", "Overpayments")
    plan = scene.becomes(doc)
    assert isinstance(plan, Paying) and len(plan.targets) == 2


def test_what_is_with_nobody_xero_knows_is_held() -> None:
    assert held(PaymentScene().becomes(OUTSIDER)) == ["payment-other-party"]
