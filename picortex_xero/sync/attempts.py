"""Sealed requests: the exact bytes, the key, and who is inside, written before anything is sent.

An attempt stays Sealed until it is known what became of every member; then its body is erased and what was said moves to the log.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..core.kinds import KINDS, Kind
from ..xero.client import Request
from .clock import now
from .lease import SEND_MARGIN

DOCTYPE = "Xero Attempt"
REPLAY_WINDOW = timedelta(minutes=5)  # keys live 6 minutes from the first call (fact sheet 3)
ABSENCE_AFTER = timedelta(minutes=7)
FIRST_LOOK = timedelta(seconds=10)
PROBE = "probe"
FIELDS = [
    "name",
    "connection",
    "kind",
    "method",
    "path",
    "state",
    "outcome",
    "epoch",
    "sealed_at",
    "send_deadline",
    "replays",
    "next_at",
    "members",
    "body",
]


@dataclass
class Attempt:
    """One sealed request and its members: dicts of entry, marker, total, tax, company and the document's identity.

    Of a file (a raw kind) the row keeps name, type, size and hash, not ten megabytes: `content` is there only while the run that sealed
    it sends it. A file is therefore never replayed. Where its answer is lost, Xero's list of files is asked, and if the name is not there
    it is read (or printed) and sent anew; should the first one arrive late after all, the same name replaces the same file.
    """

    key: str
    kind: Kind
    method: str
    path: str
    body: str
    members: list[dict[str, Any]]
    sealed_at: datetime
    send_deadline: datetime
    replays: int
    outcome: str
    content: bytes = b""

    def request(self) -> Request:
        """What goes on the wire, the same bytes every time."""
        if self.method == "DELETE":
            # Xero's deletes take neither body nor key (fact sheet 3); repeating one is harmless.
            return Request(self.method, self.path)
        if self.kind.raw:
            return Request(self.method, self.path, self.content, self.key, content_type=json.loads(self.body)["ContentType"])
        return Request(self.method, self.path, self.body.encode(), self.key)

    @property
    def endpoint(self) -> str:
        """Where its records live, as links name it: a nested kind's below its own parent."""
        return self.path.partition("?")[0] if self.kind.nested else self.kind.home

    @property
    def may_replay(self) -> bool:
        """Whether the same bytes under the same key still tell what happened."""
        return not self.kind.raw and self.outcome != PROBE and now() < self.sealed_at + REPLAY_WINDOW

    @property
    def absence_counts(self) -> bool:
        """Whether not finding it in Xero now proves that it is not there."""
        return now() >= self.send_deadline + ABSENCE_AFTER

    def before_replay(self) -> None:
        """Note a further sending before it happens. Commits."""
        self.send_deadline, self.replays = now() + SEND_MARGIN, self.replays + 1
        _set(self.key, send_deadline=self.send_deadline, replays=self.replays, next_at=self.send_deadline)
        frappe.db.commit()

    def wait_for_replay(self) -> None:
        """No clear answer: look again soon, later each time."""
        _set(self.key, next_at=now() + timedelta(seconds=15 * 2 ** min(self.replays, 4)))

    def wait_for_probe(self) -> None:
        """The key cannot tell any more: ask Xero itself, at once for presence, later for absence."""
        first = self.outcome != PROBE
        self.outcome = PROBE
        _set(self.key, outcome=PROBE, next_at=now() + FIRST_LOOK if first else self.send_deadline + ABSENCE_AFTER)

    def resolve(self, outcome: str, http_status: int = 0) -> None:
        """It is known what became of every member: erase the body."""
        _set(self.key, state="Resolved", outcome=outcome, http_status=http_status, body="", members="")


def seal(
    connection: str,
    company: str,
    epoch: int,
    kind: Kind,
    path: str,
    body: bytes,
    members: list[dict[str, Any]],
    key: str,
    content: bytes = b"",
) -> Attempt:
    """Write one attempt; `content` is what a raw kind sends, which `body` describes. Part of the caller's transaction, which must be
    committed before sending."""
    at = now()
    values = {
        "name": key,
        "owner": "Administrator",
        "creation": now_datetime(),
        "modified": now_datetime(),
        "modified_by": "Administrator",
        "connection": connection,
        "company": company,
        "kind": kind.name,
        "method": kind.method,
        "path": path,
        "state": "Sealed",
        "outcome": "",
        "epoch": epoch,
        "sealed_at": at,
        "send_deadline": at + SEND_MARGIN,
        "replays": 0,
        "next_at": at + SEND_MARGIN,
        "members": json.dumps(members, default=str),
        "body": body.decode(),
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())])
    return replace(_attempt(values), content=content)


def unresolved(connection: str) -> list[Attempt]:
    """Sealed attempts whose next look is due, oldest first."""
    rows = frappe.get_all(
        DOCTYPE,
        filters={"connection": connection, "state": "Sealed", "next_at": ("<=", now())},
        fields=FIELDS,
        order_by="sealed_at asc",
        limit=50,
    )
    return [_attempt(row) for row in rows]


def next_look(connection: str) -> datetime | None:
    """When the earliest unresolved attempt wants to be looked at."""
    rows = frappe.get_all(
        DOCTYPE, filters={"connection": connection, "state": "Sealed"}, fields=["next_at"], order_by="next_at asc", limit=1
    )
    return rows[0]["next_at"] if rows else None


def _attempt(row: dict[str, Any]) -> Attempt:
    return Attempt(
        row["name"],
        KINDS[row["kind"]],
        row["method"],
        row["path"],
        row["body"],
        json.loads(row["members"]),
        row["sealed_at"],
        row["send_deadline"],
        int(row["replays"] or 0),
        row["outcome"] or "",
    )


def _set(key: str, **fields: Any) -> None:
    frappe.db.set_value(DOCTYPE, key, fields)
