"""What people match with the bank statement in Xero is read back with the lists that are read anyway, and never set from here."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.reading import begin, pass_alive, read, reads

pytestmark = pytest.mark.case("19")
DAY = 86_400


def kept(rig: Rig, endpoint: str) -> list[str]:
    """What the links at an endpoint say."""

    def work(frappe: Any) -> list[str]:
        rows = frappe.get_all("Xero Link", filters={"endpoint": endpoint}, fields=["reconciled"], order_by="name asc")
        return [row["reconciled"] or "" for row in rows]

    return list(scene.with_site(rig, work))


def one(rig: Rig, endpoint: str) -> dict[str, Any]:
    (found,) = scene.live(rig, endpoint)
    return dict(found)


def test_a_payment_that_is_matched_in_xero_is_read_back_without_a_request_more(rig: Rig) -> None:
    rig.play(scene.paid(rig))
    begin(rig)
    assert kept(rig, "Payments") == [""], "nothing was read yet"
    before = rig.xero.call_count()
    read(rig)
    calls = len(reads(rig, before))
    assert kept(rig, "Payments") == ["No"]
    rig.xero.person("reconcile_payment", PaymentID=one(rig, "Payments")["PaymentID"])
    before = rig.xero.call_count()
    read(rig)
    assert kept(rig, "Payments") == ["Yes"] and len(reads(rig, before)) == calls
    rig.xero.person("reconcile_payment", PaymentID=one(rig, "Payments")["PaymentID"], reconciled=False)
    read(rig)
    assert kept(rig, "Payments") == ["No"], "it was taken back there"
    assert not any("IsReconciled" in str(call["request"]) for call in scene.writes(rig))


def test_what_xero_does_not_show_as_changed_is_seen_in_the_weekly_look(rig: Rig) -> None:
    rig.play(scene.paid(rig))
    begin(rig)
    read(rig)
    rig.xero.person("reconcile_payment", PaymentID=one(rig, "Payments")["PaymentID"], quietly=True)
    read(rig)
    assert kept(rig, "Payments") == ["No"], "no list of changes shows it"
    for _night in range(12):
        pass_alive(rig, DAY)
        rig.dispatch()
    assert kept(rig, "Payments") == ["Yes"]


def test_a_batch_and_each_side_of_a_transfer(rig: Rig) -> None:
    rig.play(scene.paid(rig, references=2))
    rig.play([scene.transfer(rig, 20.0, "Cash")])
    begin(rig)
    rig.xero.person("reconcile_batch_payment", BatchPaymentID=one(rig, "BatchPayments")["BatchPaymentID"])
    rig.xero.person("reconcile_bank_transfer", BankTransferID=one(rig, "BankTransfers")["BankTransferID"], sides=["FromIsReconciled"])
    read(rig)
    assert (kept(rig, "BatchPayments"), kept(rig, "BankTransfers")) == (["Yes"], ["Money Out Only"])
    rig.xero.person("reconcile_bank_transfer", BankTransferID=one(rig, "BankTransfers")["BankTransferID"])
    read(rig)
    assert kept(rig, "BankTransfers") == ["Yes"]
