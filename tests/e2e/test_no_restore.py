"""What looks like a backup that was put back and is none: a long gap, and a document's bare name in Xero, where a person is asked at most."""

from __future__ import annotations

import pytest

from sandbox.rig import Rig
from tests.scene import restoring
from tests.scene import rig as scene
from tests.scene.restoring import (
    DAY,
    OFF,
    choose,
    kinds,
    none_of_these,
    pay_by_hand,
    paying,
    put_back_later,
    records_of,
    retry,
    state_row,
    written,
)

pytestmark = pytest.mark.case("S2")


# Nothing was put back


def test_a_day_of_maintenance_asks_nobody_and_costs_a_call_for_each_list(rig: Rig) -> None:
    records = kinds(rig)
    rig.play(records[:3])
    scene.settle(rig)
    rig.advance(DAY)
    rig.play(records[3:])
    before = rig.xero.call_count()
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and set(rig.counts()) == {"Synced"}
    assert len(restoring.comparisons(rig, before)) == 7 and not restoring.unlinked(rig)
    assert state_row(rig, "compare_since")["compare_since"] is None
    scene.assert_once(rig, records)


def test_a_site_that_is_alive_and_idle_compares_nothing(rig: Rig) -> None:
    rig.play(scene.invoices(rig, 1))
    scene.settle(rig)
    for _ in range(10):
        rig.advance(60)
        scene.sweep(rig)
    before = rig.xero.call_count()
    rig.play(scene.invoices(rig, 2)[1:])
    scene.settle(rig)
    assert not restoring.comparisons(rig, before)


def test_a_request_without_an_answer_before_the_gap_means_no_restore(rig: Rig) -> None:
    bills = scene.bills(rig, 2)
    scene.make_contacts(rig, bills)
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play(bills)
    rig.dispatch()
    rig.advance(DAY)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and not restoring.unlinked(rig)
    scene.assert_once(rig, bills)


def test_what_people_enter_in_xero_meanwhile_means_nothing(rig: Rig) -> None:
    sale, receipt = paying(rig)
    contact = scene.live(rig)[0]["contact"]
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200", "TaxType": "NONE"}
    rig.xero.person(
        "create_invoice", Type="ACCREC", InvoiceNumber="HAND-1", Contact={"ContactID": contact}, Date="2026-10-01", DueDate="2026-10-20",
        LineAmountTypes="Exclusive", Status="AUTHORISED", LineItems=[line],
    )  # fmt: skip
    rig.advance(OFF)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and not restoring.unlinked(rig)
    assert scene.step(rig, receipt["name"])["state"] == "Synced" and len(scene.live(rig, "Payments")) == 1


# A bare name


@pytest.mark.parametrize("spelled", ["{name}/1", "{name}/1 {reference}", "{name}"])
def test_a_payment_with_our_name_goes_to_a_person_and_pauses_nothing(rig: Rig, spelled: str) -> None:
    sale, receipt = paying(rig)
    pay_by_hand(rig, sale, receipt, spelled.format(name=receipt["name"], reference=receipt["doc"]["reference_no"]))
    rig.advance(OFF)
    other = scene.bills(rig, 1)
    rig.play(other)
    scene.settle(rig)
    assert scene.connection_state(rig) == "Live" and scene.step(rig, other[0]["name"])["state"] == "Synced"
    step = scene.step(rig, receipt["name"])
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "perhaps-in-xero")
    (offered,) = records_of(rig, step["name"])
    assert offered["may_be_none"]
    choose(rig, step["name"], offered["id"])
    scene.settle(rig)
    assert scene.step(rig, receipt["name"])["state"] == "Synced" and len(scene.live(rig, "Payments")) == 1


def test_a_person_may_say_that_none_of_them_is_it(rig: Rig) -> None:
    sale, receipt = paying(rig)
    pay_by_hand(rig, sale, receipt, receipt["name"], Amount=1)
    rig.advance(OFF)
    scene.settle(rig)
    step = scene.step(rig, receipt["name"])
    assert step["reason_code"] == "perhaps-in-xero"
    none_of_these(rig, step["name"])
    scene.settle(rig)
    assert scene.step(rig, receipt["name"])["reason_code"] == "payment-exceeds-due", "it was sent on, and the invoice has less left"
    (paid,) = scene.live(rig, "Payments")
    rig.xero.person("delete_payment", PaymentID=paid["PaymentID"])
    retry(rig, step["name"])
    scene.settle(rig)
    assert scene.step(rig, receipt["name"])["state"] == "Synced" and len(scene.live(rig, "Payments")) == 1


