"""What is said before a cancel is what then happens in Xero; and money that was released stays there while its allocation changes."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import payments
from tests.scene import rig as scene
from tests.scene.desk import choose, search
from tests.scene.journals import fee

RED, GREEN = "red", "green"


def said(rig: Rig, record: scene.Record) -> dict[str, str]:
    """The one line that the form shows before the cancel."""

    def work(_frappe: Any) -> Any:
        from picortex_xero.api import why

        return why.before_cancel(record["doctype"], record["name"])["lines"]

    (line,) = scene.with_site(rig, work)
    return dict(line)


def locked(rig: Rig) -> None:
    def work(_frappe: Any) -> None:
        from picortex_xero.api import connect

        connect.refresh(rig.connection)

    rig.xero.person("set_lock_dates", period="2026-12-31", year_end=None)
    scene.with_site(rig, work)


def cancelled(rig: Rig, record: scene.Record) -> None:
    rig.play([scene.cancelling(record)])
    scene.settle(rig)


def test_a_credit_note_that_nobody_has_used_is_voided(rig: Rig) -> None:
    smaller, sale = sorted(scene.of_one_customer(rig, 2), key=scene.total)
    note = scene.returned(smaller, against=sale, at_once=False)
    rig.play([sale, note])
    scene.settle(rig)
    assert scene.live(rig, "CreditNotes") and not scene.live(rig, "Allocations")
    line = said(rig, note)
    assert "voided" in line["says"] and "cannot" not in line["says"] and line["colour"] == GREEN
    cancelled(rig, note)
    assert not scene.live(rig, "CreditNotes")


def test_a_draft_is_deleted_whatever_is_locked(rig: Rig) -> None:
    choose(rig, target_status="DRAFT")
    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    scene.settle(rig)
    locked(rig)
    line = said(rig, sale)
    assert "deleted" in line["says"] and line["colour"] == GREEN
    cancelled(rig, sale)
    assert not scene.live(rig)


def test_an_advance_never_goes_by_itself(rig: Rig) -> None:
    advance, _sales = payments.advance(rig)
    rig.play([advance])
    scene.settle(rig)
    locked(rig)
    line = said(rig, advance)
    assert "no program" in line["says"] and "goes by itself" not in line["to_do"] and line["colour"] == RED


def test_money_spent_may_be_reconciled(rig: Rig) -> None:
    record = fee(rig)
    rig.play([record])
    scene.settle(rig)
    assert "unless it is reconciled" in said(rig, record)["says"]
    (spent,) = scene.live(rig, "BankTransactions")
    rig.xero.person("reconcile_bank_transaction", BankTransactionID=spent["BankTransactionID"])
    cancelled(rig, record)
    assert scene.live(rig, "BankTransactions")


def test_money_that_was_released_stays_while_its_allocation_changes(rig: Rig) -> None:
    choose(rig, money="Hold until released")
    sale, receipt = scene.paid(rig)
    rig.play([sale, receipt])
    scene.settle(rig)

    def release(_frappe: Any) -> None:
        from picortex_xero.api import to_fix

        to_fix.release(receipt["doctype"], receipt["name"])

    scene.with_site(rig, release)
    scene.settle(rig)
    payments.unlink(rig, receipt, sale)
    search(rig)
    scene.settle(rig)
    (there,) = [each for each in scene.live(rig, "BankTransactions") if each["Type"] == "RECEIVE-OVERPAYMENT"]
    assert float(there["Total"]) == receipt["doc"]["paid_amount"] and not scene.live(rig, "Payments")
