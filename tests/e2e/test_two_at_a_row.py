"""A person presses a button of a row while a run decides about the same row: whoever holds it first has his way, and the other one finds that.

Here a transaction that locks holds the whole database; that MariaDB locks this one row, and shows a request that waited what the run has written, only a bench shows."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments_back import choose, entries, pay, rows
from tests.scene.reading import begin, read

# So long the one that holds the row goes on while the other one waits for it.
WHILE = 0.5


def sent(rig: Rig) -> None:
    choose(rig, "Are Submitted")
    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    begin(rig)
    read(rig)
    (shown,) = scene.live(rig)
    pay(rig, shown, "5.00", Date="2026-11-20")


def test_who_presses_while_a_run_enters_it_is_told_that_it_has_moved_on(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.api import incoming
    from picortex_xero.inbound import coming_back

    sent(rig)
    decide, said, pressing = coming_back._decide_payment, [], []

    def press(name: str) -> None:
        try:
            scene.with_site(rig, lambda _frappe: incoming.done_by_hand(name))
        except Exception as refused:
            said.append(str(refused))

    def while_it_is_pressed(context: Any, row: dict[str, Any], *more: Any) -> None:
        pressing.append(threading.Thread(target=press, args=(row["name"],)))
        pressing[0].start()
        time.sleep(WHILE)
        decide(context, row, *more)

    monkeypatch.setattr(coming_back, "_decide_payment", while_it_is_pressed)
    read(rig)
    pressing[0].join(60)
    assert len(said) == 1 and "moved on meanwhile" in said[0]
    assert [row["state"] for row in rows(rig)] == ["Entered Here"] and len(entries(rig)) == 1


def test_a_run_waits_for_who_presses_and_enters_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.api import incoming
    from picortex_xero.inbound import coming_back

    sent(rig)
    complete, pressing, pressed = coming_back.whole_batches.complete, [], threading.Event()

    def press(name: str) -> None:
        def work(_frappe: Any) -> None:
            incoming.done_by_hand(name)
            pressed.set()
            time.sleep(WHILE)

        scene.with_site(rig, work)

    def while_it_is_pressed(context: Any, lease: Any, row: dict[str, Any]) -> None:
        complete(context, lease, row)
        if not pressing:
            pressing.append(threading.Thread(target=press, args=(row["name"],)))
            pressing[0].start()
            assert pressed.wait(60)

    monkeypatch.setattr(coming_back.whole_batches, "complete", while_it_is_pressed)
    read(rig)
    pressing[0].join(60)
    (row,) = rows(rig)
    assert (row["state"], row["reason_code"]) == ("Left Out", "done-by-hand") and entries(rig) == []
