"""What stands in the way of whole connections, and their figures, for the connection's form and for programs that watch."""

from __future__ import annotations

from typing import Any

import frappe

from ..documents.compare_linked import WARNINGS
from ..engine import attempts, causes, outbox, protocol, screen_texts
from ..engine.clock import now
from . import notifications, standing
from .status import in_words_of

CONNECTION = "Xero Connection"
# So many causes at most are shown of a connection, those first for which most documents wait.
MOST_CAUSES = 100
# Names of accounts, customers and documents, which are the books' and no figures.
NOT_SAID = {"key": "", "reason": "", "cure": ""}


def connection_status(connection: str) -> dict[str, str]:
    """What keeps this connection from sending, and what to do, in the reader's language; empty texts where nothing does."""
    up = standing.of(connection)
    if not up:
        return {"code": "", "reason": "", "cure": ""}
    reason, cure = (screen_texts.in_words(text) for text in (up.problem.message, up.problem.resolution))
    return {"code": up.problem.code, "reason": reason, "cure": cure}


def overview(connections: list[str], with_details: bool = True) -> list[dict[str, Any]]:
    """For a program that watches, in English: for each of these connections `connection`, `company`, `organisation`, `state`, `code`, `reason`
    and `cure` (what keeps it from sending, what to do, and a code for programs), `steps` (number per state), `warnings` (how many are in Xero
    otherwise than they were sent), `oldest_due` (UTC, of steps that could go now), `unclear_for_an_hour`, `told` (causes of the whole
    connection), `causes` (what steps wait for; without details only how many wait since when for what kind of thing), `last_worker`,
    `last_good_call`, `day_calls_left`."""
    shown = []
    for name in connections:
        doc = frappe.db.get_value(CONNECTION, name, ["company", "state", "organisation_name"], as_dict=True)
        up = standing.of(name)
        machine = frappe.db.get_value("Xero Connection State", name, ["heartbeat", "last_good_call", "day_calls_left"], as_dict=True) or {}
        oldest = outbox.due(name, now(), 1)
        shown.append(
            {
                "connection": name,
                "company": doc["company"],
                "state": doc["state"],
                "organisation": screen_texts.shown(doc["organisation_name"]),
                "code": up.problem.code if up else "",
                "reason": str(up.problem.message) if up else "",
                "cure": str(up.problem.resolution) if up else "",
                "steps": {state: frappe.db.count(outbox.DOCTYPE, {"connection": name, "state": state}) for state in protocol.STATES},
                "warnings": frappe.db.count(
                    outbox.DOCTYPE, {"connection": name, "state": protocol.SYNCED, "reason_code": ("in", WARNINGS)}
                ),
                "oldest_due": str(oldest[0]["due_at"]) if oldest else "",
                "unclear_for_an_hour": sum(len(each.members) for each in attempts.unclear_since(name, now() - notifications.UNCLEAR)),
                "told": notifications.standing(name),
                "causes": [each if with_details else {**each, **NOT_SAID} for each in _waited_for(name)],
                "last_worker": str(machine.get("heartbeat") or ""),
                "last_good_call": str(machine.get("last_good_call") or ""),
                "day_calls_left": int(machine.get("day_calls_left") or 0),
            }
        )
    return shown


def _waited_for(connection: str) -> list[dict[str, Any]]:
    """What the steps of a connection wait for, the most first: `code`, `kind`, `key`, `waiting` (how many), `since` (UTC), and `reason` and
    `cure` as one of them says them."""
    rows = causes.counts(connection, MOST_CAUSES)
    steps = {step["name"]: step for step in outbox.named([row["step"] for row in rows])}
    return [
        {
            "code": row["code"],
            "kind": row["kind"],
            "key": row["cause_key"],
            "waiting": int(row["waiting"]),
            "since": str(row["oldest"]),
            "reason": in_words_of(steps.get(row["step"]), "reason"),
            "cure": in_words_of(steps.get(row["step"]), "cure"),
        }
        for row in rows
    ]
