"""Counter sales and bills paid on entry, from submit to cancel: a payment per sum, taken back before the document itself.

Each has the figures of a recorded plain invoice or bill, paid as ERPNext lets people pay one. Judged from the simulator's own ledger.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.comparing import compare
from tests.scene.counter import counter_sale, payments, refunded
from tests.scene.returns import notes, shown

TRADING = "Trading Account"


def paid_bill(rig: Rig, record: scene.Record, paid: Decimal) -> scene.Record:
    """The bill, paid from the bank on entry."""
    made = scene.copied(record, f"{record['name']}-PAID")
    made["doc"].update(
        is_paid=1, paid_amount=float(paid), base_paid_amount=float(paid), outstanding_amount=float(scene.total(record) - paid)
    )
    made["doc"]["cash_bank_account"] = f"{TRADING} - {rig.company['abbr']}"
    return made


def order(rig: Rig) -> list[tuple[str, str]]:
    """What was taken back in Xero, in that order."""
    changes: list[dict[str, Any]] = rig.xero.ledger(parts="changes")["changes"]
    return [(each["resource"], each["action"]) for each in changes if each["action"] in ("deleted", "voided")]


def test_a_counter_sale_in_full_and_its_cancel(rig: Rig) -> None:
    (record,) = scene.invoices(rig)
    total, change = scene.total(record), Decimal("20.00")
    sale = counter_sale(rig, record, [("Cash", Decimal(120)), (TRADING, total - 100)], change)
    rig.play([sale])
    scene.settle(rig)
    assert shown(rig, sale)["Status"] == "PAID"
    name = sale["name"]
    assert payments(rig) == sorted([(Decimal(100), f"{name}/1", "AUTHORISED"), (total - 100, f"{name}/2", "AUTHORISED")])
    assert {row["role"]: row["state"] for row in rig.steps(reference_name=name)} == dict.fromkeys(
        ("invoice", "payment-1", "payment-2"), "Synced"
    )
    rig.play([scene.cancelling(sale)])
    scene.settle(rig)
    assert not scene.live(rig) and {status for _amount, _reference, status in payments(rig)} == {"DELETED"}
    assert order(rig) == [("Payments", "deleted"), ("Payments", "deleted"), ("Invoices", "voided")]


def test_a_counter_sale_paid_in_part_leaves_the_rest_due(rig: Rig) -> None:
    (record,) = scene.invoices(rig)
    sale = counter_sale(rig, record, [("Cash", Decimal(50))])
    rig.play([sale])
    scene.settle(rig)
    assert scene.due(shown(rig, sale)) == scene.total(record) - 50
    assert payments(rig) == [(Decimal(50), sale["name"], "AUTHORISED")]


def written_off(rig: Rig, record: scene.Record, account: str, amount: Decimal) -> scene.Record:
    """A counter sale of which the last bit is written off."""
    sale = counter_sale(rig, record, [("Cash", scene.total(record) - amount)])
    sale["doc"].update(write_off_amount=float(amount), write_off_account=f"{account} - {rig.company['abbr']}", outstanding_amount=0.0)
    return sale


def test_a_write_off_nobody_chose_a_treatment_for_keeps_the_sale_whole(rig: Rig) -> None:
    sale = written_off(rig, scene.invoices(rig)[0], "Legal Expenses", Decimal(1))
    rig.play([sale])
    scene.settle(rig)
    row = scene.step(rig, sale["name"])
    assert (row["role"], row["state"], row["reason_code"]) == ("invoice", "Held", "pos-write-off")
    assert not scene.live(rig) and not payments(rig)


def test_a_write_off_is_taken_off_its_sale_and_all_is_cancelled(rig: Rig) -> None:
    sale = written_off(rig, scene.invoices(rig)[0], "Write Off", Decimal("0.20"))
    rig.play([sale])
    scene.settle(rig)
    element, (note,) = shown(rig, sale), notes(rig)
    assert element["Status"] == note["Status"] == "PAID" and element["credited"] == note["Total"] == Decimal("0.20")
    assert {row["state"] for row in rig.steps(reference_name=sale["name"])} == {"Synced"}
    rig.play([scene.cancelling(sale)])
    scene.settle(rig)
    assert not scene.live(rig) and not notes(rig) and {status for _amount, _reference, status in payments(rig)} == {"DELETED"}
    assert order(rig)[0] == ("Allocations", "deleted") and {each for each, _action in order(rig)[-2:]} == {"Invoices", "CreditNotes"}


def test_what_a_return_writes_off_uses_its_credit_note_up(rig: Rig) -> None:
    sale = counter_sale(rig, scene.invoices(rig)[0], [("Cash", scene.total(scene.invoices(rig)[0]))])
    back = refunded(sale, Decimal("0.01"))
    back["doc"].update(write_off_amount=-0.01, write_off_account=f"Write Off - {rig.company['abbr']}")
    rig.play([sale, back])
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    scene.settle(rig, rounds=20)
    (note,) = notes(rig)
    assert note["Status"] == "PAID" and note["settled"] == scene.total(sale) - Decimal("0.01")
    assert sorted(each["Total"] for each in scene.live(rig)) == [Decimal("0.01"), scene.total(sale)]
    rig.play([scene.cancelling(back)])
    scene.settle(rig)
    assert not notes(rig) and [each["Total"] for each in scene.live(rig)] == [scene.total(sale)]


def test_a_return_at_the_counter_is_refunded_and_cancelled(rig: Rig) -> None:
    (record,) = scene.invoices(rig)
    sale = counter_sale(rig, record, [("Cash", scene.total(record))])
    back = refunded(sale)
    rig.play([sale, back])
    scene.settle(rig)
    (note,) = notes(rig)
    assert note["Status"] == "PAID" and scene.due(note) == 0 and note["settled"] == scene.total(record)
    assert shown(rig, sale)["Status"] == "PAID"
    rig.play([scene.cancelling(back)])
    scene.settle(rig)
    assert not notes(rig) and [status for _amount, reference, status in payments(rig) if reference == back["name"]] == ["DELETED"]
    assert shown(rig, sale)["Status"] == "PAID"


@pytest.mark.parametrize("left", [Decimal(0), Decimal("12.34")])
def test_a_bill_paid_on_entry_and_its_cancel(rig: Rig, left: Decimal) -> None:
    (record,) = scene.bills(rig)
    bill = paid_bill(rig, record, scene.total(record) - left)
    rig.play([bill])
    scene.settle(rig)
    element = shown(rig, bill)
    assert scene.due(element) == left and element["Status"] == ("AUTHORISED" if left else "PAID")
    assert compare(rig) == [], "its payment pays the bill that is there, and no other one"
    rig.play([scene.cancelling(bill)])
    scene.settle(rig)
    assert not scene.live(rig) and order(rig) == [("Payments", "deleted"), ("Invoices", "voided")]


def test_a_lost_answer_pays_a_bill_once(rig: Rig) -> None:
    (record,) = scene.bills(rig)
    bill = paid_bill(rig, record, scene.total(record))
    rig.xero.fault("drop_after", method="PUT", path="/Payments$")
    rig.play([bill])
    scene.settle(rig)
    assert payments(rig) == [(scene.total(record), bill["name"], "AUTHORISED")]


def test_payments_wait_for_approval_of_their_bill(unconnected: Rig) -> None:
    rig = unconnected
    scene.set_up(rig, "DRAFT")
    (record,) = scene.bills(rig)
    bill = paid_bill(rig, record, scene.total(record))
    rig.play([bill])
    for _ in range(3):
        rig.dispatch()
    row = scene.step(rig, bill["name"], "payment-1")
    assert (row["state"], row["reason_code"]) == ("Pending", "waiting-approval") and not payments(rig)
