"""Sealed requests: rows of Xero Attempt that hold the exact bytes of a request, its Idempotency-Key and the steps inside it (its members),
written before anything is sent.

An attempt is Sealed until it is known of every member whether Xero has it. Then its body is erased; what was said stays in the log. The
times of sending are noted just before the bytes leave, not when the request is sealed: an attempt without them was never sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import frappe

from ..compat import affected_rows
from ..xero.client import TOTAL_DEADLINE, Request
from ..xero.records.base import Kind
from ..xero.records.registry import KINDS
from .clock import now, running, running_time
from .leases import SEND_MARGIN
from .standard_columns import standard

DOCTYPE = "Xero Attempt"
REPLAY_WINDOW = timedelta(minutes=5)  # Xero keeps a key for 6 minutes from its first call (Xero's documentation, "Idempotency")
ABSENCE_AFTER = timedelta(minutes=7)
FIRST_LOOK = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=15)
# No look is ever put off for so long. A later time was written while the database's clock was ahead, and does not count.
IMPOSSIBLE = timedelta(hours=1)
# For how long second records of a request are looked for after an answer that was not clear (engine/duplicate_search).
WATCH = timedelta(hours=24)
PROBE, PROBED = "probe", "probed"
SENT_BEFORE = "sent before"  # never sent: Xero had a record of it, from before the site was put back (engine/sent_before)
FIELDS = (
    "name connection kind method path state outcome http_status epoch sealed_at first_sent_at send_deadline replays sends next_at members "
    "body kept watch_until machine first_uptime last_uptime"
).split()


@dataclass
class Attempt:
    """One sealed request. `members` are dicts with the step (`entry`), the marker by which its record is found in Xero, facts, total, tax,
    company and the document's identity.

    `first_sent_at` and `send_deadline` are None until it may have been sent for the first time. `sends` counts the sendings;
    `earlier_sends` are those of former runs and rounds. `machine` is the one that sends it; `first_uptime` and `last_uptime` are for how
    many seconds it had been running at the first and the last sending. They tell how long ago that was even where the database's clock was
    set meanwhile.

    Of an attached file (a raw kind of request) the row keeps name, type, size and hash, not up to ten megabytes: `content` is there only
    during the run that sealed it. So a file is never replayed. Where its answer is lost, Xero's list of attachments is read. If the name is
    not there, the file is read (or printed) and sent anew; should the first one arrive late after all, the same name replaces the same
    file.

    `elsewhere` has members that this run found in Xero with another contact than they were sent with, each with its element."""

    key: str
    kind: Kind
    method: str
    path: str
    body: str
    members: list[dict[str, Any]]
    sealed_at: datetime
    first_sent_at: datetime | None
    send_deadline: datetime | None
    sends: int
    outcome: str
    http_status: int
    earlier_sends: int = 0
    content: bytes = b""
    machine: str = ""
    watch_until: datetime | None = None
    first_uptime: int = 0
    last_uptime: int = 0
    elsewhere: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    kept: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def request(self, latest: datetime) -> Request:
        """The HTTP request, the same bytes every time, which must not leave after `latest` (UTC)."""
        fence = (running(), latest)
        if self.method == "DELETE":
            # Xero's DELETE calls take neither a body nor an Idempotency-Key (Xero's OpenAPI files); repeating one is harmless.
            return Request(self.method, self.path, fence=fence)
        if self.kind.raw:
            return Request(self.method, self.path, self.content, self.key, content_type=json.loads(self.body)["ContentType"], fence=fence)
        return Request(self.method, self.path, self.body.encode(), self.key, fence=fence)

    @property
    def endpoint(self) -> str:
        """The endpoint of its records, as links name it; for records below another one (allocations, attachments) with the path of that
        one."""
        return self.path.partition("?")[0] if self.kind.nested else self.kind.home

    @property
    def never_sent(self) -> bool:
        """Whether no byte of it can have left, and none will: no sending was ever noted."""
        return self.send_deadline is None

    @property
    def since(self) -> datetime:
        """Nothing of it can be in Xero from before this time (UTC)."""
        return self.first_sent_at or self.sealed_at

    @property
    def may_replay(self) -> bool:
        """Whether sending the same bytes under the same key again still tells what happened. Only the machine that sent them knows for
        certain how long ago that was; any other reads Xero's lists instead."""
        ago = self._ago(self.first_uptime)
        in_time = ago is not None and 0 <= ago < REPLAY_WINDOW.total_seconds()
        return not self.kind.raw and self.outcome != PROBE and in_time and now() < self.since + REPLAY_WINDOW

    @property
    def absence_counts(self) -> bool:
        """Whether it is so long after the last sending that what Xero does not show now is certainly not there."""
        if self.send_deadline is None:
            return True
        ago = self._ago(self.last_uptime)
        too_soon = ago is not None and ago < (SEND_MARGIN + ABSENCE_AFTER).total_seconds()
        return now() >= self.send_deadline + ABSENCE_AFTER and not too_soon

    def _ago(self, uptime: int) -> int | None:
        """Whole seconds since this machine had been running for `uptime` seconds; None on any machine but the one that sends this."""
        machine, running_for = running_time()
        return running_for - uptime if machine and machine == self.machine else None

    def running_since_first_send(self) -> int | None:
        """Seconds since it may first have been sent; only the machine that sent it knows, so None anywhere else."""
        return None if self.never_sent else self._ago(self.first_uptime)

    def stamp(self) -> datetime:
        """Note, just before it is sent, that it may be sent from now on. Returns the last moment (UTC) at which it may leave. Raises
        AlreadyResolved where another worker has settled it meanwhile. Part of the caller's transaction."""
        at = now()
        machine, uptime = running_time()
        first, first_uptime = (self.first_sent_at or at, self.first_uptime) if self.sends else (at, uptime)
        latest = at + timedelta(seconds=TOTAL_DEADLINE)
        if self.sends:
            # The same key is sent again: it must arrive while Xero still stores the first one.
            latest = min(latest, first + REPLAY_WINDOW, at + REPLAY_WINDOW - timedelta(seconds=uptime - first_uptime))
        deadline, sends = at + SEND_MARGIN, self.sends + 1
        frappe.db.sql(
            f"UPDATE `tab{DOCTYPE}` SET `first_sent_at`=%(first)s, `send_deadline`=%(deadline)s, `sends`=%(sends)s, `replays`=%(replays)s, "
            "`next_at`=%(deadline)s, `machine`=%(machine)s, `first_uptime`=%(first_uptime)s, `last_uptime`=%(uptime)s WHERE `name`=%(name)s AND `state`='Sealed' "
            "AND (`sends`=%(seen)s OR (`sends`=0 AND `send_deadline` IS NOT NULL))",
            {
                "first": first,
                "deadline": deadline,
                "sends": sends,
                "replays": sends - 1,
                "name": self.key,
                "seen": self.sends,
                "machine": machine,
                "first_uptime": first_uptime,
                "uptime": uptime,
            },
        )
        if affected_rows() != 1:
            raise AlreadyResolved(self.key)
        self.first_sent_at, self.send_deadline, self.sends = first, deadline, sends
        self.machine, self.first_uptime, self.last_uptime = machine, first_uptime, uptime
        return latest

    def wait_for_replay(self) -> None:
        """There was no clear answer: look again after 15 seconds, twice as long each time."""
        _set(self.key, next_at=now() + timedelta(seconds=15 * 2 ** min(self.sends - 1, 4)))

    def wait_for_probe(self, http_status: int = 0) -> None:
        """The key can no longer tell what happened, so Xero's own lists are read: at once, then when absence counts, then later each
        time."""
        first = self.outcome != PROBE
        self.outcome, self.http_status = PROBE, http_status or self.http_status
        certain = (self.send_deadline or now()) + ABSENCE_AFTER
        late = min(LONGEST_WAIT, max(timedelta(minutes=1), (now() - certain) / 2))
        next_at = now() + FIRST_LOOK if first else max(certain, now() + late) if certain <= now() else certain
        _set(self.key, outcome=PROBE, next_at=next_at, http_status=self.http_status)

    def remember(self) -> None:
        """Store what is known of the members by now. Members with kept records (`keep`) stay among them, because a person has still to
        decide."""
        decided_by_people = [each for each in _members(self.key) if each["entry"] in candidates_of(self.key) and each not in self.members]
        _set(self.key, members=json.dumps([*self.members, *decided_by_people], default=str))

    def keep_candidates(self, records: dict[str, list[dict[str, Any]]]) -> None:
        """Store records that Xero has and of which it is not known whose they are: lists of {id, number, total, date} by the name of the
        step."""
        known = candidates_of(self.key)
        _set(self.key, kept=json.dumps({**known, **records}, default=str))

    def looked_at(self) -> None:
        """Note that Xero's lists were searched for second records of it; after its day of watching that was the last time."""
        if self.watch_until and now() >= self.watch_until:
            _set(self.key, watch_until=None)

    def resolve(self, outcome: str, http_status: int = 0) -> None:
        """It is known what became of every member: erase the body. The members stay where second records are still looked for
        (`watched`)."""
        fields: dict[str, Any] = {"state": "Resolved", "outcome": outcome, "body": ""}
        if http_status:
            fields["http_status"] = http_status
        if outcome == PROBED or self.sends > 1:
            # A sending without a clear answer may still arrive, however late.
            fields["watch_until"] = now() + WATCH
        elif not candidates_of(self.key):
            fields["members"] = ""
        # An answer that comes after another worker has settled it changes nothing.
        if frappe.db.get_value(DOCTYPE, self.key, "state") == "Sealed":
            _set(self.key, **fields)


