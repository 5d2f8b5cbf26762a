"""A defect, a lost race and a time-out planted at every stage of every kind: the others go, nothing is there twice, and the document itself
goes once the trouble is over."""

from __future__ import annotations

from typing import Any

import pytest

from tests.echo import judge, trial
from tests.echo.fuzz import Fuzz
from tests.echo.scenes import SCENES
from tests.isolation.planted import TIMES, Trouble, plant
from tests.scene import rig as scenery

STAGES = ("decide", "look", "seal", "record")
ALL = [(name, stage, kind) for name in SCENES for stage in STAGES for kind in TIMES]
# In every run of the tests every second kind of record meets one of the stages with one of the three troubles; `make test-isolation` runs all.
SAMPLE = [
    (name, stage, list(TIMES)[(at // 8 + step) % 3])
    for at, name in enumerate(SCENES)
    for step, stage in enumerate(STAGES)
    if at % 2 == 0 and (at // 2 + step) % 4 == 0
]
INNOCENT = "INNOCENT-1"
pytestmark = [pytest.mark.case("E1"), pytest.mark.case("E3"), pytest.mark.case("B11")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    import os

    if "planted" in metafunc.fixturenames:
        chosen = ALL if os.environ.get("ISOLATION") == "all" else SAMPLE
        metafunc.parametrize("planted", chosen, ids=["-".join(each).replace(" ", "-") for each in chosen])


def test_trouble_of_one_document_is_its_own(fuzz: Fuzz, planted: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    name, stage, kind = planted
    known, rig = fuzz.known(name), fuzz.stage.rig
    # Somebody to notify: with nobody, the app would try to notify again each minute.
    monkeypatch.setattr("picortex_xero.attention.people.holders", lambda roles, company: ["Administrator"])
    # Of the documents of a scene (an advance and its refund) the first one that the stage comes to.
    for which in range(3):
        mine, innocent, trouble, raised = played(fuzz, planted, which, monkeypatch)
        if trouble.met:
            break
    assert trouble.met, "the trouble was never met"
    assert raised == [], "a run failed for it"
    assert scenery.step(rig, INNOCENT)["state"] == "Synced"
    others = [row for row in rig.steps() if row["reference_name"] in mine - trouble.names]
    assert all(row["state"] in judge.ENDED for row in others)
    if kind == "defect":
        stuck = [row for row in rig.steps() if row["reference_name"] in trouble.names and row["state"] == "Needs Attention"]
        assert stuck and all(row["reason"] and row["cure"] for row in stuck), "nobody is told"
        assert any(row["told"] for row in stuck)
        retry(rig, [row["name"] for row in stuck])
        trial.drive(fuzz.stage, None, raised)
    assert raised == [] and judge.unended(rig.steps()) == []
    made = judge.made(without(trial._changes(fuzz.stage, name), innocent))
    assert judge.against(known.expected, made) == []
    assert made.standing == known.expected.standing, "what it was to become is there, and nothing else"


def played(
    fuzz: Fuzz, planted: tuple[str, str, str], which: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[set[str], scenery.Record, Trouble, list[str]]:
    """Play the scene with trouble at one of its documents and an innocent beside it, until nothing is due."""
    name, stage, kind = planted
    rig = fuzz.stage.rig
    fuzz.stage.put_back(name)
    before = {row["name"] for row in rig.steps()}
    trial.ACTS[fuzz.stage, name]()
    mine = sorted({row["reference_name"] for row in rig.steps() if row["name"] not in before or row["state"] in ("Pending", "Held")})
    innocent = scenery.copied(scenery.of_different_customers(rig, 100)[-1], INNOCENT)
    rig.play([innocent])
    trouble = Trouble(kind, set(mine[which : which + 1]), TIMES[kind])
    raised: list[str] = []
    with monkeypatch.context() as patch:
        plant(patch, stage, trouble)
        trial.drive(fuzz.stage, None, raised)
    return set(mine), innocent, trouble, raised


def retry(rig: Any, names: list[str]) -> None:
    """A person presses Retry on each."""

    def press(frappe: Any) -> None:
        from picortex_xero.attention import status

        for name in names:
            status.retry_step(name)

    scenery.with_site(rig, press)


def without(changes: list[dict[str, Any]], innocent: scenery.Record) -> list[dict[str, Any]]:
    """What the innocent became left out: its invoice, and its contact."""
    mine = (INNOCENT, innocent["doc"]["customer"])
    own = {change["id"] for change in changes if change.get("number") in mine or change.get("name") in mine}
    return [change for change in changes if change["id"] not in own]
