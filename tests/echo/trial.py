"""One combination from start to end: put the stage back, switch the faults on, write, jump from due moment to due moment, judge."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from tests.echo import judge, plan
from tests.echo.judge import Finding, Made
from tests.echo.plan import Combination, Known
from tests.echo.scenes import SCENES
from tests.echo.stage import Stage

HOUR, DAY = 3600.0, 86400.0
# Later than any replay under the same key: what became of a lost answer is then read from Xero's lists.
PAST_REPLAY = 400.0
MOST_RUNS = 400


@dataclass
class Outcome:
    """What came of a combination; `reached` is how many values the app was shown otherwise."""

    findings: list[Finding]
    reached: int
    runs: int


def learn(stage: Stage, name: str) -> Known:
    """Prepare a scene and its moment, and run it undisturbed and with its answer lost. AssertionError where even that goes wrong."""
    scene = SCENES[name]
    stage.put_back("empty")
    act = scene.prepare(stage.rig)
    stage.keep(name)
    stage.put_back(name)
    ACTS[stage, name] = act
    act()
    raised: list[str] = []
    drive(stage, None, raised)
    writes = [call for call in _calls(stage, name) if _is_write(name, call)]
    known = Known(judge.made(_changes(stage, name)), writes)
    assert writes and not raised and not judge.unended(stage.rig.steps()), (name, raised, [call["path"] for call in writes])
    stage.put_back(name)
    stage.rig.xero.fault("drop_after", method=scene.method, path=scene.writes, times=len(writes))
    act()
    _lose(stage, [])
    drive(stage, known.expected, [])
    calls = _calls(stage, name)
    lost = next(call["number"] for call in calls if call["fault"] == "drop_after")
    known.reads = [call for call in calls if call["number"] > lost and call["method"] == "GET" and isinstance(call["response"], dict)]
    return known


ACTS: dict[tuple[Stage, str], Any] = {}


def run(stage: Stage, known: Known, combination: Combination) -> Outcome:
    """Play one combination and judge it."""
    scene, xero = SCENES[combination.scene], stage.rig.xero
    stage.put_back(combination.scene)
    ids: list[str] = []
    for fault in plan.faults(combination, scene, len(known.writes)):
        ids.append(xero.fault(**{**fault, **({"after": ids[0]} if fault.get("after") else {})})["id"])
    if combination.operation in plan.STORED:
        xero.settings(tidies_text=plan.STORED[combination.operation])
    ACTS[stage, combination.scene]()
    raised: list[str] = []
    if combination.mode == plan.LOST:
        _lose(stage, raised)
    runs = drive(stage, known.expected, raised)
    found = judge.against(known.expected, judge.made(_changes(stage, combination.scene)))
    # One that is there twice ends early: where its steps were by then says nothing.
    ended = [] if any(finding.kind == "double" for finding in found) else _ended(stage)
    findings = [*found, *ended, *(Finding("raised", text) for text in dict.fromkeys(raised))]
    return Outcome(findings, _reached(stage, combination), runs)


def drive(stage: Stage, expected: Made | None, raised: list[str]) -> int:
    """Run the scheduler's work at every moment at which something is due, for at most a day, until nothing is due within a day.

    What a run raises is kept, and the next one comes all the same, as a queue does it. Ends early where something is there twice.
    Returns how often it ran."""
    start, idle, searched = stage.now(), 0.0, 0.0
    for count in range(1, MOST_RUNS + 1):
        try:
            stage.rig.dispatch()
        except Exception as error:
            raised.append(f"{type(error).__name__}: {error}"[:200])
        if expected and _too_many(stage, expected):
            return count
        now = stage.now()
        due = _next_moment(stage, raised)
        if not searched and (due is None or now - start > HOUR):
            searched = now
            due = _next_moment(stage, raised, "find_missed")
        if due is None or due - now > DAY or now - start > DAY:
            return count
        # Due already and nothing done about it: the sweep comes every minute, here in growing steps.
        idle = 0.0 if due > now else min(max(idle * 1.5, 60.0), HOUR)
        stage.rig.advance(max(due - now + 0.5, idle))
    return MOST_RUNS


def _next_moment(stage: Stage, raised: list[str], job: str = "sweep") -> float | None:
    """Run a job of the scheduler's. Then: when the next step or sealed request wants to be looked at, not before the organisation's rest
    ends; None where nothing does."""
    with stage.rig.frappe() as frappe:
        from picortex_xero.sync import jobs

        try:
            getattr(jobs, job)()
            frappe.db.commit()
        except Exception as error:
            raised.append(f"{job}: {type(error).__name__}: {error}"[:200])
            frappe.db.rollback()
        where = {"connection": stage.rig.connection}
        rows = frappe.get_all("Xero Outbox Entry", filters={**where, "state": "Pending"}, fields=["due_at", "blocked_on"])
        moments = [row["due_at"] for row in rows if not row["blocked_on"]]
        moments += frappe.get_all("Xero Attempt", filters={**where, "state": "Sealed"}, pluck="next_at")
        rests = frappe.db.get_value("Xero Connection State", stage.rig.connection, "paused_until")
        live = frappe.db.get_value("Xero Connection", stage.rig.connection, "state") == "Live"
    if not live or not moments:
        return None
    first = min(_seconds(moment) for moment in moments)
    return max(first, _seconds(rests)) if rests else first


def _seconds(moment: datetime | str) -> float:
    when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return when.replace(tzinfo=timezone.utc).timestamp()


def _lose(stage: Stage, raised: list[str]) -> None:
    """The first run, whose answer is lost, and the time in which its key could tell."""
    try:
        stage.rig.dispatch()
    except Exception as error:
        raised.append(f"{type(error).__name__}: {error}"[:200])
    stage.rig.advance(PAST_REPLAY)


def _calls(stage: Stage, name: str) -> list[dict[str, Any]]:
    return stage.rig.xero.calls(since=stage.before[name]["calls"], path="/api.xro/")


def _changes(stage: Stage, name: str) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = stage.rig.xero.ledger(since=stage.before[name]["last"], parts="changes")["changes"]
    return changes


def _is_write(name: str, call: dict[str, Any]) -> bool:
    return call["method"] == SCENES[name].method and bool(re.search(SCENES[name].writes, call["path"]))


def _too_many(stage: Stage, expected: Made) -> bool:
    return any(finding.kind == "double" for finding in judge.against(expected, judge.made(_changes(stage, stage.at))))


def _reached(stage: Stage, combination: Combination) -> int:
    if combination.operation in plan.STORED:
        return int(plan.was_tidied(_calls(stage, combination.scene), plan.STORED[combination.operation]))
    faults = stage.rig.xero.faults()
    return sum(fault["hits"] if combination.route == "-" else fault["changed"] for fault in faults)


def _ended(stage: Stage) -> list[Finding]:
    """What the app's own rows say at the end."""
    with stage.rig.frappe() as frappe:
        fields = ["name", "kind", "role", "reference_name", "state", "reason", "blocked_on"]
        steps = frappe.get_all("Xero Outbox Entry", filters={"connection": stage.rig.connection}, fields=fields)
        state = frappe.db.get_value("Xero Connection", stage.rig.connection, "state")
    return [*judge.unended(steps), *([] if state == "Live" else [Finding("paused", f"the connection is {state}")])]
