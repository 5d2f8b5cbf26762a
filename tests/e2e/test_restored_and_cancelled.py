"""Sent after the backup, put back, and cancelled here before what waits was compared: the cancel reaches Xero all the same."""

from __future__ import annotations

import pytest

from sandbox.rig import Rig
from tests.scene import payments, restoring
from tests.scene import rig as scene
from tests.scene.deductions import FEE, short
from tests.scene.desk import delete
from tests.scene.payments import states
from tests.scene.restoring import choose, none_of_these, pass_alive, put_back_later, records_of, retry, small_payment

pytestmark = pytest.mark.case("S2")


def lost(rig: Rig, record: scene.Record) -> None:
    """It waits in the backup, is sent, and the backup is put back."""
    rig.play([record])
    backup = restoring.back_up(rig)
    scene.settle(rig)
    put_back_later(rig, backup)


def a_cancelled_receipt(rig: Rig) -> tuple[scene.Record, scene.Record]:
    """A receipt that was lost and cancelled, and the step that made it."""
    _sale, receipt = small_payment(rig)
    backup = restoring.back_up(rig)
    scene.settle(rig)
    put_back_later(rig, backup)
    rig.play([scene.cancelling(receipt)])
    rig.dispatch()
    (step,) = [row for row in rig.steps(reference_name=receipt["name"]) if row["role"].startswith("payment")]
    return receipt, step


@pytest.mark.parametrize("when", ["before the first run", "while it is paused", "deleted"])
@pytest.mark.parametrize("kind", ["bill", "sale", "journal"])
def test_what_bears_the_mark_is_linked_and_taken_back(rig: Rig, kind: str, when: str) -> None:
    made = {
        "bill": lambda: scene.bills(rig, 1)[0],
        "sale": lambda: scene.invoices(rig, 1)[0],
        "journal": lambda: scene.journal(rig, ("Office Rent", 100.0), ("Sales", -100.0)),
    }
    record = made[kind]()
    lost(rig, record)
    if when != "before the first run":
        rig.dispatch()
        assert scene.connection_state(rig) == "Paused"
    rig.play([scene.cancelling(record)])
    if when == "deleted":
        delete(rig, record)
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused"
    restoring.confirm(rig)
    scene.settle(rig)
    assert not [each for resource in ("Invoices", "ManualJournals", "BankTransactions") for each in scene.live(rig, resource)]
    assert {row["state"] for row in rig.steps(reference_name=record["name"])} == {"Synced"}


@pytest.mark.parametrize("is_it", [True, False])
def test_what_only_names_it_is_for_a_person(rig: Rig, is_it: bool) -> None:
    receipt, step = a_cancelled_receipt(rig)
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "perhaps-in-xero")
    assert "was cancelled here" in step["reason"] and "taken back there" in step["cure"]
    (offered,) = records_of(rig, step["name"])
    assert offered["may_be_none"]
    choose(rig, step["name"], offered["id"]) if is_it else none_of_these(rig, step["name"])
    pass_alive(rig, 1200)
    assert len(scene.live(rig, "Payments")) == (0 if is_it else 1)
    states = {row["state"] for row in rig.steps(reference_name=receipt["name"])}
    assert states == ({"Synced"} if is_it else {"Superseded"})


def test_retry_alone_takes_nothing_of_a_persons_back(rig: Rig) -> None:
    """One record that names the document is left; nobody has said that it is the document's."""
    receipt, step = a_cancelled_receipt(rig)
    retry(rig, step["name"])
    scene.settle(rig)
    assert len(scene.live(rig, "Payments")) == 1
    assert scene.step(rig, receipt["name"], step["role"])["reason_code"] == "perhaps-in-xero"
    (paid,) = scene.live(rig, "Payments")
    rig.xero.person("delete_payment", PaymentID=paid["PaymentID"])
    retry(rig, step["name"])
    scene.settle(rig)
    assert {row["state"] for row in rig.steps(reference_name=receipt["name"])} == {"Superseded"}


def test_what_no_step_knows_any_more_is_told(rig: Rig) -> None:
    """Money moved between currencies is two bank transactions; in the backup only the step of the first one is there."""
    moved = payments.across(rig, "K-ACROSS")
    lost(rig, moved)
    rig.play([scene.cancelling(moved)])
    rig.dispatch()
    restoring.confirm(rig)
    pass_alive(rig, 600)
    (left,) = scene.live(rig, "BankTransactions")
    assert {row["state"] for row in rig.steps(reference_name=moved["name"])} == {"Synced"}
    with rig.frappe() as frappe:
        (said,) = frappe.get_all("Xero Sync Log", filters={"event": "Warning", "reference_name": moved["name"]}, pluck="message")
    assert "Xero has more of it" in said and left["Reference"] in said


def test_a_fee_is_taken_back_with_its_payment(rig: Rig) -> None:
    """Its mark has its number behind the payment's; the payment is linked, so the fee's step is closed when the payment is being taken back."""
    sale, payment = short(rig, 7.05, FEE)
    rig.play([sale])
    scene.settle(rig)
    rig.play([payment])
    rig.xero.fault("drop_after", method="PUT", path="/Payments$", skip=1)
    rig.dispatch()
    assert states(rig, payment) == {"payment": "Synced", "payment-2": "Unknown", "fee-1": "Pending"}
    backup = restoring.back_up(rig)
    scene.settle(rig)
    assert len(scene.live(rig, "BankTransactions")) == 1
    put_back_later(rig, backup)
    rig.play([scene.cancelling(payment)])
    rig.dispatch()
    restoring.confirm(rig)
    pass_alive(rig, 1200)
    assert not scene.live(rig, "BankTransactions") and not scene.live(rig, "Payments")
    assert set(states(rig, payment).values()) == {"Synced"}