class AlreadyResolved(Exception):
    """Another worker has settled a sealed request meanwhile: it must not be sent."""


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
    """Write one attempt and return it. `content` are the bytes of a raw kind (a file), which `body` describes. Part of the caller's
    transaction, which must be committed before anything is sent."""
    at = now()
    values = {
        "name": key,
        **standard(),
        "connection": connection,
        "company": company,
        "kind": kind.name,
        "method": kind.method,
        "path": path,
        "state": "Sealed",
        "outcome": "",
        "http_status": 0,
        "epoch": epoch,
        "sealed_at": at,
        "first_sent_at": None,
        "send_deadline": None,
        "replays": 0,
        "sends": 0,
        # Until a sending is noted (`stamp`) it was not sent: the next holder of the lease gives its steps back at once.
        "next_at": at,
        "machine": "",
        "first_uptime": 0,
        "last_uptime": 0,
        "members": json.dumps(members, default=str),
        "body": body.decode(),
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())])
    return replace(_attempt(values), content=content)


def unresolved(connection: str) -> list[Attempt]:
    """Sealed attempts whose next look is due, oldest first, without the members that a person has to decide about."""
    sealed = {"connection": connection, "state": "Sealed"}
    rows = [
        row
        for due in (("<=", now()), (">", now() + IMPOSSIBLE))
        for row in frappe.get_all(DOCTYPE, filters={**sealed, "next_at": due}, fields=FIELDS, order_by="sealed_at asc", limit=50)
    ]
    found = [_attempt(row) for row in rows]
    for attempt in found:
        known = candidates_of(attempt.key)
        attempt.members = [member for member in attempt.members if member["entry"] not in known]
    return found


