"""Trials: where only Xero can say for certain whether a cause is cured (the plan's monthly approvals, a contact that was archived), one of the
steps that wait for it is sent now and then, first after an hour, later each time, once a day at least. Its success releases the rest.

What is on trial stands as JSON on the connection's state row. Written by whoever releases; where two do at once, one trial more is made, and
a trial is a request that Xero refused before.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import frappe

from ..accounting.causes import BETWEEN, Cause
from . import causes, outbox, protocol
from .clock import now

STATE = "Xero Connection State"
FIRST, LONGEST = timedelta(hours=1), timedelta(days=1)


@dataclass
class Trial:
    """How it stands with one cause. `next` is when a step is tried next (UTC, as text), `hours` how long after the last one; `step` is on
    trial, since `at`; `code` is what its problem was. Steps that wait since before `passed` are released."""

    next: str
    hours: int = 1
    step: str = ""
    at: str = ""
    code: str = ""
    passed: str = ""


def known(connection: str) -> tuple[dict[str, Trial], dict[str, str]]:
    """The trials of a connection by cause, and how far the search for cures is, by kind."""
    stored = json.loads(frappe.db.get_value(STATE, connection, "release_position") or "{}")
    return {name: Trial(**fields) for name, fields in stored.get("trials", {}).items()}, dict(stored.get("after", {}))


def keep(connection: str, trials: dict[str, Trial], after: dict[str, str]) -> None:
    """Store both. Part of the caller's transaction."""
    kept: dict[str, Any] = {"trials": {name: asdict(trial) for name, trial in trials.items()}, "after": after}
    text = json.dumps({name: value for name, value in kept.items() if value}) if trials or after else ""
    if text != (frappe.db.get_value(STATE, connection, "release_position") or ""):
        frappe.db.set_value(STATE, connection, {"release_position": text}, update_modified=False)


def name(cause: Cause) -> str:
    """A cause as the key of its trial."""
    return f"{cause.kind}{BETWEEN}{cause.key}"


def first(connection: str, cause: Cause) -> Trial:
    """The trial of a cause that was just met: an hour after what waits longest began to."""
    since = next((row["since"] for row in causes.longest(connection, cause, 1)), now())
    return Trial(next=str(since + FIRST))


def follow(trial: Trial, cause: Cause) -> None:
    """See what became of the step on trial: its success passes, the same refusal puts the next trial off for twice as long; where it has
    stopped for another reason or is gone, another one is tried at once."""
    row = outbox.get(name=trial.step) if trial.step else None
    if not trial.step or (row and row["state"] not in (*protocol.FINISHED, *causes.WAITING) and str(now() - LONGEST) < trial.at):
        return
    again = (
        row
        and row["state"] in causes.WAITING
        and any(Cause(each["kind"], each["cause_key"]) == cause for each in causes.of_steps([trial.step]))
    )
    if row and row["state"] == protocol.SYNCED:
        trial.passed = str(now())
    elif again:
        trial.hours = min(2 * trial.hours, int(LONGEST.total_seconds() // 3600))
        trial.next = str(now() + timedelta(hours=trial.hours))
    else:
        trial.next = str(now())
    trial.step = ""


def start(connection: str, trial: Trial, cause: Cause) -> outbox.Row | None:
    """Try the step that waits longest, if it is time; returns it. Part of the caller's transaction."""
    # None is put off for longer than a day: a later time was written while the database's clock was ahead.
    if trial.step or trial.passed or str(now()) < trial.next <= str(now() + LONGEST):
        return None
    for found in causes.longest(connection, cause, 10):
        row = outbox.get(name=found["step"])
        code = row["reason_code"] if row else ""
        if row and not row["kept_by"] and outbox.decide_anew(row):
            trial.step, trial.at, trial.code = row["name"], str(now()), code
            return row
        causes.remove([found["name"]] if not row or row["state"] not in causes.WAITING else [])
    return None


def told(connection: str) -> dict[str, str]:
    """The steps that are on trial, or were last, by name: the code of the problem that people were told of before."""
    return {trial.step: trial.code for trial in known(connection)[0].values() if trial.step}


def moment(text: str) -> datetime:
    """A stored time."""
    return datetime.fromisoformat(text)
