"""What else an invoice becomes in Xero: payments of a POS sale or paid bill, its write-off, and the monthly releases of deferred revenue or
expense (ERPNext's Process Deferred Accounting).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import DeductionChoice
from picortex_xero.documents.base import InXero, Plan, Ready
from picortex_xero.documents.credit_note.room import CreditNoteRoom
from picortex_xero.documents.decisions import Ask, Decision, Done, Hold, Outcome, Overtake, Overtaken, Send, Wait
from picortex_xero.documents.invoice.deferred import BOOKED_BY, follow
from picortex_xero.documents.invoice.room import InvoiceRoom
from picortex_xero.documents.settlement.allocation import CreditTaken
from picortex_xero.documents.settlement.paid_on_entry import PaidOnEntry
from tests.documents.invoice.scene import Scene, books, named, step, who
from tests.scene.documents import item, returned, sales_invoice, tax_row
from tests.scene.mapping import NONE

D = Decimal
ACTIONS = InvoiceRoom.actions
PLAIN = sales_invoice([item(100.0)], [tax_row(15.0)], 115.0, party_account_currency="NZD", outstanding_amount=0.0)
IN_CASH = {"account": "Bank - KS", "amount": 100.0, "base_amount": 100.0}
BY_CARD = {"account": "Bank - KS", "amount": 15.0, "base_amount": 15.0}
SALE = {**PLAIN, "is_pos": 1, "payments": [IN_CASH, BY_CARD]}
WRITTEN_OFF = {**PLAIN, "is_pos": 1, "payments": [IN_CASH], "write_off_amount": 15.0, "write_off_account": "Write Off - KS"}
CHOICES = books(
    deductions={"Write Off - KS": DeductionChoice("Credit note", NONE)},
    accounts={**dict(books().mapping.accounts), "Write Off - KS": "429", "Deferred - KS": "835", "Sales - KS": "200"},
)


def in_xero(doc: dict[str, Any]) -> Scene:
    scene = Scene(doc)
    scene.contact("Customer", doc["customer"])
    if doc.get("is_return"):
        scene.link(doc, "credit", "n1", "CreditNotes")
    else:
        scene.link(doc, "invoice", "i1", "Invoices")
    return scene


def planned(scene: Scene, doc: dict[str, Any], text: str, **more: Any) -> Plan | Decision:
    actions = CreditNoteRoom.actions if doc.get("is_return") else ACTIONS
    return scene.plan(actions[text.partition("-")[0]], step(doc, text, **more), doc, CHOICES)


def outcome(decided: Plan | Decision) -> Outcome:
    assert isinstance(decided, Decision)
    return decided.outcome


def codes(found: Outcome) -> list[str]:
    assert isinstance(found, Hold)
    return [problem.code for problem in found.problems]


def shown(**sides: dict[str, Any] | None) -> InXero:
    places = {"invoice": ("Invoices", "i1"), "note": ("CreditNotes", "n1"), "other": ("CreditNotes", "w1"), "charge": ("Invoices", "w1")}
    return InXero({places[side]: element for side, element in sides.items()})


def open_with(due: str, status: str = "AUTHORISED", field: str = "AmountDue") -> dict[str, Any]:
    return {"Status": status, field: due}


# Paid on entry


def test_an_invoice_asks_for_each_sum_and_for_what_it_writes_off_when_it_goes() -> None:
    scene = Scene(WRITTEN_OFF)
    scene.contact("Customer", WRITTEN_OFF["customer"])
    plan = planned(scene, WRITTEN_OFF, "invoice")
    assert isinstance(plan, Plan)
    assert plan.decide(InXero()).effects == (
        Ask("payment-1", amount=D("100.0")),
        Ask("writeoff-1", amount=D("15.0")),
        Ask("writeoff-2", amount=D("15.0")),
    )


def test_each_sum_is_a_payment_of_its_own_on_the_invoice_as_xero_shows_it() -> None:
    for text, amount, reference in (("payment-1", "100.0", "/1"), ("payment-2", "15.0", "/2")):
        plan = planned(in_xero(SALE), SALE, text)
        assert isinstance(plan, PaidOnEntry)
        assert plan.reads().records == {("Invoices", "i1")} and plan.chain == {who(SALE).digest, "i1"}
        found = plan.decide(shown(invoice=open_with("100.00"))).outcome
        assert isinstance(found, Send)
        body = found.translation.body
        assert (body["Invoice"], body["Amount"]) == ({"InvoiceID": "i1"}, D(amount)) and body["Reference"] == SALE["name"] + reference


def test_money_inside_a_return_is_a_refund_on_its_credit_note() -> None:
    doc = returned(PLAIN, is_pos=1, payments=[{"account": "Bank - KS", "amount": -115.0, "base_amount": -115.0}])
    plan = planned(in_xero(doc), doc, "payment-1")
    assert isinstance(plan, PaidOnEntry) and plan.reads().records == {("CreditNotes", "n1")}
    found = plan.decide(shown(note=open_with("115.00", field="RemainingCredit"))).outcome
    assert isinstance(found, Send) and found.translation.body["CreditNote"] == {"CreditNoteID": "n1"}
    assert codes(plan.decide(shown(note=open_with("114.99", field="RemainingCredit"))).outcome) == ["payment-exceeds-due"]


@pytest.mark.parametrize(
    ("element", "code"),
    [
        (open_with("99.99"), "payment-exceeds-due"),
        (open_with("0", "PAID"), "payment-exceeds-due"),
        (open_with("0", "VOIDED"), "invoice-gone"),
        (None, "invoice-gone"),
        ({}, "invoice-gone"),
    ],
)
def test_what_is_not_open_in_xero_is_paid_by_nobody(element: Any, code: str) -> None:
    plan = planned(in_xero(SALE), SALE, "payment-1")
    assert isinstance(plan, PaidOnEntry)
    assert codes(plan.decide(shown(invoice=element)).outcome) == [code]


def test_a_draft_is_paid_once_it_is_approved() -> None:
    plan = planned(in_xero(SALE), SALE, "payment-1")
    assert isinstance(plan, PaidOnEntry)
    found = plan.decide(shown(invoice=open_with("115.00", "DRAFT"))).outcome
    assert isinstance(found, Wait) and found.problem and found.problem.code == "waiting-approval"


def test_a_sum_waits_for_its_invoice_is_done_once_and_goes_with_the_sum() -> None:
    scene = Scene(SALE)
    assert codes(outcome(planned(scene, SALE, "payment-1"))) == ["invoice-not-in-xero"]
    coming = scene.step(SALE, "invoice", "Sending")
    found = outcome(planned(scene, SALE, "payment-1"))
    assert isinstance(found, Wait) and found.on == coming.name
    scene = in_xero(SALE)
    scene.link(SALE, "payment", "p2", "Payments", number=2)
    assert isinstance(outcome(planned(scene, SALE, "payment-2")), Done)
    assert isinstance(planned(scene, SALE, "payment-1"), PaidOnEntry)
    assert isinstance(outcome(planned(scene, SALE, "payment-3")), Overtaken)


# Written off


def test_what_is_written_off_is_a_credit_note_that_is_then_taken_off() -> None:
    scene = in_xero(WRITTEN_OFF)
    plan = planned(scene, WRITTEN_OFF, "writeoff-1")
    assert isinstance(plan, Ready) and plan.kind.name == "credit-note"
    assert plan.translation.body["CreditNoteNumber"] == f"{WRITTEN_OFF['name']}-W"
    assert plan.chain == {f"{who(WRITTEN_OFF).digest} writeoff-1"}, "it may go in one request with the document's own record"
    moved = plan.decide(InXero(records={("Invoices", "i1"): {"Status": "AUTHORISED", "Contact": {"ContactID": "c9"}}}))
    assert isinstance(moved.outcome, Send) and moved.outcome.translation.body["Contact"] == {"ContactID": "c9"}
    scene.link(WRITTEN_OFF, "writeoff", "w1", "CreditNotes")
    taken = planned(scene, WRITTEN_OFF, "writeoff-2")
    assert isinstance(taken, CreditTaken) and taken.path.startswith("CreditNotes/w1/Allocations?")
    found = taken.decide(shown(invoice=open_with("15.00"), other=open_with("15.00", field="RemainingCredit"))).outcome
    assert isinstance(found, Send) and found.translation.body["Amount"] == D("15.0")
    assert found.translation.body["Invoice"] == {"InvoiceID": "i1"}
    assert isinstance(outcome(planned(scene, WRITTEN_OFF, "writeoff-1")), Done)


def test_what_a_return_writes_off_is_an_invoice_that_uses_up_its_credit() -> None:
    doc = returned(WRITTEN_OFF, write_off_amount=-15.0, payments=[{"account": "Bank - KS", "amount": -100.0, "base_amount": -100.0}])
    scene = in_xero(doc)
    plan = planned(scene, doc, "writeoff-1")
    assert isinstance(plan, Ready) and plan.kind.name == "invoice" and plan.translation.body["Type"] == "ACCREC"
    scene.link(doc, "writeoff", "w1", "Invoices")
    taken = planned(scene, doc, "writeoff-2")
    assert isinstance(taken, CreditTaken) and (taken.credit.place, taken.invoice.place) == (("CreditNotes", "n1"), ("Invoices", "w1"))


def test_nothing_is_taken_off_before_what_is_written_off_is_in_xero() -> None:
    scene = in_xero(WRITTEN_OFF)
    decided = planned(scene, WRITTEN_OFF, "writeoff-2")
    found = outcome(decided)
    assert (
        isinstance(found, Wait)
        and found.on == Ask("writeoff-1")
        and isinstance(decided, Decision)
        and decided.effects == (Ask("writeoff-1"),)
    )
    first = scene.step(WRITTEN_OFF, "writeoff-1", "Held")
    assert isinstance(outcome(planned(scene, WRITTEN_OFF, "writeoff-2")), Wait)
    scene.steps[scene.steps.index(first)] = step(WRITTEN_OFF, "writeoff-1", "Skipped")
    # A step that is over releases nobody: what waited for it would wait for ever.
    assert isinstance(outcome(planned(scene, WRITTEN_OFF, "writeoff-2")), Overtaken)


def test_what_is_written_off_waits_for_its_contact() -> None:
    scene = in_xero(WRITTEN_OFF)
    scene.contacts.clear()
    found = outcome(planned(scene, WRITTEN_OFF, "writeoff-1"))
    assert isinstance(found, Wait) and isinstance(found.on, Ask) and found.on.role == "contact"


# Releases of what was deferred

DATE = "2026-10-31"


def booked(date: str, account: str, debit: float = 0.0, credit: float = 0.0) -> dict[str, Any]:
    return {
        "posting_date": date,
        "account": account,
        "debit": debit,
        "credit": credit,
        "cost_center": "",
        "against_voucher_type": BOOKED_BY,
    }


OCTOBER = [booked(DATE, "Deferred - KS", 100.0), booked(DATE, "Sales - KS", credit=100.0)]
NOVEMBER = [booked("2026-11-30", "Deferred - KS", 80.0), booked("2026-11-30", "Sales - KS", credit=80.0)]


def released(scene: Scene, text: str = "release-1") -> Plan | Decision:
    scene.ledger[named(PLAIN)] = [*OCTOBER, *NOVEMBER]
    return planned(scene, PLAIN, text, posting_date=DATE)


def test_a_release_is_a_journal_of_its_own() -> None:
    plan = released(in_xero(PLAIN))
    assert isinstance(plan, Ready) and plan.kind.name == "manual-journal" and plan.chain == {f"{who(PLAIN).digest} release-1"}
    lines = {line["AccountCode"]: line["LineAmount"] for line in plan.translation.body["JournalLines"]}
    assert lines == {"835": D(100), "200": D(-100)} and plan.translation.body["Date"] == DATE


def test_a_release_is_overtaken_where_the_ledger_no_longer_shows_it() -> None:
    scene = in_xero(PLAIN)
    assert isinstance(outcome(planned(scene, PLAIN, "release-1", posting_date=DATE)), Overtaken)


def test_a_release_waits_for_its_invoice_and_for_a_former_release_of_its_date() -> None:
    scene = Scene(PLAIN)
    assert codes(outcome(released(scene))) == ["release-without-invoice"]
    coming = scene.step(PLAIN, "invoice", "Unknown")
    found = outcome(released(scene))
    assert isinstance(found, Wait) and found.on == coming.name
    scene = in_xero(PLAIN)
    scene.step(PLAIN, "undo-release-1", posting_date="2026-11-30")
    assert isinstance(released(scene, "release-2"), Ready), "that is another month's"
    former = scene.step(PLAIN, "undo-release-2", posting_date=DATE)
    found = outcome(released(scene, "release-3"))
    assert isinstance(found, Wait) and found.on == former.name


def test_a_release_of_an_invoice_that_was_voided_in_xero_is_held() -> None:
    scene = Scene(PLAIN)
    scene.link(PLAIN, "invoice", "i1", "Invoices", status="VOIDED")
    assert codes(outcome(released(scene))) == ["release-without-invoice"]


def test_a_release_is_done_once_whatever_the_revision() -> None:
    scene = in_xero(PLAIN)
    scene.link(PLAIN, "release", "j1", "ManualJournals", revision=2)
    assert isinstance(outcome(released(scene)), Done)


def test_the_search_asks_for_what_the_ledger_shows_and_takes_back_what_it_does_not() -> None:
    me = who(PLAIN)
    sent = step(PLAIN, "release-1", "Synced", posting_date=DATE, amount=D(100), currency="NZD")
    assert follow(me, OCTOBER, [sent], "NZD") == []
    november = Ask("release-2", me, posting_date="2026-11-30", amount=D(80), currency="NZD")
    assert follow(me, [*OCTOBER, *NOVEMBER], [sent], "NZD") == [november]
    undo = Ask("undo-release-1", me, 1, D(100), posting_date=DATE, currency="NZD")
    assert follow(me, NOVEMBER, [sent], "NZD") == [undo, november]
    waiting = step(PLAIN, "release-1", "Held", posting_date=DATE, amount=D(100))
    assert follow(me, [], [waiting], "NZD") == [Overtake(waiting.name, f"The release of {me.name} was taken back before it was sent")]
    # One that is being taken back, or was overtaken, does not stand; its number is not used again.
    undone = [sent, step(PLAIN, "undo-release-1"), step(PLAIN, "release-2", "Superseded", posting_date=DATE, amount=D(100))]
    assert follow(me, OCTOBER, undone, "NZD") == [Ask("release-3", me, posting_date=DATE, amount=D(100), currency="NZD")]