def named(key: str) -> Attempt | None:
    """One attempt by its key, with the members that are still known; None where it is gone."""
    rows = frappe.get_all(DOCTYPE, filters={"name": key}, fields=FIELDS)
    return _attempt(rows[0]) if rows else None


def watched(connection: str) -> list[Attempt]:
    """Settled attempts whose answer was not clear, while second records of them are looked for: for a day, and longer until somebody could
    look."""
    filters = {"connection": connection, "state": "Resolved", "watch_until": ("is", "set")}
    return [_attempt(row) for row in frappe.get_all(DOCTYPE, filters=filters, fields=FIELDS, order_by="sealed_at asc", limit=500)]


def not_closed(connection: str) -> list[Attempt]:
    """Every request by which Xero may have a record that is linked to nothing: open, still watched, or (then without its members) with
    records that a person chooses from."""
    mine, found = {"connection": connection}, dict[str, Attempt]()
    for more in ({"kept": ("is", "set")}, {"watch_until": ("is", "set")}, {"state": "Sealed"}):
        for row in frappe.get_all(DOCTYPE, filters={**mine, **more}, fields=FIELDS):
            found[row["name"]] = _attempt({**row, "members": ""} if "kept" in more else row)
    return list(found.values())


def candidates_of(key: str) -> dict[str, list[dict[str, Any]]]:
    """The records stored by `Attempt.keep_candidates`, by the name of the step."""
    return dict(json.loads(frappe.db.get_value(DOCTYPE, key, "kept") or "{}"))


def _members(key: str) -> list[dict[str, Any]]:
    return list(json.loads(frappe.db.get_value(DOCTYPE, key, "members") or "[]"))


def next_look(connection: str) -> datetime | None:
    """When the earliest unresolved attempt is to be looked at (UTC); None where there is none."""
    filters = {"connection": connection, "state": "Sealed"}
    rows = frappe.get_all(DOCTYPE, filters=filters, pluck="next_at", order_by="next_at asc", limit=1)
    at = rows[0] if rows else None
    return now() if at and at > now() + IMPOSSIBLE else at


def unclear_since(connection: str, before: datetime) -> list[Attempt]:
    """Sealed attempts that may have been sent before `before` (UTC) and of which it is not known what became of them."""
    filters = {"connection": connection, "state": "Sealed", "send_deadline": ("<", before)}
    found = map(_attempt, frappe.get_all(DOCTYPE, filters=filters, fields=FIELDS, order_by="sealed_at asc", limit=200))
    return [attempt for attempt in found if not attempt.never_sent]


def _attempt(row: dict[str, Any]) -> Attempt:
    sends = int(row["sends"] or 0)
    if not sends and row["send_deadline"]:
        # From a former release, which did not count sendings and noted the last possible one when it sealed.
        sends = int(row["replays"] or 0) + 1
    return Attempt(
        row["name"],
        KINDS[row["kind"]],
        row["method"],
        row["path"],
        row["body"] or "",
        json.loads(row["members"] or "[]"),
        row["sealed_at"],
        row["first_sent_at"],
        row["send_deadline"],
        sends,
        row["outcome"] or "",
        int(row["http_status"] or 0),
        sends,
        machine=row["machine"] or "",
        watch_until=row.get("watch_until"),
        first_uptime=int(row["first_uptime"] or 0),
        last_uptime=int(row["last_uptime"] or 0),
        kept=dict(json.loads(row.get("kept") or "{}")),
    )


def _set(key: str, **fields: Any) -> None:
    frappe.db.set_value(DOCTYPE, key, fields)
