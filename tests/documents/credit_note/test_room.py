"""What becomes of a return: its credit note, and the allocation of that to the invoice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents.base import Books, InXero, Plan, Ready
from picortex_xero.documents.compare_linked import Compare
from picortex_xero.documents.credit_note.room import CreditNoteRoom
from picortex_xero.documents.decisions import Ask, Decision, Done, Effect, Hold, Overtaken, Send, Wait
from picortex_xero.documents.identity import Identity
from picortex_xero.documents.registry import room_of
from picortex_xero.documents.settlement.allocation import CreditTaken
from tests.documents.invoice.scene import Scene, books, named, step
from tests.scene.documents import item, returned, sales_invoice, tax_row
from tests.scene.mapping import chosen

D = Decimal
ACTIONS = CreditNoteRoom.actions
INVOICE = {**sales_invoice([item(100.0, 4)], [tax_row(15.0)], 115.0), "outstanding_amount": 0.0, "party_account_currency": "NZD"}
RETURN = returned(INVOICE, creation="2026-02-01 10:00:00", outstanding_amount=0.0)
CUSTOMER = ("Customer", INVOICE["customer"])


def both_in_xero(invoice: dict[str, Any] = INVOICE, credit: dict[str, Any] = RETURN) -> Scene:
    scene = Scene(invoice, credit)
    scene.link(invoice, "invoice", "i1", "Invoices")
    scene.link(credit, "credit", "n1", "CreditNotes")
    return scene


def planned(scene: Scene, text: str, doc: dict[str, Any] = RETURN) -> Plan | Decision:
    return scene.plan(ACTIONS[text.partition("-")[0]], step(doc, text), doc)


def shown(credit: dict[str, Any] | None, invoice: dict[str, Any] | None) -> InXero:
    return InXero({("CreditNotes", "n1"): credit, ("Invoices", "i1"): invoice})


def note(left: str, status: str = "AUTHORISED") -> dict[str, Any]:
    return {"Status": status, "RemainingCredit": left}


def due(amount: str, status: str = "AUTHORISED") -> dict[str, Any]:
    return {"Status": status, "AmountDue": amount}


def test_a_return_is_a_credit_note_and_its_invoice_is_not() -> None:
    assert (room_of(RETURN).name, room_of(INVOICE).name) == ("credit_note", "invoice")
    assert CreditNoteRoom().first(RETURN) == "credit"


def test_a_return_goes_and_asks_for_all_that_follows_in_one_decision() -> None:
    scene = Scene(RETURN)
    scene.contact(*CUSTOMER)
    plan = planned(scene, "credit")
    assert isinstance(plan, Ready) and plan.kind.name == "credit-note"
    decision = plan.decide(InXero())
    assert isinstance(decision.outcome, Send)
    assert decision.outcome.translation.body["Contact"] == {"ContactID": "c1"}
    assert decision.effects == (Ask("allocation-1"),)


def test_a_return_that_keeps_its_balance_asks_for_no_allocation() -> None:
    doc = {**RETURN, "update_outstanding_for_self": 1}
    scene = Scene(doc)
    scene.contact(*CUSTOMER)
    plan = planned(scene, "credit", doc)
    assert isinstance(plan, Plan) and plan.decide(InXero()).effects == ()


@pytest.mark.case("F16")
@pytest.mark.parametrize(
    ("refund", "written_off", "left"), [(60.0, 0.0, "55.0"), (60.0, 5.0, "50.0"), (115.0, 0.0, None), (110.0, 5.0, None)]
)
def test_a_cash_return_takes_off_its_invoice_what_it_did_not_pay_back(refund: float, written_off: float, left: str | None) -> None:
    """ERPNext books return and refund against the returned invoice: what was paid back is open nowhere."""
    row = {"account": "Cash - KS", "amount": -refund, "base_amount": -refund}
    doc = {**RETURN, "is_pos": 1, "payments": [row], "write_off_amount": -written_off, "write_off_account": "Sales - KS"}
    scene = both_in_xero(credit=doc)
    choices = books(deductions={"Sales - KS": chosen("Credit note")})
    asks = [each for each in effects_of(doc, choices) if isinstance(each, Ask)]
    assert [each.role for each in asks][:2] == (
        ["allocation-1", "payment-1"] if left else ["payment-1"] + ["writeoff-1"] * bool(written_off)
    )
    taken = scene.plan(ACTIONS["allocation"], step(doc, "allocation-1"), doc, choices)
    if left:
        assert isinstance(taken, CreditTaken) and taken.amount == D(left)
    else:
        assert isinstance(taken, Decision) and isinstance(taken.outcome, Overtaken) and "SINV-1" in taken.outcome.by


def effects_of(doc: dict[str, Any], choices: Books) -> tuple[Effect, ...]:
    """What follows a return that is not in Xero yet."""
    scene = Scene(doc)
    scene.contact(*CUSTOMER)
    plan = scene.plan(ACTIONS["credit"], step(doc, "credit"), doc, choices)
    assert isinstance(plan, Plan)
    return plan.decide(InXero()).effects


def test_nobody_is_made_in_xero_for_a_return_that_cannot_go() -> None:
    doc = {**RETURN, "items": [{**RETURN["items"][0], "income_account": "Nobody chose this - KS"}]}
    decision = planned(Scene(doc), "credit", doc)
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Hold) and decision.effects == ()
    decision = planned(Scene(RETURN), "credit")
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Wait)
    asked = decision.outcome.on
    assert isinstance(asked, Ask) and asked.role == "contact" and isinstance(asked.who, Identity) and asked in decision.effects


def test_retry_of_a_return_in_xero_compares_and_sends_nothing() -> None:
    scene = both_in_xero()
    plan = scene.plan(ACTIONS["credit"], step(RETURN, "credit", amount=D("115.00")), RETURN)
    assert isinstance(plan, Compare)
    agrees = {"CreditNoteID": "n1", "Status": "AUTHORISED", "Total": "115.00"}
    assert isinstance(plan.decide(shown(agrees, None)).outcome, Done)
    assert isinstance(plan.decide(shown({**agrees, "Total": "114.00"}, None)).outcome, Hold)


def test_a_number_that_xero_has_used_up_gets_a_suffix() -> None:
    scene = Scene(RETURN)
    scene.contact(*CUSTOMER)
    plan = scene.plan(ACTIONS["credit"], step(RETURN, "credit", number_suffix=2), RETURN)
    assert isinstance(plan, Ready) and plan.translation.body["CreditNoteNumber"] == "RET-1-R2"


# Taking it off the invoice


def test_the_credit_is_taken_off_what_it_returns_with_both_sides_read_first() -> None:
    plan = planned(both_in_xero(), "allocation-1")
    assert isinstance(plan, CreditTaken)
    assert plan.path == "CreditNotes/n1/Allocations?summarizeErrors=false"
    assert plan.chain == {step(RETURN, "credit").who.digest, "n1", "i1"}
    assert plan.reads().records == {("CreditNotes", "n1"), ("Invoices", "i1")}
    outcome = plan.decide(shown(note("115.00"), due("115.00"))).outcome
    assert isinstance(outcome, Send) and outcome.remaining == D("115.00")
    assert outcome.translation.body == {"Amount": D("115.0"), "Date": RETURN["posting_date"], "Invoice": {"InvoiceID": "i1"}}


@pytest.mark.parametrize(
    ("credit", "invoice", "code", "says"),
    [
        (note("115.00"), due("100.00"), "allocation-exceeds", f"{INVOICE['name']} has only 100.00 left in Xero"),
        (note("90.00"), due("115.00"), "allocation-exceeds", "RET-1 has only 90.00 left in Xero"),
        (note("0", "VOIDED"), due("115.00"), "credit-gone", "but RET-1 was voided or deleted in Xero"),
        (None, None, "credit-gone", f"but RET-1 and {INVOICE['name']} was voided or deleted in Xero"),
    ],
)
def test_what_does_not_fit_in_xero_is_said(credit: Any, invoice: Any, code: str, says: str) -> None:
    plan = planned(both_in_xero(), "allocation-1")
    assert isinstance(plan, CreditTaken)
    outcome = plan.decide(shown(credit, invoice)).outcome
    assert isinstance(outcome, Hold) and outcome.problems[0].code == code and says in outcome.problems[0].message


@pytest.mark.parametrize("draft", [(note("115.00", "DRAFT"), due("115.00")), (note("115.00"), due("115.00", "SUBMITTED"))])
def test_nothing_is_taken_off_while_one_of_them_is_not_approved(draft: tuple[Any, Any]) -> None:
    plan = planned(both_in_xero(), "allocation-1")
    assert isinstance(plan, CreditTaken)
    outcome = plan.decide(shown(*draft)).outcome
    assert isinstance(outcome, Wait) and outcome.problem and outcome.problem.code == "waiting-approval" and outcome.after


def test_it_waits_for_the_invoice_and_is_held_where_that_never_came() -> None:
    scene = Scene(INVOICE, RETURN)
    scene.link(RETURN, "credit", "n1", "CreditNotes")
    decision = planned(scene, "allocation-1")
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Hold)
    (problem,) = decision.outcome.problems
    assert problem.code == "invoice-not-in-xero" and "RET-1 is in Xero" in problem.message
    assert "do not enter RET-1 again" in problem.resolution and "Enter SINV-1 and RET-1" not in problem.resolution
    coming = scene.step(INVOICE, "invoice", "Needs Attention")
    decision = planned(scene, "allocation-1")
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Wait) and decision.outcome.on == coming.name


def test_the_credit_note_comes_before_the_invoice_where_both_are_on_their_way() -> None:
    scene = Scene(INVOICE, RETURN)
    scene.step(INVOICE, "invoice")
    own = scene.step(RETURN, "credit", "Sending")
    decision = planned(scene, "allocation-1")
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Wait) and decision.outcome.on == own.name


def test_it_waits_for_what_is_being_taken_off_the_invoice() -> None:
    scene = both_in_xero()
    payment = {"doctype": "Payment Entry", "name": "PE-1", "creation": "2026-02-01 10:00:00", "posting_date": "2026-02-01"}
    scene.settling[named(INVOICE)] = [named(payment)]
    cancel = scene.step(payment, "void")
    decision = planned(scene, "allocation-1")
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Wait) and decision.outcome.on == cancel.name


def test_it_is_done_once_it_is_linked_in_this_revision() -> None:
    scene = both_in_xero()
    scene.link(RETURN, "allocation", "a1", "CreditNotes/n1/Allocations", revision=1)
    decision = planned(scene, "allocation-1")
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Done)
    further = scene.plan(ACTIONS["allocation"], step(RETURN, "allocation-1", revision=2), RETURN)
    assert isinstance(further, CreditTaken)


def test_credit_in_another_currency_is_a_persons() -> None:
    foreign = {**INVOICE, "currency": "AUD", "conversion_rate": 1.1}
    decision = planned(both_in_xero(foreign), "allocation-1")
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Hold)
    assert decision.outcome.problems[0].code == "allocation-currency" and decision.outcome.problems[0].held