@pytest.mark.parametrize("renumbered", [True, False])
def test_a_number_that_a_person_has_used_in_xero(rig: Rig, renumbered: bool) -> None:
    """Xero refused the invoice; then there is a gap. Renumbered as its cure says, Retry sends it; else a person is asked first, and what they
    are told holds for a document that was never sent."""
    (sale,) = scene.invoices(rig, 1)
    scene.make_contacts(rig, [sale])
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 10, "AccountCode": "200"}
    theirs = rig.xero.person(
        "create_invoice", Type="ACCREC", Contact={"Name": "Somebody"}, InvoiceNumber=sale["name"], Date=str(sale["doc"]["posting_date"]),
        DueDate="2027-01-05", LineAmountTypes="Exclusive", Status="AUTHORISED", LineItems=[line],
    )  # fmt: skip
    rig.play([sale])
    scene.settle(rig)
    step = scene.step(rig, sale["name"], "invoice")
    assert step["reason_code"] == "number-taken"
    rig.advance(OFF)
    scene.settle(rig)
    rig.dispatch()
    assert [row["state"] for row in restoring.unlinked(rig, document=sale["name"])] == ["To Ask About"]
    rig.advance(DAY)
    before = rig.xero.call_count()
    if renumbered:
        rig.xero.person("edit_invoice", InvoiceID=theirs["InvoiceID"], InvoiceNumber="BY-HAND-1")
    retry(rig, step["name"])
    scene.settle(rig)
    if not renumbered:
        for _again in range(2):
            told = scene.step(rig, sale["name"], "invoice")
            assert told["reason_code"] == "perhaps-in-xero" and "was not sent" in told["reason"] and "None of These" in told["cure"]
            assert not written(rig, before)
            retry(rig, step["name"])
            scene.settle(rig)
        none_of_these(rig, step["name"])
        scene.settle(rig)
        assert scene.step(rig, sale["name"], "invoice")["reason_code"] == "number-taken"
        rig.xero.person("edit_invoice", InvoiceID=theirs["InvoiceID"], InvoiceNumber="BY-HAND-1")
        retry(rig, step["name"])
        scene.settle(rig)
    assert scene.step(rig, sale["name"], "invoice")["state"] == "Synced" and len(scene.live(rig)) == 2


def test_what_a_person_removed_in_xero_stops_nothing_on_retry(rig: Rig) -> None:
    sale, receipt = paying(rig)
    pay_by_hand(rig, sale, receipt, receipt["name"], Amount=1)
    rig.advance(OFF)
    scene.settle(rig)
    step = scene.step(rig, receipt["name"])
    assert step["reason_code"] == "perhaps-in-xero"
    (paid,) = scene.live(rig, "Payments")
    rig.xero.person("delete_payment", PaymentID=paid["PaymentID"])
    retry(rig, step["name"])
    scene.settle(rig)
    assert scene.step(rig, receipt["name"])["state"] == "Synced" and len(scene.live(rig, "Payments")) == 1


def test_two_payments_that_look_like_what_waits_mean_a_restore(rig: Rig) -> None:
    """Payments have no mark: a backup from while only they waited is told by their names."""
    pairs = scene.settlements(rig)[:3]
    rig.play([sale for sale, _ in pairs])
    scene.settle(rig)
    rig.play([receipt for _, receipt in pairs])
    backup = restoring.back_up(rig)
    scene.settle(rig)
    before = put_back_later(rig, backup)
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused" and "look like them" in restoring.reason(rig)
    restoring.confirm(rig)
    scene.settle(rig)
    assert len(scene.live(rig, "Payments")) == 3 and not written(rig, before) and set(rig.counts()) == {"Synced"}


def test_one_payment_that_was_sent_before_the_restore_goes_to_a_person(rig: Rig) -> None:
    _sale, receipt = paying(rig)
    backup = restoring.back_up(rig)
    scene.settle(rig)
    before = put_back_later(rig, backup)
    scene.settle(rig)
    assert scene.step(rig, receipt["name"])["reason_code"] == "perhaps-in-xero" and not written(rig, before)


def test_payments_that_wait_for_a_person_and_are_entered_by_hand_stop_nothing(rig: Rig) -> None:
    """The accountant does by hand what is held here, under our names: that is no restore."""
    pairs = scene.settlements(rig)[:2]
    rig.play([sale for sale, _ in pairs])
    scene.settle(rig)
    with rig.frappe() as frappe:
        frappe.db.sql("delete from `tabXero Payment Mapping`")
        frappe.db.commit()
    rig.play([receipt for _, receipt in pairs])
    scene.settle(rig)
    assert {row["state"] for row in rig.steps() if row["role"] == "payment"} <= {"Held", "Needs Attention"}
    for sale, receipt in pairs:
        pay_by_hand(rig, sale, receipt, receipt["name"])
    rig.advance(OFF)
    rig.dispatch()
    assert scene.connection_state(rig) == "Live"
    assert [row["state"] for row in restoring.unlinked(rig)] == ["To Ask About"] * 2
