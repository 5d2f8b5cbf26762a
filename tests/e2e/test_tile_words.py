"""What each tile says where Xero takes few requests or none: why, what to do, and the last good figures beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import reports
from tests.scene import rig as scene

TILES = tuple(
    f"Xero {each}"
    for each in (
        "Profit and Loss", "Bank Summary", "Aged Receivables", "Aged Payables", "Balance Sheet", "Budget against Actual", "Trial Balance",
    )
)  # fmt: skip
STATE = "Xero Connection State"


def rests(frappe: Any, rig: Rig) -> None:
    """Xero's limit of a minute or a day was met: nothing is asked for a while."""
    from picortex_xero.engine.clock import now

    reason = {
        "paused_until": now() + timedelta(minutes=20),
        "paused_reason": "Xero takes no more requests for a while: its limit is reached",
    }
    frappe.db.set_value(STATE, rig.connection, reason)


def few_left(frappe: Any, rig: Rig) -> None:
    """Xero's last answer said that few are left of the day."""
    from picortex_xero.engine.clock import now

    frappe.db.set_value(STATE, rig.connection, {"day_calls_left": 150, "last_good_call": now()})


def used_up(_frappe: Any, rig: Rig) -> None:
    """The share of the day that reports have is used up."""
    from picortex_xero.engine import day_calls

    day_calls.REPORTING.spend(rig.connection, day_calls.REPORTING.a_day(rig.connection))


SITUATIONS: dict[str, tuple[Callable[[Any, Rig], None], str, str]] = {
    "limited": (rests, "takes no more requests for a while", "read again by itself"),
    "few-left": (few_left, "takes few more requests today, and documents go first", "read again by itself"),
    "used-up": (used_up, "that reports may make in a day are used up (", "come back during the next 24 hours"),
}


def figures(tile: dict[str, Any]) -> list[Any]:
    return [each["value"] for each in tile["figures"]]


@pytest.mark.parametrize("code", SITUATIONS)
def test_each_tile_says_why_and_what_to_do_beside_the_last_figures(rig: Rig, code: str) -> None:
    happens, why, cure = SITUATIONS[code]
    record = scene.invoices(rig)[0]
    record["doc"]["posting_date"] = record["doc"]["due_date"] = reports.today(rig)
    rig.play([record])
    scene.settle(rig)
    reports.switch_on(rig)
    reports.take_turns(rig)
    before = reports.tiles(rig)
    assert set(before) == set(TILES) and {each["code"] for each in before.values()} == {""}
    assert any(any(figures(each)) for each in before.values())
    scene.with_site(rig, lambda frappe: happens(frappe, rig))
    rig.advance(120)
    calls = rig.xero.call_count()
    for name, tile in reports.tiles(rig).items():
        assert (tile["code"], tile["as_of"]) == (code, before[name]["as_of"]), name
        assert why in tile["why"] and cure in tile["cure"], (name, tile)
        assert figures(tile) == figures(before[name]) and tile["empty"] == before[name]["empty"], name
        assert "real-time" not in json.dumps(tile).lower()
    assert reports.due(rig) == [] and reports.take_turns(rig) == 0
    for report in ("Profit and Loss", "Open Items"):
        pressed = reports.refresh(rig, report)
        # The last requests of the day are a person's, too.
        assert why in pressed["why"] if code != "few-left" else pressed == {"why": "", "cure": ""}, (report, pressed)
    assert (rig.xero.call_count() > calls) == (code == "few-left")


@pytest.mark.parametrize("code", SITUATIONS)
def test_where_nothing_was_read_before_there_is_no_figure_and_no_zero(rig: Rig, code: str) -> None:
    happens, why, cure = SITUATIONS[code]
    reports.switch_on(rig)
    scene.with_site(rig, lambda frappe: happens(frappe, rig))
    for name, tile in reports.tiles(rig).items():
        assert tile["code"] == code and why in tile["why"] and cure in tile["cure"], (name, tile)
        assert tile["as_of"] == "" and not tile["empty"] and all(each is None for each in figures(tile)), name
