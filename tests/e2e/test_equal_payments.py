"""Several equal payments that people enter on both sides are adopted one by one where as many stand in Xero, and are a person's where not."""

from __future__ import annotations

from decimal import Decimal

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments import paying
from tests.scene.payments_back import choose, entries, mapped, paid, rows, states
from tests.scene.reading import begin, pass_alive, read

DAY = "2026-11-20"


def test_two_equal_payments_on_both_sides_are_two(rig: Rig) -> None:
    choose(rig, "Are Submitted")
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    begin(rig)
    read(rig)
    (shown,) = scene.live(rig)
    there = {"InvoiceID": shown["InvoiceID"], "Account": {"AccountID": mapped(rig, receipt["doc"]["paid_to"])}, "Date": DAY}
    figures = {"total_allocated_amount": 10.0, "unallocated_amount": 0.0, "posting_date": DAY}
    here = [
        paying(rig, f"TEN-{number}", Decimal(10), [(sale, Decimal(10))], back=False, **figures, reference_no=f"R {number}")
        for number in (1, 2)
    ]

    # One in Xero, two here: it may be either.
    rig.xero.person("pay_invoice", Amount="10.00", **there)
    rig.play(here)
    rig.dispatch()
    read(rig)
    (row,) = rows(rig)
    assert (row["state"], row["reason_code"]) == ("Waiting", "same-as-several") and len(paid(rig)) == 1

    # Two in Xero: which is whose makes no difference.
    rig.xero.person("pay_invoice", Amount="10.00", **there)
    read(rig)
    assert {(each["state"], each["reference_name"]) for each in rows(rig)} == {("Matched", "TEN-1"), ("Matched", "TEN-2")}
    assert [states(rig, f"TEN-{number}") for number in (1, 2)] == [["Synced"], ["Synced"]]
    pass_alive(rig, 600)
    rig.dispatch()
    assert len(paid(rig)) == 2 == len(entries(rig)) and not scene.error_log(rig)

    # A third one there is another one.
    rig.xero.person("pay_invoice", Amount="10.00", **there)
    read(rig)
    assert len(entries(rig)) == len(paid(rig)) == 3
