"""Money paid back, end to end: on credit notes and on advances, netted payments, refunds that wait; cancels, Unreconcile, lost answers.

Judged from the simulator's own ledger.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.deductions import BANK, on
from tests.scene.desk import retry
from tests.scene.payments import advance, invoice, left, overpayment, paying, reconcile, states

D = Decimal


def returned_sale(rig: Rig) -> tuple[scene.Record, scene.Record, scene.Record]:
    """A sale, its receipt, and a return of all of it that stays open."""
    sale, receipt = scene.paid(rig)
    return sale, receipt, scene.returned(sale, at_once=False)


def note(rig: Rig) -> dict[str, Any]:
    """The one credit note in Xero's books."""
    (found,) = scene.live(rig, "CreditNotes")
    return found


def test_a_credit_note_is_paid_out_in_two_parts(rig: Rig) -> None:
    sale, receipt, credit = returned_sale(rig)
    whole = scene.total(sale)
    first = paying(rig, "REFUND-1", D(100), [(credit, D(-100))], back=True)
    second = paying(rig, "REFUND-2", whole - 100, [(credit, 100 - whole)], back=True)
    rig.play([sale, receipt, credit, first, second])
    scene.settle(rig)
    assert note(rig)["Status"] == "PAID" and left(note(rig)) == 0 and on(rig, BANK) == 0
    assert sorted(each["type"] for each in scene.live(rig, "Payments")) == ["ACCRECPAYMENT", "ARCREDITPAYMENT", "ARCREDITPAYMENT"]
    rig.play([scene.cancelling(second)])
    scene.settle(rig)
    assert left(note(rig)) == whole - 100


def test_a_supplier_pays_a_credit_back(rig: Rig) -> None:
    (bill,) = scene.bills(rig)
    credit = scene.returned(bill, at_once=False)
    party = {"party_type": "Supplier", "party": bill["doc"]["supplier"], "paid_from": bill["doc"]["credit_to"]}
    refund = paying(rig, "REFUND-1", scene.total(bill), [(credit, -scene.total(bill))], back=False, **party)
    rig.play([bill, credit, refund])
    scene.settle(rig)
    assert left(note(rig)) == 0 and on(rig, BANK) == scene.total(bill)


def test_more_than_is_left_of_a_credit_is_refused(rig: Rig) -> None:
    sale, receipt, credit = returned_sale(rig)
    rig.play([sale, receipt, credit, paying(rig, "REFUND-1", scene.total(sale) + 1, [(credit, -scene.total(sale) - 1)], back=True)])
    scene.settle(rig)
    row = scene.step(rig, "REFUND-1")
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "payment-exceeds-due") and left(note(rig)) == scene.total(sale)


def test_a_refund_waits_until_it_is_said_for_what_and_pays_the_advance_back(rig: Rig) -> None:
    receipt, _ = advance(rig)
    worth = D(str(receipt["doc"]["paid_amount"]))
    refund = paying(rig, "REFUND-1", D(60), [], back=True, party=receipt["doc"]["party"])
    rig.play([receipt, refund])
    scene.settle(rig)
    row = scene.step(rig, "REFUND-1")
    assert (row["state"], row["reason_code"]) == ("Held", "refund-waits") and "Payment Reconciliation" in row["cure"]
    reconcile(rig, receipt, refund, D(60))
    scene.settle(rig)
    assert states(rig, refund) == {"payment": "Synced"} and left(overpayment(rig)) == worth - 60 and on(rig, BANK) == worth - 60
    assert [each["type"] for each in scene.live(rig, "Payments")] == ["AROVERPAYMENTPAYMENT"]


def test_reconciled_in_part_it_still_waits(rig: Rig) -> None:
    receipt, _ = advance(rig)
    refund = paying(rig, "REFUND-1", D(60), [], back=True, party=receipt["doc"]["party"])
    rig.play([receipt, refund])
    scene.settle(rig)
    reconcile(rig, receipt, refund, D(40))
    scene.settle(rig)
    assert scene.step(rig, "REFUND-1")["reason_code"] == "refund-waits" and not scene.live(rig, "Payments")


