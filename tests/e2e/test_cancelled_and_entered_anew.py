"""A payment that people entered in Xero, whose Payment Entry here is cancelled: where another one here is the same, it is that one from then on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments import paying
from tests.scene.payments_back import choose, entries, mapped, paid, rows, states
from tests.scene.reading import begin, read

DAY = "2026-11-20"


def came_back(rig: Rig) -> tuple[scene.Record, dict[str, Any]]:
    """A sale, and the Payment Entry of 10 that somebody entered in Xero."""
    choose(rig, "Are Submitted")
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    begin(rig)
    read(rig)
    (shown,) = scene.live(rig)
    there = {"InvoiceID": shown["InvoiceID"], "Account": {"AccountID": mapped(rig, receipt["doc"]["paid_to"])}}
    rig.xero.person("pay_invoice", Amount="10.00", Date=DAY, **there)
    read(rig)
    (made,) = entries(rig)
    return sale, {"event": "submit", "doctype": "Payment Entry", "name": made["name"], "doc": made}


def ten(rig: Rig, sale: scene.Record, name: str, amount: int = 10, **more: Any) -> scene.Record:
    figures = {"total_allocated_amount": float(amount), "unallocated_amount": 0.0, "posting_date": DAY, **more}
    return paying(rig, name, Decimal(amount), [(sale, Decimal(amount))], back=False, **figures)


def voids(rig: Rig, name: str) -> list[tuple[str, str]]:
    return [(each["state"], each["reason_code"] or "") for each in rig.steps(reference_name=name) if each["role"].startswith("void")]


def test_the_same_payment_that_was_entered_here_meanwhile_is_it(rig: Rig) -> None:
    sale, made = came_back(rig)
    rig.play([ten(rig, sale, "TEN")])
    rig.play([scene.cancelling(made)])
    rig.dispatch()
    read(rig)
    read(rig)
    assert len(paid(rig)) == 1, "it is in Xero already"
    assert [(row["state"], row["reference_name"]) for row in rows(rig)] == [("Matched", "TEN")]
    assert states(rig, "TEN") == ["Synced"] and [state for state, _code in voids(rig, made["name"])] == ["Superseded"]
    # It belongs to Xero as before: cancelled, it stays there.
    rig.play([scene.cancelling(ten(rig, sale, "TEN"))])
    scene.settle(rig)
    assert voids(rig, "TEN") == [("Held", "adopted-stays")] and len(paid(rig)) == 1


def test_an_amendment_that_is_the_same_is_it(rig: Rig) -> None:
    sale, made = came_back(rig)
    rig.play([scene.cancelling(made)])
    scene.settle(rig)
    assert voids(rig, made["name"]) == [("Held", "adopted-stays")]
    rig.play([ten(rig, sale, f"{made['name']}-1", amended_from=made["name"])])
    read(rig)
    read(rig)
    assert len(paid(rig)) == 1 and states(rig, f"{made['name']}-1") == ["Synced"]


def test_another_payment_here_is_not_it(rig: Rig) -> None:
    sale, made = came_back(rig)
    rig.play([scene.cancelling(made)])
    rig.play([ten(rig, sale, "ELEVEN", 11)])
    scene.settle(rig)
    read(rig)
    assert voids(rig, made["name"]) == [("Held", "adopted-stays")]
    assert [(row["state"], row["reference_name"]) for row in rows(rig)] == [("Entered Here", made["name"])]


def test_two_here_that_are_the_same_are_a_person_s(rig: Rig) -> None:
    sale, made = came_back(rig)
    rig.play([scene.cancelling(made)])
    rig.play([ten(rig, sale, "TEN-1"), ten(rig, sale, "TEN-2")])
    scene.settle(rig)
    read(rig)
    assert voids(rig, made["name"]) == [("Held", "adopted-stays")] and len(paid(rig)) == 1
