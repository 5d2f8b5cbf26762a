"""How each report of a connection stands: when it was read, since when it is out of date, and why it is not read. What was read before is kept and shown whatever stands here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe

from ..accounting.texts import Text, dump, load
from ..connection import current, permissions
from ..engine import attempts, day_calls, limits
from ..engine.clock import now
from ..engine.screen_texts import shown
from ..reports import pace
from ..reports.kinds import ALL, Kind
from . import failing, snapshots, touched
from .failing import Failure
from .reading import CONNECTION, STATE, named

FIELD = "reports"
EVENTS = "Xero Inbound Event"
# Xero is asked while the connection is in one of these states.
ASKED = ("Setting Up", current.WATCH_ONLY, "Live")


@dataclass(frozen=True)
class Stands:
    """One report: when it was last read, when its reading failed since then, since when it is out of date (all UTC, None where never); why that failed, and why it is not
    asked for now."""

    kind: Kind
    read: datetime | None
    failed_at: datetime | None
    out_of_date: datetime | None
    failed: Failure | None
    hindered: Failure | None

    @property
    def failure(self) -> Failure | None:
        """What people are told."""
        return self.hindered or self.failed

    @property
    def outdated(self) -> bool:
        """Whether something has changed since it was read."""
        return bool(self.read and self.out_of_date and self.out_of_date > self.read)


def of(connection: str) -> dict[str, Stands]:
    """Every report by its name. Asks Xero nothing."""
    read, tries = snapshots.last_read(connection), _tries(connection)
    changed = _changed(connection, min(read.values())) if read else {}
    return {name: _one(connection, kind, read.get(name), tries.get(name) or {}, changed.get(name)) for name, kind in ALL.items()}


def _one(connection: str, kind: Kind, read: datetime | None, last: dict[str, Any], changed: datetime | None) -> Stands:
    failed, at = _failure(last), datetime.fromisoformat(last["tried"]) if last.get("tried") else None
    if not failed or not at or (read and at < read):
        failed, at = None, None
    return Stands(kind, read, at, changed, failed, hindered(connection, kind))


def hindered(connection: str, kind: Kind, pressed: bool = False, calls: int = 1) -> Failure | None:
    """Why Xero is not even asked now; `pressed`: by a person, for whom the last requests of the day are spent, too; `calls`: how many requests it takes."""
    doc = frappe.db.get_value(CONNECTION, connection, ["read_reports", "state", "authorisation"], as_dict=True)
    if not doc["read_reports"]:
        return failing.off()
    if doc["state"] not in ASKED or not doc["authorisation"]:
        return failing.not_connected()
    if kind.scope and permissions.lacks_any(connection, [kind.scope]):
        return failing.scope(named(kind.name))
    if limits.resting(connection):
        return failing.limited(_why_it_rests(connection))
    spent, a_day = day_calls.REPORTING.spent(connection), day_calls.REPORTING.a_day(connection)
    if not pace.fits(calls, spent, a_day):
        return failing.used_up(spent, a_day)
    left = limits.left_today(connection)
    if left is not None and left <= (0 if pressed else limits.DAY_SPARE):
        return failing.few_left()
    return None


def _why_it_rests(connection: str) -> Text:
    row = frappe.db.get_value(STATE, connection, ["paused_reason", "paused_reason_parts"], as_dict=True)
    return Text(shown(row["paused_reason"]), load(row["paused_reason_parts"]).get("paused_reason"))


def _changed(connection: str, since: datetime) -> dict[str, datetime]:
    """Since when each report is out of date: by what was sent and what Xero has told of after `since`."""
    sent = frappe.get_all(
        attempts.DOCTYPE,
        filters={"connection": connection, "first_sent_at": (">", since)},
        fields=["path", "first_sent_at"],
    )
    told = frappe.get_all(EVENTS, filters={"connection": connection, "received_at": (">", since)}, fields=["category", "received_at"])
    return touched.latest(
        ((str(each["path"]), each["first_sent_at"]) for each in sent), ((str(each["category"]), each["received_at"]) for each in told)
    )


def _tries(connection: str) -> dict[str, dict[str, Any]]:
    return dict(json.loads(frappe.db.get_value(STATE, connection, FIELD) or "{}"))


def _failure(last: dict[str, Any]) -> Failure | None:
    if not last.get("code"):
        return None
    parts = load(last.get("parts"))
    return Failure(last["code"], Text(last["why"], parts.get("why")), Text(last["cure"], parts.get("cure")))


def note(connection: str, kind: Kind, failure: Failure | None) -> None:
    """A report was asked for just now, and why it was not read. Part of the caller's transaction, which alone reads reports now (turns.py)."""
    known = _tries(connection)
    known[kind.name] = {"tried": now().isoformat()}
    if failure:
        known[kind.name] |= {
            "code": failure.code,
            "why": str(failure.why),
            "cure": str(failure.cure),
            "parts": dump(why=failure.why, cure=failure.cure),
        }
    frappe.db.set_value(STATE, connection, FIELD, json.dumps(known, ensure_ascii=False), update_modified=False)


def due(connection: str) -> list[Kind]:
    """The reports whose turn it is, those first that have waited longest. Asks Xero nothing."""
    doc = frappe.db.get_value(CONNECTION, connection, ["read_reports", "reports_every"], as_dict=True)
    if not doc["read_reports"] or not limits.minute_spares(connection):
        return []
    used, scheduled = day_calls.REPORTING.used(connection), every(doc["reports_every"])
    waiting = [
        each
        for each in of(connection).values()
        if not each.hindered
        and pace.due(each.read, each.failed_at, each.out_of_date, used, now(), bool(each.failed and each.failed.by_a_person), scheduled)
    ]
    return [each.kind for each in sorted(waiting, key=lambda each: each.read or datetime.min)]


def every(hours: Any) -> Any:
    """How long what was read stays without a change, as the company has chosen."""
    return min(max(int(hours), 1), 24) * pace.HOUR if hours else pace.SCHEDULED