def test_reconciled_before_anything_was_sent(rig: Rig) -> None:
    receipt, _ = advance(rig)
    worth = D(str(receipt["doc"]["paid_amount"]))
    refund = paying(rig, "REFUND-1", worth, [], back=True, party=receipt["doc"]["party"])
    rig.play([receipt, refund])
    reconcile(rig, receipt, refund, worth)
    scene.settle(rig)
    assert left(overpayment(rig)) == 0 and on(rig, BANK) == 0


def test_a_refund_unreconciled_is_taken_back_and_waits_again(rig: Rig) -> None:
    receipt, _ = advance(rig)
    refund = paying(rig, "REFUND-1", D(60), [], back=True, party=receipt["doc"]["party"])
    rig.play([receipt, refund])
    reconcile(rig, receipt, refund, D(60))
    scene.settle(rig)

    def unreconcile(frappe: Any) -> None:
        from picortex_xero.engine import capture

        frappe.db.delete("Payment Entry Reference", {"parent": receipt["name"]})
        capture.unreconciled(frappe._dict(doctype="Unreconcile Payment", name="UNREC-1", company=rig.company["name"],
                                          voucher_type="Payment Entry", voucher_no=receipt["name"]))  # fmt: skip

    scene.with_site(rig, unreconcile)
    scene.settle(rig)
    assert left(overpayment(rig)) == overpayment(rig)["Total"] and not scene.live(rig, "Payments")
    held = [step for step in rig.steps(reference_name="REFUND-1") if step["state"] == "Held"]
    assert [step["reason_code"] for step in held] == ["refund-waits"]


def test_a_refund_cancelled_gives_the_advance_its_credit_again(rig: Rig) -> None:
    receipt, _ = advance(rig)
    refund = paying(rig, "REFUND-1", D(60), [], back=True, party=receipt["doc"]["party"])
    rig.play([receipt, refund])
    reconcile(rig, receipt, refund, D(60))
    scene.settle(rig)
    rig.play([scene.cancelling(refund)])
    scene.settle(rig)
    assert left(overpayment(rig)) == overpayment(rig)["Total"]


@pytest.mark.parametrize(("fault", "wait"), [("drop_after", 30), ("drop_after", 400), ("drop_before", 400)])
def test_a_lost_answer_of_a_refund_never_makes_a_second(rig: Rig, fault: str, wait: int) -> None:
    sale, _, credit = returned_sale(rig)
    refund = paying(rig, "REFUND-1", D(100), [(credit, D(-100))], back=True)
    rig.play([sale, credit])
    scene.settle(rig)
    rig.xero.fault(fault, method="PUT", path="/Payments$")
    rig.play([refund])
    scene.settle(rig, seconds=wait)
    assert left(note(rig)) == scene.total(sale) - 100 and len(scene.live(rig, "Payments")) == 1
    assert states(rig, refund) == {"payment": "Synced"}


def netted(rig: Rig) -> tuple[list[scene.Record], scene.Record]:
    """Two sales, a return of the first that stays open, and one receipt that refers to all three."""
    one, two = scene.of_one_customer(rig, 2)
    credit = scene.returned(one, at_once=False)
    amount = scene.total(two)
    rows = [(one, scene.total(one)), (two, scene.total(two)), (credit, -scene.total(one))]
    receipt = paying(rig, "NETTED-1", amount, rows, back=False, party=one["doc"]["customer"])
    return [one, two, credit], receipt


def test_a_netted_credit_is_taken_off_and_one_line_moves_the_rest(rig: Rig) -> None:
    documents, receipt = netted(rig)
    rig.play([*documents, receipt])
    scene.settle(rig)
    assert states(rig, receipt) == {"payment": "Synced", "allocation-1": "Synced"}
    assert all(scene.due(each) == 0 for each in scene.live(rig)) and left(note(rig)) == 0
    assert len(scene.live(rig, "Payments")) == 1 and on(rig, BANK) == scene.total(documents[1])
    rig.play([scene.cancelling(receipt)])
    scene.settle(rig)
    assert [scene.due(each) for each in scene.live(rig)] == [scene.total(each) for each in documents[:2]]
    assert left(note(rig)) == scene.total(documents[0]) and not scene.live(rig, "Payments")


