"""What a payment settles may be in Xero, on its way there or never sent; and in Xero it may be open to a payment, or not yet."""

from __future__ import annotations

from decimal import Decimal

import pytest

from picortex_xero.documents.decisions import Hold, Wait
from picortex_xero.documents.needs import Facts, NotLoaded
from picortex_xero.documents.settlement.document_in_xero import find, needs_of_target, wait_for, waits_for_cancels
from tests.documents.invoice.scene import Scene, named, step
from tests.scene.documents import item, sales_invoice, tax_row

INVOICE = {**sales_invoice([item(100.0)], [tax_row(15.0)], 115.0), "outstanding_amount": 15.0, "party_account_currency": "NZD"}
PAID_BY = ("Payment Entry", "PE-1")
PAYMENT = {"doctype": "Payment Entry", "name": "PE-1", "creation": "2026-02-01 10:00:00", "posting_date": "2026-02-01"}


def facts(scene: Scene, what: tuple[str, str] = named(INVOICE)) -> Facts:
    return scene.facts(lambda known: needs_of_target(what, known))


def test_an_invoice_in_xero_is_found_with_its_newest_record() -> None:
    scene = Scene(INVOICE)
    scene.link(INVOICE, "payment", "p1", "Payments")
    scene.link(INVOICE, "invoice", "i2", "Invoices", revision=2)
    scene.link(INVOICE, "invoice", "i1", "Invoices")
    found = find(named(INVOICE), facts(scene))
    assert found and (found.xero_id, found.place, found.currency) == ("i2", ("Invoices", "i2"), "NZD")
    assert (found.rate, found.outstanding, found.account_currency) == (Decimal(1), Decimal(15), "NZD")


def test_a_former_document_of_the_same_name_is_not_it() -> None:
    scene = Scene(INVOICE)
    scene.link({**INVOICE, "creation": "2020-01-01 00:00:00"}, "invoice", "i1", "Invoices")
    scene.step({**INVOICE, "creation": "2020-01-01 00:00:00"}, "invoice")
    assert find(named(INVOICE), facts(scene)) is None
    decision = wait_for(step(PAYMENT, "payment"), named(INVOICE), facts(scene))
    assert isinstance(decision.outcome, Hold) and decision.outcome.problems[0].code == "invoice-not-in-xero"


@pytest.mark.parametrize("what", [("Sales Order", "SO-1"), ("Sales Invoice", "deleted")])
def test_what_is_no_invoice_or_is_gone_is_never_found(what: tuple[str, str]) -> None:
    order = {"doctype": "Sales Order", "name": "SO-1", "creation": "2026-01-01 00:00:00"}
    scene = Scene(order)
    assert find(what, facts(scene, what)) is None and waits_for_cancels(what, facts(scene, what)) is None
    decision = wait_for(step(PAYMENT, "payment"), what, facts(scene, what))
    assert isinstance(decision.outcome, Hold)
    problem = decision.outcome.problems[0]
    assert problem.held and problem.message == f"It settles {what[1]}, which was never sent to Xero"
    assert problem.resolution == f"Enter {what[1]} and PE-1 in Xero by hand, or send {what[1]} first and press Retry"


@pytest.mark.parametrize(
    ("role", "state", "waits"), [("invoice", "Held", True), ("invoice", "Superseded", False), ("payment-1", "Pending", False)]
)
def test_it_waits_for_the_step_that_brings_it_to_xero(role: str, state: str, waits: bool) -> None:
    scene = Scene(INVOICE)
    coming = scene.step(INVOICE, role, state)
    outcome = wait_for(step(PAYMENT, "payment"), named(INVOICE), facts(scene)).outcome
    if not waits:
        assert isinstance(outcome, Hold)
        return
    assert isinstance(outcome, Wait) and outcome.on == coming.name
    assert outcome.problem and outcome.problem.code == "waits-for-invoice"


@pytest.mark.parametrize(
    ("role", "state", "code", "waits"),
    [
        ("void", "Pending", "", True),
        ("undo-payment-1", "Needs Attention", "", True),
        # Only a person can remove an overpayment, and what it settled is free.
        ("void", "Needs Attention", "overpayment-stays", False),
        ("void", "Synced", "", False),
        ("payment", "Pending", "", False),
    ],
)
def test_what_settled_it_before_is_taken_back_first(role: str, state: str, code: str, waits: bool) -> None:
    scene = Scene(INVOICE)
    scene.settling[named(INVOICE)] = [PAID_BY]
    cancel = scene.step(PAYMENT, role, state, reason_code=code)
    decision = waits_for_cancels(named(INVOICE), facts(scene))
    if not waits:
        assert decision is None
        return
    assert decision and isinstance(decision.outcome, Wait) and decision.outcome.on == cancel.name
    assert decision.outcome.problem and decision.outcome.problem.message == "Waits until PE-1 is cancelled in Xero"


def test_the_steps_of_what_settles_it_come_in_the_second_wave() -> None:
    scene = Scene(INVOICE)
    scene.settling[named(INVOICE)] = [PAID_BY]
    only_first = Facts()
    for fact, key in needs_of_target(named(INVOICE), only_first):
        only_first.add(fact, {key: scene._answer(fact, key)})
    with pytest.raises(NotLoaded):
        waits_for_cancels(named(INVOICE), only_first)
    assert waits_for_cancels(named(INVOICE), facts(scene)) is None
