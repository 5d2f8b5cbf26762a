"""The proof of an import in simulated time, small: both tiers, disturbed and undone as the long one is; and what does not hold is noticed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks import history_kept
from benchmarks import history_record as records
from benchmarks.history import Plan, gone_on, judged, measure
from benchmarks.history_books import Books, Record
from sandbox.rig import Rig, standing

COUNT = 150
TIERS = {"Starter": Plan(COUNT, 1000, 5, date(2026, 1, 5), 30, "S", 40), "Core": Plan(COUNT, 5000, 5, date(2026, 6, 1), 30, "C", 40)}


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with standing() as rig:
        yield rig


@pytest.fixture(scope="module")
def runs(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Record]:
    """What was measured of each tier, one after the other at one organisation, as it was written."""
    path = tmp_path_factory.mktemp("record") / "record.json"
    said: list[str] = []
    for plan in TIERS.values():
        measure(rig, Plan(**{**vars(plan), "keep": path}), said.append)
    return records.read(path)


@pytest.mark.parametrize("tier", TIERS)
def test_a_small_import_holds_what_is_promised_of_a_large_one(runs: dict[str, Record], tier: str) -> None:
    run = runs[tier]
    assert records.failed(run) == []
    assert (run["documents"], run["lost"], run["doubled"], run["calls refused with 429"]) == (COUNT, 0, 0, 0)
    assert run["disturbed by"] == ["kill", "lock", "pause", "token"]
    # What disturbs it costs some requests, and it has few.
    assert abs(run["taken"]["requests"] - run["forecast"]["requests"]) <= 15


@pytest.mark.parametrize("tier", TIERS)
def test_its_undo_leaves_xero_as_the_marks_said(runs: dict[str, Record], tier: str) -> None:
    undo = runs[tier]["undo"]
    assert sum(each["documents"] for each in undo["by mark"].values()) == COUNT
    assert all(each["documents"] == each["as it said"] for each in undo["by mark"].values())
    assert {"Undoable Unless Locked", "By Credit Note Only", "By Hand Only"} <= set(undo["by mark"])
    assert undo["contacts before and after"][0] == undo["contacts before and after"][1] and undo["workers killed"] == 1


class _SwitchedOff(Exception):
    """The machine is, in the middle of the undo."""


def test_an_undo_goes_on_from_where_it_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(COUNT, 5000, 5, date(2026, 1, 5), 30, "K", 40, kept=tmp_path / "kept")
    keep = history_kept.keep

    def kept_and_switched_off(*given: Any) -> None:
        keep(*given)
        raise _SwitchedOff

    monkeypatch.setattr(history_kept, "keep", kept_and_switched_off)
    with pytest.raises(_SwitchedOff), standing() as rig:
        measure(rig, plan, str)
    monkeypatch.setattr(history_kept, "keep", keep)
    # Whoever goes on presses Take Back Now.
    run = gone_on(replace(plan, now=True), str)
    assert run["undo"]["documents gone when Take Back Now was pressed"] < COUNT
    assert records.failed(run) == [] and run["undo"]["workers killed"] == 1
    assert sum(each["documents"] for each in run["undo"]["by mark"].values()) == COUNT
    assert 0 < run["undo"]["requests"] < 10 * COUNT


def test_what_is_lost_or_doubled_is_seen(rig: Rig, runs: dict[str, Record]) -> None:
    shown = next(each for each in rig.xero.documents("Invoices") if each["Status"] == "AUTHORISED" and each["Type"] == "ACCPAY")
    lost, doubled = judged(rig, Books(bills={"S-NONE": shown["Total"], shown["InvoiceNumber"]: shown["Total"]}))
    assert len(lost) == 1 and "S-NONE" in lost[0] and not doubled


def test_a_run_that_does_not_hold_is_named(runs: dict[str, Record]) -> None:
    run = runs["Starter"]
    assert records.failed({**run, "taken": {"days": 3.0, "requests": 1}, "forecast": {"days": 2.0, "requests": 1}})
    for what in ("lost", "doubled", "calls refused with 429"):
        assert records.failed({**run, what: 1}), what
    assert records.failed({**run, "disturbed by": ["kill"]})
    otherwise = copy.deepcopy(run)
    otherwise["undo"]["by mark"]["By Hand Only"]["as it said"] -= 1
    assert records.failed(otherwise)


def test_the_last_long_run_held() -> None:
    for tier, run in records.read().items():
        assert run["tier"] == tier and records.failed(run) == [], tier
        assert json.dumps(run["commit"])


def test_a_record_keeps_the_other_tier(tmp_path: Path, runs: dict[str, Record]) -> None:
    path = tmp_path / "record.json"
    for tier in TIERS:
        records.write(runs[tier], path)
    records.write({**runs["Core"], "documents": 7}, path)
    assert (records.read(path)["Starter"]["documents"], records.read(path)["Core"]["documents"]) == (COUNT, 7)