@pytest.mark.parametrize(("fault", "wait"), [("drop_after", 400), ("drop_before", 400)])
def test_a_lost_answer_of_a_netting_never_makes_a_second(rig: Rig, fault: str, wait: int) -> None:
    documents, receipt = netted(rig)
    rig.xero.fault(fault, method="PUT", path="/Allocations$")
    rig.play([*documents, receipt])
    scene.settle(rig, seconds=wait)
    assert left(note(rig)) == 0 and all(scene.due(each) == 0 for each in scene.live(rig))
    assert set(states(rig, receipt).values()) == {"Synced"}


def test_a_credit_that_xero_does_not_have_holds_the_whole_receipt(rig: Rig) -> None:
    documents, receipt = netted(rig)
    scene.with_site(rig, lambda frappe: storage.store({**documents[2]["doc"], "docstatus": 1}))
    rig.play([*documents[:2], receipt])
    scene.settle(rig)
    assert scene.step(rig, "NETTED-1")["reason_code"] == "invoice-not-in-xero" and not scene.live(rig, "Payments")
    rig.play([documents[2]])
    assert retry(rig, receipt) == 1
    scene.settle(rig)
    assert left(note(rig)) == 0 and invoice(rig, documents[0])["Status"] == "PAID"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_refund_matched_with_a_return_pays_the_credit_note_back(rig: Rig, when: str) -> None:
    """Payment Reconciliation makes a journal of two rows, and writes nothing on the refund (observed on ERPNext 15.71)."""
    sale, receipt, credit = returned_sale(rig)
    whole = scene.total(sale)
    refund = paying(rig, "REFUND-1", whole, [], back=True, party=sale["doc"]["customer"])
    matched = match(refund, credit, whole)
    rig.play([sale, receipt, credit, refund, *([matched] if when == "before" else [])])
    scene.settle(rig)
    if when == "after":
        assert scene.step(rig, "REFUND-1")["reason_code"] == "refund-waits"
        rig.play([matched])
        scene.settle(rig)
    assert states(rig, refund) == {"payment": "Synced"} and left(note(rig)) == 0 and on(rig, BANK) == 0
    made = scene.step(rig, matched["name"])
    assert (made["state"], made["reason_code"]) == ("Skipped", "refund-matched")


def test_a_suppliers_refund_matched_with_a_debit_note_in_part_still_waits(rig: Rig) -> None:
    (bill,) = scene.bills(rig)
    credit = scene.returned(bill, at_once=False)
    party = {"party_type": "Supplier", "party": bill["doc"]["supplier"], "paid_from": bill["doc"]["credit_to"]}
    refund = paying(rig, "REFUND-1", scene.total(bill), [], back=False, **party)
    rig.play([bill, credit, refund, match(refund, credit, D(10))])
    scene.settle(rig)
    assert scene.step(rig, "REFUND-1")["reason_code"] == "refund-waits"
    rig.play([match(refund, credit, scene.total(bill) - 10, "JV-2")])
    scene.settle(rig)
    assert states(rig, refund) == {"payment": "Synced"} and left(note(rig)) == 0 and on(rig, BANK) == scene.total(bill)


def match(refund: scene.Record, credit: scene.Record, amount: D, name: str = "JV-1") -> scene.Record:
    """The journal by which Payment Reconciliation matches a refund with a return."""
    doc = {**credit["doc"], "outstanding_amount": 0.0}
    made = scene.reconciled({**credit, "doc": doc}, credit, amount, name)
    made["doc"]["accounts"][0].update(reference_type="Payment Entry", reference_name=refund["name"])
    return {**made, "after": []}
