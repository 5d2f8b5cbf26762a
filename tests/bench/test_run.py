"""The driver of the bench suite: what it skips on a site that has held the app, and that it writes no record there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench import run as driver
from tests.bench.run import ROWS, UNUSED, USED, Run, keep, record

pytestmark = pytest.mark.case("B4")
TRACE = "a deleted DocType: Xero Connection"


class ASite:
    """A site as the driver asks it; every snapshot differs from the one before."""

    name = "test.local"

    def __init__(self) -> None:
        self.asked = 0

    def script(self, file: str, *what: str) -> str:
        if what == ("versions",):
            return json.dumps({"mariadb": "10.11", "hrms": True})
        self.asked += 1
        return json.dumps({"structure": {"Role": [str(self.asked)]}, "rows": {}})


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(driver, "RECORD", tmp_path / "docs" / "bench-record.json")
    return tmp_path / "docs" / "bench-record.json"


def run_on(traces: list[str], tmp_path: Path) -> Run:
    site: Any = ASite()
    run = Run(site, tmp_path, traces)
    before = driver.snapshot(site)
    for name in (UNUSED, ROWS, USED):
        run.leaves_nothing(name, lambda: driver.leftovers(before, driver.snapshot(site)))
    run.check("the app's tests", [])
    return run


def test_on_a_site_that_has_held_the_app_these_checks_are_skipped_by_name(tmp_path: Path, place: Path) -> None:
    run = run_on([TRACE], tmp_path)
    result = record(run, 1.0)
    assert set(result["skipped"]) == {UNUSED, ROWS, USED} and all(TRACE in reason for reason in result["skipped"].values())
    assert result["counts"] == {"skipped": 3, "passed": 1} and not result["made_on"]["a_site_that_never_had_the_app"]
    said = keep(run, result)
    assert not place.exists() and "no record was written" in said and "never had the app" in said


def test_on_a_site_that_never_had_it_they_decide_and_the_record_says_on_what_it_was_made(tmp_path: Path, place: Path) -> None:
    run = run_on([], tmp_path)
    result = record(run, 1.0)
    assert set(result["failed"]) == {UNUSED, ROWS, USED}, "what is left behind is found"
    keep(run, result)
    kept = json.loads(place.read_text())
    assert kept["made_on"]["a_site_that_never_had_the_app"] is True and kept["versions"] == {"mariadb": "10.11", "hrms": True}


def test_what_frappe_adds_by_itself_is_no_leftover_and_a_line_of_ours_is() -> None:
    before = {"structure": {"Logs To Clear": ["Comment | 1"], "Role": []}}
    after = {"structure": {"Logs To Clear": ["Error Log | 14", "Xero Attempt | 30"], "Role": ["Accounts Bot"]}}
    assert driver.leftovers(before, after) == [
        "Logs To Clear: left behind Xero Attempt | 30",
        "Logs To Clear: missing Comment | 1",
        "Role: left behind Accounts Bot",
    ]
