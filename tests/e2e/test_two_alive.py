"""Two living copies of one name: what both have sent, and bears no mark of ours, is told at its document on either side."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import reading, restoring
from tests.scene import rig as scene
from tests.scene.restoring import a_little, retry, small_payment

pytestmark = pytest.mark.case("S2")
CODE = "twice-in-xero"


def both_send(rig: Rig, waiting: list[scene.Record]) -> Rig:
    """These wait in both copies, and both send them."""
    rig.play(waiting)
    copy = restoring.second_server(rig, restoring.back_up(rig))
    rig.dispatch()
    copy.dispatch()
    return copy


def alive_together(*rigs: Rig, hours: int = 5) -> None:
    """Time passes for all of them, and every hour they do what is due."""
    for _ in range(hours):
        rigs[0].advance(3600)
        for rig in rigs:
            reading.pass_alive(rig, 0)
            rig.dispatch()


def paid_in_part(rig: Rig, count: int) -> list[scene.Record]:
    """Invoices in Xero; little receipts of them are to be sent."""
    pairs = scene.settlements(rig)[:count]
    rig.play([sale for sale, _ in pairs])
    scene.settle(rig)
    return [a_little(receipt) for _, receipt in pairs]


def transfer(rig: Rig) -> list[scene.Record]:
    return [scene.transfer(rig, 40.0, "Cash")]


def debit_note(rig: Rig) -> list[scene.Record]:
    bill = scene.copied(scene.bills(rig, 2)[1], "K-BILL", bill_no="KB-1")
    rig.play([bill])
    scene.settle(rig)
    return [scene.returned(bill, "DN/2026/00001", at_once=False)]


@pytest.mark.parametrize(
    ("made", "resource"), [(lambda rig: paid_in_part(rig, 1), "Payments"), (transfer, "BankTransfers"), (debit_note, "CreditNotes")]
)
def test_a_second_one_is_told_on_both_sides_and_is_over_when_one_is_removed(rig: Rig, made: Any, resource: str) -> None:
    waiting = made(rig)
    copy = both_send(rig, waiting)
    assert len(scene.live(rig, resource)) == 2
    alive_together(rig, copy, hours=9 if resource == "BankTransfers" else 5)
    ids = [each[f"{resource.removesuffix('s')}ID"] for each in scene.live(rig, resource)]
    for side in (rig, copy):
        (told,) = [row for row in side.steps() if row["reason_code"] == CODE]
        assert told["state"] == "Needs Attention" and told["reference_name"] == waiting[0]["name"]
        assert all(each in told["reason"] for each in ids) and "press Retry" in told["cure"]
        assert scene.connection_state(side) == "Live"
    (told,) = [row for row in rig.steps() if row["reason_code"] == CODE]
    alive_together(rig, copy)
    assert len([row for row in rig.steps() if row["reason_code"] == CODE]) == 1, "it is told once"
    if resource != "Payments":
        return
    with rig.frappe() as frappe:
        (mine,) = frappe.get_all("Xero Link", filters={"endpoint": resource}, pluck="xero_id")
    (second,) = [each for each in ids if each != mine]
    rig.xero.person("delete_payment", PaymentID=second)
    retry(rig, told["name"])
    scene.settle(rig)
    assert scene.step(rig, waiting[0]["name"], "payment")["state"] == "Synced" and len(scene.live(rig, resource)) == 1


def test_two_of_them_stop_the_connection(rig: Rig) -> None:
    copy = both_send(rig, paid_in_part(rig, 2))
    alive_together(rig, copy)
    for side in (rig, copy):
        assert scene.connection_state(side) == "Paused" and "a second time" in restoring.reason(side)
    restoring.confirm(rig)
    alive_together(rig, hours=10)
    assert scene.connection_state(rig) == "Live" and len([row for row in rig.steps() if row["reason_code"] == CODE]) == 2


@pytest.mark.parametrize("typed", ["", "TF-PAY-00001", "second part of TF-PAY-00001", "{reference} b"])
def test_a_second_equal_payment_that_a_person_enters_means_nothing(rig: Rig, typed: str) -> None:
    sale, receipt = small_payment(rig)
    scene.settle(rig)
    (first,) = scene.live(rig, "Payments")
    (shown,) = [each for each in scene.live(rig) if each["InvoiceNumber"] == sale["name"]]
    said = typed.format(reference=first["Reference"])
    date = str(receipt["doc"]["posting_date"])
    rig.xero.person("pay_invoice", InvoiceID=shown["InvoiceID"], Reference=said, Date=date, Amount=10)
    alive_together(rig, hours=10)
    assert scene.connection_state(rig) == "Live" and set(rig.counts()) == {"Synced"} and not restoring.unlinked(rig)


def test_the_comparison_after_a_gap_sees_it_too(rig: Rig) -> None:
    copy = both_send(rig, paid_in_part(rig, 1))
    del copy
    rig.advance(600)
    rig.play(scene.bills(rig, 1))
    scene.settle(rig)
    assert [row["role"] for row in rig.steps() if row["reason_code"] == CODE] == ["payment"]
