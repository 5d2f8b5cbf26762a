"""Calls that would be refused are not made: what does not fit in Xero's minute waits for the next one; and what is asked at every round is not counted there."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.undoing import all_sent, head, marked, press, rows, slice_of

MINUTE = 14


def live_a_day(rig: Rig, keep: bool = False) -> int:
    from picortex_xero.engine import clock, history_budget

    def work(frappe: Any) -> int:
        clock.synchronise()
        if keep:
            history_budget.count_live(rig.connection)
        return history_budget.live_a_day(rig.connection)

    return int(scene.with_site(rig, work))


def test_an_undo_at_rest_has_live_traffic_counted_twice_an_hour(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting goes through all requests of two weeks, and every minute asks several times how many calls are left."""
    from picortex_xero.engine import day_calls, history_budget

    rig.play([record for pair in scene.settlements(rig)[:2] for record in pair])
    scene.settle(rig)
    run = marked(rig, **all_sent(rig))
    counts: list[str] = []
    real = history_budget._live_a_day
    monkeypatch.setattr(history_budget, "_live_a_day", lambda connection: counts.append(connection) or real(connection))
    monkeypatch.setattr(day_calls.Purpose, "parts", lambda purpose, _connection: {day_calls.part_of(day_calls.now()): 10**6})
    assert press(rig, "start", run)
    for _minute in range(40):
        rig.advance(179)
        scene.sweep(rig)
        slice_of(rig, run)
    assert head(rig, run)["left_over"] == len(rows(rig, run)) and "used up" in head(rig, run)["reason"]
    assert 2 <= len(counts) <= 5, "two hours have passed"


def test_an_undo_stays_within_the_minute_and_looks_only_where_more_is_to_be_done_than_to_wait(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    from picortex_xero.engine import undo_work

    records = [record for pair in scene.settlements(rig)[:6] for record in pair]
    assert live_a_day(rig, keep=True) == 0
    rig.play(records)
    scene.settle(rig)
    assert live_a_day(rig) == 0, "counted within this hour"
    rig.advance(3700)
    counted = live_a_day(rig)
    assert counted > 0 and live_a_day(rig, keep=True) == counted

    run = marked(rig, **all_sent(rig))
    rig.xero.person("set_limits", minute=MINUTE)
    # Somebody wants it at once: it waits for no calls that are kept for live traffic.
    assert press(rig, "start", run) and press(rig, "at_once", run)
    slice_of(rig, run)
    looked: list[str] = []
    real = undo_work._one
    monkeypatch.setattr(undo_work, "_one", lambda run, row, *given: looked.append(row["reference_doctype"]) or real(run, row, *given))
    rig.advance(61)
    slice_of(rig, run)
    assert looked == [], "of all of them a request is waited for that nobody has sent yet"
    calls = rig.xero.call_count()
    for _minute in range(30):
        rig.dispatch()
        slice_of(rig, run)
        if head(rig, run)["state"] == "Done":
            break
        rig.advance(61)
    assert {row["state"] for row in rows(rig, run).values()} == {"Undone"} and looked
    made = rig.xero.calls(calls)
    assert len(made) > MINUTE and {call["status"] for call in made} == {200}, "no call was refused"
    assert not scene.live(rig, "Invoices") and not scene.live(rig, "Payments")
