"""Payments with a part that belongs to no invoice: one overpayment, allocated at once and later; lost answers, drafts, cancels.

Judged from the simulator's own ledger. Later matching is done as ERPNext does it: the submitted payment is saved with more references.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import choose, retry
from tests.scene.payments import PARTLY, advance, invoice, left, match, overpayment, partly, sends, states

D = Decimal


def test_a_receipt_partly_unallocated_is_one_overpayment_with_an_allocation(rig: Rig) -> None:
    sale, payment = partly(rig)
    rig.play([sale, payment])
    scene.settle(rig)
    credit = overpayment(rig)
    assert (credit["Type"], credit["Total"], left(credit)) == ("RECEIVE-OVERPAYMENT", D("5012.10"), D(50))
    assert scene.due(invoice(rig, sale)) == 0 and not scene.live(rig, "Payments")
    assert states(rig, payment) == {"payment": "Synced", "allocation-1": "Synced"}
    (line,) = scene.live(rig, "BankTransactions")
    assert line["Url"].split("?")[0].endswith(f"/app/payment-entry/{PARTLY}")
    with rig.frappe() as frappe:
        (link,) = frappe.get_all("Xero Link", filters={"reference_name": PARTLY, "role": "payment"}, fields=["*"])
    assert (link["endpoint"], link["xero_id"]) == ("Overpayments", credit["OverpaymentID"])
    assert line["BankTransactionID"] in link["marker"]


def test_an_advance_is_allocated_when_it_is_matched(rig: Rig) -> None:
    payment, (one, two) = advance(rig)
    rig.play([payment])
    scene.settle(rig)
    assert left(overpayment(rig)) == overpayment(rig)["Total"] and states(rig, payment) == {"payment": "Synced"}
    rig.play([one, two])
    match(rig, payment, one, scene.total(one))
    match(rig, payment, two, D(10))
    scene.settle(rig)
    match(rig, payment, two, D(10))
    scene.settle(rig)
    assert left(overpayment(rig)) == overpayment(rig)["Total"] - scene.total(one) - 20
    assert (scene.due(invoice(rig, one)), scene.due(invoice(rig, two))) == (0, scene.total(two) - 20)
    assert set(states(rig, payment).values()) == {"Synced"} and len(sends(rig)) == 3
    dates = [each["Date"] for each in overpayment(rig)["allocations"]]
    assert dates[0] == max(payment["doc"]["posting_date"], one["doc"]["posting_date"])


def test_matched_before_anything_was_sent(rig: Rig) -> None:
    payment, (one, two) = advance(rig)
    rig.play([payment, one, two])
    match(rig, payment, two, scene.total(two))
    scene.settle(rig)
    assert scene.due(invoice(rig, two)) == 0 and left(overpayment(rig)) == scene.total(one) + 100
    assert states(rig, payment) == {"payment": "Synced", "allocation-1": "Synced"}


def test_wholly_matched_before_anything_was_sent_is_an_ordinary_payment(rig: Rig) -> None:
    payment, (one, two) = advance(rig, spare=0)
    rig.play([payment, one, two])
    match(rig, payment, one, scene.total(one))
    match(rig, payment, two, scene.total(two))
    scene.settle(rig)
    assert not scene.live(rig, "Overpayments") and len(scene.live(rig, "BatchPayments")) == 1
    assert [scene.due(each) for each in scene.live(rig)] == [0, 0]
    assert states(rig, payment) == {"payment": "Synced", "allocation-1": "Superseded", "allocation-2": "Superseded"}


def test_an_invoice_that_uses_an_advance_is_sent_and_settled(rig: Rig) -> None:
    payment, (sale, _) = advance(rig)
    rig.play([payment])
    scene.settle(rig)
    sale["doc"]["advances"] = [
        {"doctype": "Sales Invoice Advance", "reference_type": "Payment Entry", "reference_name": payment["name"],
         "allocated_amount": float(scene.total(sale)), "idx": 1, "name": "adv-1"}
    ]  # fmt: skip
    rig.play([sale])
    match(rig, payment, sale, scene.total(sale))
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == 0


def test_an_advance_on_an_order_is_held_until_the_invoice_takes_it(rig: Rig) -> None:
    choose(rig, advance_account_sales=None)
    payment, (sale, _) = advance(rig, spare=0)
    order = {"doctype": "Payment Entry Reference", "reference_doctype": "Sales Order", "reference_name": "SO-1", "idx": 1, "name": "r1"}
    payment["doc"].update(references=[{**order, "allocated_amount": payment["doc"]["paid_amount"]}], unallocated_amount=0)
    rig.play([payment, sale])
    scene.settle(rig)
    assert scene.step(rig, payment["name"])["reason_code"] == "advance-account-missing"
    scene.with_site(rig, lambda frappe: frappe.db.delete("Payment Entry Reference", {"parent": payment["name"]}))
    match(rig, payment, sale, scene.total(sale))
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == 0 and left(overpayment(rig)) == overpayment(rig)["Total"] - scene.total(sale)


def test_a_supplier_is_paid_in_advance(rig: Rig) -> None:
    bill = scene.bills(rig)[0]
    payment, _ = advance(rig)
    doc = payment["doc"]
    doc.update(payment_type="Pay", party_type="Supplier", party=bill["doc"]["supplier"], paid_from=doc["paid_to"], paid_to=doc["paid_from"])
    rig.play([payment, bill])
    match(rig, payment, bill, D(5))
    scene.settle(rig)
    assert overpayment(rig)["Type"] == "SPEND-OVERPAYMENT" and scene.due(scene.live(rig)[0]) == scene.total(bill) - 5


@pytest.mark.parametrize(("fault", "wait"), [("drop_after", 30), ("drop_after", 400), ("drop_before", 400), ("error_after", 30)])
@pytest.mark.parametrize("resource", ["BankTransactions", "Allocations"])
def test_a_lost_answer_never_makes_a_second(rig: Rig, resource: str, fault: str, wait: int) -> None:
    sale, payment = partly(rig)
    rig.xero.fault(fault, method="PUT", path=f"/{resource}$")
    rig.play([sale, payment])
    scene.settle(rig, seconds=wait)
    assert (left(overpayment(rig)), scene.due(invoice(rig, sale))) == (50, 0)
    assert len(overpayment(rig)["allocations"]) == len(scene.live(rig, "BankTransactions")) == 1
    assert set(states(rig, payment).values()) == {"Synced"}


def test_a_second_allocation_of_the_same_amount_is_told_from_the_first(rig: Rig) -> None:
    payment, (sale, _) = advance(rig)
    rig.play([payment, sale])
    match(rig, payment, sale, D(10))
    scene.settle(rig)
    rig.xero.fault("drop_before", method="PUT", path="/Allocations$")
    match(rig, payment, sale, D(10))
    scene.settle(rig, seconds=400)
    assert [each["Amount"] for each in overpayment(rig)["allocations"]] == [10, 10]
    assert set(states(rig, payment).values()) == {"Synced"}


def test_while_one_allocation_is_unclear_no_other_is_begun(rig: Rig) -> None:
    payment, (one, two) = advance(rig)
    rig.play([payment, one, two])
    scene.settle(rig)
    rig.xero.fault("drop_after", method="PUT", path="/Allocations$")
    match(rig, payment, one, D(10))
    rig.dispatch()
    match(rig, payment, two, D(20))
    rig.dispatch()
    assert len(sends(rig)) == 1
    scene.settle(rig, seconds=30)
    assert sorted(each["Amount"] for each in overpayment(rig)["allocations"]) == [10, 20]


def test_what_a_person_allocated_is_taken_over(rig: Rig) -> None:
    payment, (sale, _) = advance(rig)
    rig.play([payment, sale])
    scene.settle(rig)
    own, settled = overpayment(rig)["OverpaymentID"], invoice(rig, sale)["InvoiceID"]
    rig.xero.person("allocate_overpayment", OverpaymentID=own, InvoiceID=settled, Amount=str(scene.total(sale)))
    match(rig, payment, sale, scene.total(sale))
    scene.settle(rig)
    assert not sends(rig) and states(rig, payment) == {"payment": "Synced", "allocation-1": "Synced"}
    rig.play([scene.cancelling(payment)])
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == scene.total(sale)


@pytest.fixture
def drafts(unconnected: Rig) -> Iterator[Rig]:
    scene.set_up(unconnected, "DRAFT")
    yield unconnected


def test_an_allocation_waits_for_the_approval_of_a_draft(drafts: Rig) -> None:
    sale, payment = partly(drafts)
    drafts.play([sale, payment])
    for _ in range(3):
        drafts.dispatch()
    assert left(overpayment(drafts)) == D("5012.10"), "the money is in the bank whatever becomes of the invoice"
    waiting = scene.step(drafts, PARTLY, "allocation-1")
    assert waiting["state"] == "Pending" and waiting["reason_code"] == "waiting-approval"
    drafts.xero.person("approve_invoice", InvoiceID=invoice(drafts, sale)["InvoiceID"])
    drafts.advance(901)
    scene.settle(drafts)
    assert left(overpayment(drafts)) == 50


def test_an_invoice_that_xero_does_not_have_holds_only_its_allocation(rig: Rig) -> None:
    sale, payment = partly(rig)
    scene.with_site(rig, lambda frappe: storage.store({**sale["doc"], "docstatus": 1}))
    rig.play([payment])
    scene.settle(rig)
    assert left(overpayment(rig)) == D("5012.10")
    assert scene.step(rig, PARTLY, "allocation-1")["reason_code"] == "invoice-not-in-xero"


def test_an_advance_of_before_the_go_live_says_what_to_do(rig: Rig) -> None:
    payment, (sale, _) = advance(rig)
    scene.with_site(rig, lambda frappe: storage.store({**payment["doc"], "posting_date": "2019-06-01", "docstatus": 1}))
    rig.play([sale])
    match(rig, payment, sale, scene.total(sale))
    scene.settle(rig)
    row = scene.step(rig, payment["name"], "allocation-1")
    assert (row["state"], row["reason_code"]) == ("Held", "advance-not-in-xero") and row["cure"]


def test_a_payment_cancelled_takes_its_allocations_back_and_asks_for_the_rest(rig: Rig) -> None:
    sale, payment = partly(rig)
    rig.play([sale, payment])
    scene.settle(rig)
    rig.play([scene.cancelling(payment), scene.cancelling(sale)])
    scene.settle(rig)
    credit = overpayment(rig)
    assert left(credit) == credit["Total"] and not credit["allocations"]
    row = scene.step(rig, PARTLY, "void")
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "overpayment-stays")
    assert PARTLY in row["reason"] and "remove it" in row["cure"]
    assert not scene.live(rig), "what it settled is free: the invoice is voided without waiting for a person"
    rig.xero.person("remove_overpayment", BankTransactionID=scene.live(rig, "BankTransactions")[0]["BankTransactionID"])
    assert retry(rig, payment) == 1
    scene.settle(rig)
    assert scene.step(rig, PARTLY, "void")["state"] == "Synced"


def test_cancelled_while_the_answer_is_lost(rig: Rig) -> None:
    sale, payment = partly(rig)
    rig.xero.fault("drop_after", method="PUT", path="/Allocations$")
    rig.play([sale, payment])
    rig.dispatch()
    rig.play([scene.cancelling(payment)])
    scene.settle(rig, seconds=30)
    assert scene.due(invoice(rig, sale)) == scene.total(sale) and not overpayment(rig)["allocations"]


def test_cancelled_before_it_was_sent_leaves_no_trace(rig: Rig) -> None:
    sale, payment = partly(rig)
    rig.play([sale, payment, scene.cancelling(payment)])
    scene.settle(rig)
    assert not scene.live(rig, "Overpayments") and not sends(rig, "BankTransactions")


def test_an_amended_payment_waits_until_the_old_overpayment_is_gone(rig: Rig) -> None:
    sale, payment = partly(rig)
    rig.play([sale, payment])
    scene.settle(rig)
    again = scene.copied(payment, f"{PARTLY}-1", amended_from=PARTLY)
    rig.play([scene.cancelling(payment), again])
    scene.settle(rig)
    assert len(scene.live(rig, "Overpayments")) == 1, "the bank line must not be there twice"
    rig.xero.person("remove_overpayment", BankTransactionID=scene.live(rig, "BankTransactions")[0]["BankTransactionID"])
    retry(rig, payment)
    scene.settle(rig)
    assert left(overpayment(rig)) == 50 and scene.due(invoice(rig, sale)) == 0


def test_another_currency_at_the_bank_is_held(rig: Rig) -> None:
    payment, _ = advance(rig)
    payment["doc"].update(paid_from_account_currency="USD")
    rig.play([payment])
    scene.settle(rig)
    row = scene.step(rig, payment["name"])
    assert (row["state"], row["reason_code"]) == ("Held", "overpayment-two-currencies") and not sends(rig, "BankTransactions")
