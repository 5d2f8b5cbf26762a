"""Done by Hand: what a person has entered or taken back in Xero is theirs. The app does nothing more about it, and says of what belongs to it what
is left to do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import comparing
from tests.scene import rig as scene
from tests.scene.counter import counter_sale
from tests.scene.desk import retry
from tests.scene.reading import press, read, status, told

LOCK = "2026-11-15"


def unmapped(rig: Rig, record: scene.Record) -> None:
    """Nobody has chosen an account for what this invoice sells."""

    def work(frappe: Any) -> None:
        for item in record["doc"]["items"]:
            for field in ("income_account", "expense_account"):
                frappe.db.delete("Xero Account Mapping", {"connection": rig.connection, "account": item.get(field) or "-"})

    scene.with_site(rig, work)


def mapped_again(rig: Rig) -> None:
    """The whole mapping is made anew; what was there stays."""
    from sandbox.rig import map_everything

    def work(frappe: Any) -> None:
        for kind in ("Account", "Tax", "Payment", "Deduction", "Tracking"):
            frappe.db.delete(f"Xero {kind} Mapping", {"connection": rig.connection})

    scene.with_site(rig, work)
    map_everything(rig)


def by_hand(rig: Rig, record: scene.Record) -> int:
    return press(rig, "done_by_hand", record)


def test_an_invoice_entered_by_hand_is_never_sent_and_its_payment_and_cancel_say_what_to_do(rig: Rig) -> None:
    sale, payment = scene.paid(rig)
    unmapped(rig, sale)
    rig.play([sale, payment])
    scene.settle(rig)
    assert told(rig, sale)[0] == "Needs Attention" or told(rig, sale)[0] == "Held"
    shown = status(rig, sale)
    assert shown["can_say_done"] and "press Done by Hand" in shown["instead"]
    assert by_hand(rig, sale) == 1
    scene.settle(rig)
    state, code, reason = told(rig, sale)
    assert (state, code) == ("Skipped", "done-by-hand") and "Administrator did it in Xero by hand" in reason
    assert told(rig, payment)[:2] == ("Held", "settles-by-hand") and status(rig, payment)["can_say_done"]
    # What it waited for is cured: it is in Xero already, entered by a person.
    mapped_again(rig)
    retry(rig, sale)
    scene.settle(rig)
    assert scene.live(rig) == [] and scene.live(rig, "Payments") == []
    assert by_hand(rig, payment) == 1
    rig.play([scene.cancelling(payment), scene.cancelling(sale)])
    scene.settle(rig)
    for record in (payment, sale):
        void = scene.step(rig, record["name"], "void")
        assert (void["state"], void["reason_code"]) == ("Held", "cancel-by-hand")
        assert by_hand(rig, record) == 1
    scene.settle(rig)
    assert {scene.step(rig, each["name"], "void")["state"] for each in (sale, payment)} == {"Skipped"}
    assert not status(rig, sale)["can_say_done"]


def test_retry_in_the_outbox_opens_it_again(rig: Rig) -> None:
    from picortex_xero.api import status as api

    (sale,) = scene.invoices(rig)
    unmapped(rig, sale)
    rig.play([sale])
    scene.settle(rig)
    by_hand(rig, sale)
    mapped_again(rig)
    assert retry(rig, sale) == 0, "Retry on the document must not send what was entered by hand"
    step = scene.step(rig, sale["name"])["name"]

    def after_leaving(frappe: Any) -> None:
        frappe.db.set_value("Xero Connection", rig.connection, "state", "Retired")
        with pytest.raises(frappe.ValidationError, match="has left"):
            api.retry_step(step)
        frappe.db.rollback()

    scene.with_site(rig, after_leaving)
    assert told(rig, sale)[0] == "Skipped"
    assert scene.with_site(rig, lambda frappe: api.retry_step(step)) == 1
    scene.settle(rig)
    assert told(rig, sale)[0] == "Synced" and len(scene.live(rig)) == 1


@pytest.mark.parametrize("kind", ["payment", "journal", "bill"])
@pytest.mark.parametrize("said", [True, False])
def test_what_was_reversed_by_hand_in_a_locked_period_stays_when_the_lock_moves(rig: Rig, kind: str, said: bool) -> None:
    records = {
        "payment": lambda: scene.paid(rig),
        "journal": lambda: [scene.journal(rig, ("Office Rent", 100.0), ("Sales", -100.0))],
        "bill": lambda: scene.bills(rig),
    }[kind]()
    resource = {"payment": "Payments", "journal": "ManualJournals", "bill": "Invoices"}[kind]
    rig.play(records)
    scene.settle(rig)
    rig.xero.person("set_lock_dates", period=LOCK)
    rig.play([scene.cancelling(records[-1])])
    scene.settle(rig)
    (void,) = [each for each in rig.steps(reference_name=records[-1]["name"], role="void")]
    assert void["state"] == "Held" and status(rig, records[-1])["can_say_done"]
    if said:
        assert by_hand(rig, records[-1]) == 1
    rig.xero.person("set_lock_dates", period=None)
    read(rig)
    read(rig)
    assert len(scene.live(rig, resource)) == (1 if said else 0)
    assert scene.step(rig, records[-1]["name"], "void")["state"] == ("Skipped" if said else "Synced")


def test_an_amended_document_goes_once_its_former_was_reversed_by_hand(rig: Rig) -> None:
    (bill,) = scene.bills(rig)
    rig.play([bill])
    scene.settle(rig)
    rig.xero.person("set_lock_dates", period=LOCK)
    rig.play([scene.cancelling(bill)])
    scene.settle(rig)
    amended = scene.copied(
        bill, f"{bill['name']}-1", amended_from=bill["name"], posting_date="2026-11-20", bill_date="2026-11-20", bill_no="B-1"
    )
    rig.play([amended])
    scene.settle(rig)
    assert told(rig, amended)[0] == "Pending"
    by_hand(rig, bill)
    scene.settle(rig)
    assert told(rig, amended)[0] == "Synced" and len(scene.live(rig)) == 2


def test_nothing_is_offered_for_what_is_in_xero_or_on_its_way(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    rig.play([sale])
    assert not status(rig, sale)["can_say_done"] and by_hand(rig, sale) == 0
    scene.settle(rig)
    assert not status(rig, sale)["can_say_done"] and by_hand(rig, sale) == 0


def test_what_was_reversed_by_hand_is_nothing_to_compare_or_to_tell(rig: Rig) -> None:
    bill, other = scene.bills(rig, 2)
    rig.play([bill, other])
    scene.settle(rig)
    rig.xero.person("set_lock_dates", period=LOCK)
    rig.play([scene.cancelling(bill)])
    scene.settle(rig)
    by_hand(rig, bill)
    assert comparing.compare(rig) == []
    rig.xero.person("set_lock_dates", period=None)
    rig.xero.person("void_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"])  # the cancelled one was first
    read(rig)
    assert {step["state"] for step in rig.steps(reference_name=bill["name"])} == {"Synced", "Skipped"}
    assert told(rig, other)[0] == "Synced"


def test_a_payment_taken_back_by_hand_lets_the_invoice_itself_be_voided(rig: Rig) -> None:
    """Two things wait: the payment that a person entered, and the invoice that it pays. Done by Hand is said of the payment."""
    sale = counter_sale(rig, scene.invoices(rig)[0], [("Earnest Money", Decimal("10.00"))])
    till = f"Earnest Money - {rig.company['abbr']}"
    scene.with_site(rig, lambda frappe: frappe.db.delete("Xero Payment Mapping", {"connection": rig.connection, "account": till}))
    rig.play([sale])
    scene.settle(rig)
    (there,) = scene.live(rig)
    paid = rig.xero.person("pay_invoice", InvoiceID=there["InvoiceID"], Date="2026-11-20", Amount="10.00")
    assert by_hand(rig, sale) == 1
    rig.play([scene.cancelling(sale)])
    scene.settle(rig)
    waiting = {step["role"]: step for step in rig.steps(reference_name=sale["name"]) if step["state"] == "Held"}
    assert set(waiting) == {"void-payment-1", "void"} and "A payment or another part" in waiting["void-payment-1"]["reason"]
    assert status(rig, sale)["can_say_done"]
    rig.xero.person("delete_payment", PaymentID=paid["PaymentID"])
    assert by_hand(rig, sale) == 1
    scene.settle(rig)
    assert not scene.live(rig)
    assert {step["state"] for step in rig.steps(reference_name=sale["name"]) if step["role"] in waiting} == {"Synced", "Skipped"}


def test_a_return_of_what_was_entered_by_hand_is_there_and_only_its_allocation_is_left_to_do(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    unmapped(rig, sale)
    rig.play([sale])
    scene.settle(rig)
    by_hand(rig, sale)
    mapped_again(rig)
    back = scene.returned(sale)
    rig.play([back])
    scene.settle(rig)
    left = scene.step(rig, back["name"], "allocation-1")
    assert left["reason_code"] == "settles-by-hand" and f"take {back['name']}, which is there already" in left["cure"]
    shown = status(rig, back)
    assert shown["can_say_done"] and shown["instead"] == "", "the recipe names the button itself"
