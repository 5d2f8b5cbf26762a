"""Documents that are cancelled or changed when their period is locked in Xero: an invoice is credited on an open day, for the rest a person has
the instructions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.comparing import compare
from tests.scene.desk import retry
from tests.scene.journals import BANK, entry
from tests.scene.ledger import created
from tests.scene.payments import unlink

D = Decimal
LOCK = "2026-10-31"


def status_of(rig: Rig, record: scene.Record) -> dict[str, Any]:
    def work(frappe: Any) -> dict[str, Any]:
        from picortex_xero.api import status

        return dict(status.document_status(record["doctype"], record["name"]))

    return dict(scene.with_site(rig, work))


def own(rig: Rig) -> dict[str, Any]:
    """The one invoice or bill that Xero has."""
    (found,) = rig.xero.documents("Invoices")
    return dict(found)


def press(rig: Rig, record: scene.Record) -> bool:
    def work(frappe: Any) -> bool:
        from picortex_xero.api import status

        return bool(status.credit_in_open_period(record["doctype"], record["name"]))

    return bool(scene.with_site(rig, work))


def cancelled_in_locked_period(rig: Rig, record: scene.Record) -> dict[str, Any]:
    """Sent, its period locked, cancelled; returns the step of the cancel."""
    rig.play([record])
    scene.settle(rig)
    rig.xero.person("set_lock_dates", period=LOCK)
    rig.play([scene.cancelling(record)])
    scene.settle(rig)
    return dict(scene.step(rig, record["name"], "void"))


@pytest.mark.case("F13")
@pytest.mark.parametrize("kind", ["invoices", "bills"])
def test_an_invoice_cancelled_in_a_locked_period_is_credited_on_an_open_day(rig: Rig, kind: str) -> None:
    (record,) = getattr(scene, kind)(rig, 1)
    row = cancelled_in_locked_period(rig, record)
    assert (row["state"], row["reason_code"]) == ("Held", "cancel-locked")
    assert "Credit in Open Period" in row["cure"] and "amend" not in row["cure"]
    assert status_of(rig, record)["can_credit"] is True
    before = own(rig)
    assert press(rig, record) is True
    scene.settle(rig)
    (note,) = scene.live(rig, "CreditNotes")
    after = own(rig)
    assert (note["Total"], note["TotalTax"]) == (before["Total"], before["TotalTax"])
    assert str(note["Date"]) > LOCK and note["contact"] == before["contact"]
    lines = [(line["account"], line["TaxType"], line["LineAmount"], line["TaxAmount"], line["Tracking"]) for line in before["lines"]]
    assert [(line["account"], line["TaxType"], line["LineAmount"], line["TaxAmount"], line["Tracking"]) for line in note["lines"]] == lines
    assert after["Status"] == "PAID" and scene.due(after) == 0
    assert scene.step(rig, record["name"], "void")["state"] == "Synced"
    shown = status_of(rig, record)
    assert shown["message"] == "Cancelled in Xero too" and not shown["can_credit"]
    assert compare(rig) == [], "the credit note is to stand"


@pytest.mark.case("F13")
def test_it_is_credited_once_however_often_and_whatever_is_lost(rig: Rig) -> None:
    (record,) = scene.invoices(rig, 1)
    cancelled_in_locked_period(rig, record)
    rig.xero.fault("drop_after", method="PUT", path="/CreditNotes$")
    rig.xero.fault("drop_after", method="PUT", path="/Allocations$")
    assert press(rig, record) is True and press(rig, record) is False
    for _ in range(8):
        scene.settle(rig)
        rig.advance(600)
        retry(rig, record)
    scene.settle(rig)
    assert created(rig, "CreditNotes") == 1 and scene.due(own(rig)) == 0
    assert scene.step(rig, record["name"], "void")["state"] == "Synced"


@pytest.mark.case("F13")
def test_a_lock_that_was_moved_lets_the_cancel_go_as_any_other(rig: Rig) -> None:
    (record,) = scene.invoices(rig, 1)
    cancelled_in_locked_period(rig, record)
    rig.xero.person("set_lock_dates", period=None)
    retry(rig, record)
    scene.settle(rig)
    assert own(rig)["Status"] == "VOIDED" and scene.live(rig, "CreditNotes") == []


@pytest.mark.case("F13")
def test_what_was_paid_meanwhile_is_not_credited(rig: Rig) -> None:
    (record,) = scene.invoices(rig, 1)
    cancelled_in_locked_period(rig, record)
    rig.xero.person("pay_invoice", InvoiceNumber=record["name"], Amount=1, Date="2026-11-02")
    press(rig, record)
    scene.settle(rig)
    row = scene.step(rig, record["name"], "reversal-1")
    assert (row["state"], row["reason_code"]) == ("Held", "cancel-of-paid") and scene.live(rig, "CreditNotes") == []


@pytest.mark.case("F13")
@pytest.mark.parametrize(
    ("rows", "recipe"),
    [
        ([("Office Rent", 10.0, {}), ("Travel Expenses", -10.0, {})], "debits and credits exchanged"),
        ([("Office Rent", 10.0, {}), (BANK, -10.0, {})], "the other way round"),
        ([("Cash", 10.0, {}), (BANK, -10.0, {})], "transfer the same amount back"),
    ],
)
def test_a_journal_in_a_locked_period_stays_with_what_a_person_does(rig: Rig, rows: list[Any], recipe: str) -> None:
    record = entry(rig, *rows)
    row = cancelled_in_locked_period(rig, record)
    assert (row["state"], row["reason_code"]) == ("Held", "cancel-locked")
    assert recipe in row["cure"] and "amend" not in row["cure"] and "unlock" not in row["cure"]
    assert not status_of(rig, record)["can_credit"] and press(rig, record) is False


@pytest.mark.case("F13")
def test_a_payment_in_a_locked_period_stays_with_what_a_person_does(rig: Rig) -> None:
    *sales, payment = scene.paid(rig)
    rig.play([*sales, payment])
    scene.settle(rig)
    rig.xero.person("set_lock_dates", period=LOCK)
    rig.play([scene.cancelling(payment)])
    scene.settle(rig)
    row = scene.step(rig, payment["name"], "void")
    assert (row["state"], row["reason_code"]) == ("Held", "cancel-locked") and "clearing account" in row["cure"]


@pytest.mark.case("F13")
def test_a_receipt_that_stands_keeps_its_money_where_its_invoice_is_cancelled_in_a_locked_period(rig: Rig) -> None:
    """ERPNext takes the cancelled invoice off the receipt. The money was received all the same: no recipe may take it back."""
    sale, payment = scene.paid(rig)
    rig.play([sale, payment])
    scene.settle(rig)
    rig.xero.person("set_lock_dates", period=LOCK)
    unlink(rig, payment, sale)
    rig.play([scene.cancelling(sale)])
    scene.settle(rig)
    undo = scene.step(rig, payment["name"], "undo-payment-1")
    assert (undo["state"], undo["reason_code"]) == ("Held", "cancel-locked")
    assert undo["cure"].startswith("Leave the money in Xero as it is") and "credit note" in undo["cure"]
    assert status_of(rig, sale)["message"] == "Waiting: the period is locked in Xero"


def test_only_who_may_change_the_connection_has_it_credited(rig: Rig) -> None:
    (record,) = scene.invoices(rig, 1)
    cancelled_in_locked_period(rig, record)

    def work(frappe: Any) -> None:
        from picortex_xero.api import status

        frappe.set_user("clerk@example.com")
        with pytest.raises(frappe.PermissionError):
            status.credit_in_open_period(record["doctype"], record["name"])

    scene.with_site(rig, work)
    assert scene.live(rig, "CreditNotes") == []
