"""Putting back what ties documents to their records in Xero: links, steps as they stood, and what goes with them. Keys are made anew, since they hold
the connection's name; names of rows stay, since rows refer to each other by them.

What was under way at the export waits again. Before anything is created, Xero's lists are compared since then (engine/restored), as after a backup
that was put back: what was sent after the export is found there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import frappe

from ..connection import pauses, settings, watching
from ..connection.current import RETIRED
from ..documents import registry
from ..documents.identity import Identity, cash_key, link_key, moment, remote_key, step_key
from ..engine import former_names, heartbeat, history, link_targets, outbox, protocol, renames, restored, write_protection
from ..engine.cash_summaries import IN_WAYS
from ..engine.clock import now
from ..engine.limits import paused_because
from ..engine.search_walk import RESTART
from ..engine.standard_columns import standard
from ..xero.records.registry import KINDS, object_at
from . import tables
from .checks import Told
from .file import Row
from .tables import Table, Wrong

CONNECTION, STATE, AUTHORISATION, FEES = "Xero Connection", "Xero Connection State", "Xero Authorisation", "Xero Deduction Mapping"
AT_ONCE = 1000
DOCTYPES = (*registry.SUBMITTED, *(doctype for room in registry.ROOMS if not room.submitted for doctype in room.doctypes))
# Of the documents that are not here any more, so many are looked for under another name, and so many are named.
MOST_LOOKED_FOR, NAMED = 500, 20
Who = tuple[str, str, str]


@dataclass
class Restored:
    """How many rows of each section were put back, and which documents of them are not here any more."""

    counted: dict[str, int] = field(default_factory=dict)
    not_here: list[str] = field(default_factory=list)


@dataclass
class Restoring:
    """One file's ties on their way into the tables. `connections` are the names here, in the file's order ("" for one that is here already);
    `known_as`: what fees' contacts were known by, and what they are known by now."""

    connections: list[str]
    company: str
    known_as: dict[Who, Identity]
    done: Restored = field(default_factory=Restored)
    _keys: set[str] = field(default_factory=set)
    _summaries: dict[str, Row] = field(default_factory=dict)
    _looked: dict[Who, Identity | None] = field(default_factory=dict)

    def take(self, rows: Iterable[tuple[Table, Row]]) -> None:
        """Write the rows, some at a time. Raises Wrong for what no export can have written."""
        page: list[dict[str, Any]] = []
        of: Table | None = None
        for table, row in rows:
            if of is not None and (table is not of or len(page) >= AT_ONCE):
                self._write(of, page)
                page = []
            of = table
            if self._connection(row):
                page.append({**table.checked(row), "of": row.get("of", 0)})
        if of is not None:
            self._write(of, page)

    def _connection(self, row: Row) -> str:
        of = row.get("of", 0)
        if not isinstance(of, int) or isinstance(of, bool) or not 0 <= of < len(self.connections):
            raise Wrong(f"of: {of!r}")
        return self.connections[of]

    def _write(self, table: Table, page: list[dict[str, Any]]) -> None:
        if not page:
            return
        self.done.counted[table.section] = self.done.counted.get(table.section, 0) + len(page)
        if "reference_name" in table.columns:
            self._follow(page)
        rows = []
        for each in page:
            connection = self.connections[each.pop("of")]
            made = getattr(self, f"_{table.section}", None)
            extra = made(connection, each) if made else {}
            own = {} if table.only is None else {"connection": connection, "company": self.company}
            rows.append({**standard(), **own, **each, **extra})
        if table is tables.STEPS:
            outbox.put_back(rows)
        else:
            frappe.db.bulk_insert(table.doctype, list(rows[0]), [tuple(row.values()) for row in rows])
        if table is tables.LINKS:
            self._targets(rows)

    def _follow(self, page: list[dict[str, Any]]) -> None:
        """Let rows be about their documents as these are called now, and note those that are not here."""
        wanted: dict[str, set[Who]] = {}
        for row in page:
            who = (row["reference_doctype"], row["reference_name"], row["reference_creation"])
            if who[0] not in DOCTYPES and who[0] != FEES:
                raise Wrong(f"reference_doctype: {who[0]}")
            if who not in self._looked:
                wanted.setdefault(who[0], set()).add(who)
        for doctype, missing in wanted.items():
            self._look(doctype, missing)
        for row in page:
            who = (row["reference_doctype"], row["reference_name"], row["reference_creation"])
            if found := self._looked[who]:
                row["reference_name"], row["reference_creation"] = found.name, found.creation

    def _look(self, doctype: str, wanted: set[Who]) -> None:
        if doctype == FEES:
            self._looked |= {who: self.known_as.get(who) for who in wanted}
            return
        here = frappe.get_all(doctype, filters={"name": ("in", sorted({who[1] for who in wanted}))}, fields=["name", "creation"])
        there = {(doctype, row["name"], moment(row["creation"])) for row in here}
        for who in wanted:
            self._looked[who] = None
            if who in there:
                continue
            called = renames.now_called(Identity(*who)) if len(self.done.not_here) < MOST_LOOKED_FOR else None
            if called:
                self._looked[who] = called
                former_names.renamed(doctype, who[1], called.name)
            else:
                self.done.not_here.append(f"{who[0]} {who[1]}")

    def _unique(self, key: str, row: dict[str, Any]) -> str:
        """The key, unless another row of the file has it already: one of a merged document keeps a key of its own."""
        if key in self._keys:
            key = hashlib.sha256(f"{key}\x1f{row['name']}".encode()).hexdigest()[:40]
        self._keys.add(key)
        return key

    def _imports(self, connection: str, row: dict[str, Any]) -> dict[str, Any]:
        if row["mode"] not in history.MODES or row["state"] not in (*history.OPEN, history.STOPPED, history.DONE):
            raise Wrong(f"imports: {row['mode']}, {row['state']}")
        account = row["opening_account"]
        known = account and frappe.db.get_value("Account", account, "company") == self.company
        own = {"opening_account": account if known else "", "due_at": None}
        if row["state"] == history.STOPPED:
            # What was not sent may not have been given back yet.
            return {**own, "due_at": now()}
        # Whoever puts a site back goes on with an import himself.
        return {**own, "state": history.PAUSED, "paused_at": now()} if row["state"] in history.OPEN else own

    def _cash_summaries(self, connection: str, row: dict[str, Any]) -> dict[str, Any]:
        known = frappe.db.get_value("Account", row["account"], "company") == self.company
        if row["docstatus"] not in (1, 2) or row["direction"] not in IN_WAYS or not known or not row["posting_date"]:
            raise Wrong(f"cash_summaries: {row['name']}")
        self._summaries[row["name"]] = row
        return {"summary_key": cash_key(connection, row["account"], row["posting_date"], row["direction"], row["number"])}

    def _cash_counted(self, connection: str, row: dict[str, Any]) -> dict[str, Any]:
        if not (of := self._summaries.get(row["parent"])):
            raise Wrong(f"cash_counted: {row['parent']}")
        key = cash_key(connection, _identity(row).digest, of["account"], IN_WAYS[of["direction"]])
        own = {"parenttype": tables.CASH_SUMMARIES.doctype, "parentfield": "rows", "docstatus": of["docstatus"]}
        return {**own, "counted_key": self._unique(key, row) if of["docstatus"] == 1 else None}

    def _links(self, connection: str, row: dict[str, Any]) -> dict[str, Any]:
        who, shared = _identity(row), _object(row["endpoint"]).shared
        if not tables.XERO_ID.fullmatch(row["xero_id"]):
            raise Wrong(f"xero_id: {row['xero_id']}")
        return {
            "link_key": self._unique(link_key(connection, who, row["role"], row["sequence"], row["generation"]), row),
            "remote_key": self._unique(remote_key(connection, row["endpoint"], row["xero_id"], who if shared else None), row),
        }

    def _targets(self, rows: list[dict[str, Any]]) -> None:
        """What links settle follows from their markers."""
        link_targets.add(
            link_targets.Of(row["name"], row["connection"], row["company"], each)
            for row in rows
            for each in _object(row["endpoint"]).settled(_loaded(row["marker"]))
        )

    def _steps(self, connection: str, row: dict[str, Any]) -> dict[str, Any]:
        if row["state"] not in protocol.STATES or row["mark"] not in ("", *protocol.MARKS) or (row["kind"] and row["kind"] not in KINDS):
            raise Wrong(f"state: {row['state']}, kind: {row['kind']}, mark: {row['mark']}")
        key = self._unique(step_key(connection, _identity(row), row["role"], row["generation"]), row)
        # What was under way is looked for in Xero's lists, as all that waits; nothing says any more why it waited.
        again = {"state": protocol.PENDING, **outbox.NOTHING_SAID} if row["state"] in protocol.IN_FLIGHT else {}
        return {"step_key": key, "due_at": now(), **outbox.AFRESH, "epoch": 0, **again}

    def _requests(self, connection: str, row: dict[str, Any]) -> dict[str, Any]:
        if row["kind"] not in KINDS or not tables.PLACE.fullmatch(row["path"]):
            raise Wrong(f"kind: {row['kind']}, path: {row['path']}")
        for records in _loaded(row["kept"]).values():
            for each in records:
                _object(each["endpoint"])
        return {"state": "Resolved", "body": "", "sends": 1, "method": KINDS[row["kind"]].method, "next_at": now()}

    def _records(self, connection: str, row: dict[str, Any]) -> dict[str, Any]:
        _object(row["endpoint"])
        return {"record_key": hashlib.sha256("\x1f".join((connection, row["endpoint"], row["xero_id"])).encode()).hexdigest()[:40]}


def _identity(row: dict[str, Any]) -> Identity:
    return Identity(row["reference_doctype"], row["reference_name"], row["reference_creation"])


def _object(endpoint: Any) -> Any:
    if not isinstance(endpoint, str) or not tables.PLACE.fullmatch(endpoint):
        raise Wrong(f"endpoint: {endpoint!r}")
    try:
        return object_at(endpoint)
    except KeyError as error:
        raise Wrong(f"endpoint: {endpoint}") from error


def _loaded(text: str) -> dict[str, Any]:
    found = _parsed(text)
    if not isinstance(found, dict):
        raise Wrong("a text that holds no object")
    return found


def _parsed(text: str) -> Any:
    try:
        return json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise Wrong(str(error)) from error


def take_id(told: Told) -> None:
    """Let this site have the file's id, and what knows this site by its fingerprint know it by the new one. Part of the caller's transaction."""
    former = settings.fingerprint()
    doc = frappe.get_doc(settings.DOCTYPE)
    doc.instance_id = told.instance
    with write_protection.own_writes():
        doc.save(ignore_permissions=True)
    for name in frappe.get_all(AUTHORISATION, filters={"site": former}, pluck="name"):
        frappe.db.set_value(AUTHORISATION, name, "site", settings.fingerprint(), update_modified=False)
    for name in frappe.get_all(STATE, filters={"fingerprint": former}, pluck="name"):
        frappe.db.set_value(STATE, name, "fingerprint", settings.fingerprint(), update_modified=False)


def connections(connection: str, company: str, said: list[Row]) -> list[str]:
    """The connections here, in the file's order: this one, and the company's retired ones, made anew; "" for one that is here already. Part of the
    caller's transaction."""
    found = [connection]
    for row in said[1:]:
        values = {field: row.get(field) for field in tables.OF_CONNECTION}
        if not isinstance(values["tenant_id"], str) or not tables.XERO_ID.fullmatch(values["tenant_id"]):
            raise Wrong("connections: tenant_id")
        if frappe.db.exists(CONNECTION, {"company": company, "tenant_id": values["tenant_id"]}):
            found.append("")
            continue
        doc = frappe.get_doc({"doctype": CONNECTION, **values, "company": company, "state": RETIRED})
        with write_protection.own_writes():
            doc.insert(ignore_permissions=True)
            frappe.get_doc({"doctype": STATE, "connection": doc.name, "company": company}).insert(ignore_permissions=True)
        frappe.db.set_value(STATE, doc.name, {**_state(row), "fingerprint": settings.fingerprint()}, update_modified=False)
        found.append(str(doc.name))
    return found


def _state(row: Row) -> dict[str, Any]:
    """The columns of a state row that are texts of ours."""
    texts = {name: row.get(name) or "" for name in ("read_until", "tax_stops", "question_overrides", "steps_opened")}
    for text in texts.values():
        if not isinstance(text, str):
            raise Wrong("connections: a text")
        _parsed(text)
    return texts


def stand(connection: str, told: Told) -> None:
    """Let the connection stand where it stood: with its go-live date, paused until a person lets it send, every search to begin anew, and Xero's lists to
    be compared since the export; one that only watched watches again, from the same day. Part of the caller's transaction."""
    row = told.connection
    state = {**_state(row), "fingerprint": settings.fingerprint(), **RESTART}
    frappe.db.set_value(STATE, connection, state, update_modified=False)
    if not row.get("go_live_date"):
        if row.get("watched_from"):
            watching.go_on(connection, str(row["watched_from"]))
        return
    problem = pauses.restored_from_file(str(told.about["exported_at"])[:16])
    said = paused_because(problem.message, problem.resolution, problem.code)
    frappe.db.set_value(CONNECTION, connection, {"go_live_date": row["go_live_date"], "state": "Paused", **said})
    restored.compare_until_searched(connection, min(datetime.fromisoformat(str(told.about["unclear_since"])), now()) - heartbeat.MARGIN)


def signed_off(connection: str, told: Told, checked: str) -> bool:
    """Keep the accountant's sign-off of the taxes where they are mapped as they were signed (`checked`: their fingerprint now). Part of the caller's
    transaction."""
    row = told.connection
    if not row.get("taxes_checked") or row["taxes_checked"] != checked:
        return False
    at = row.get("taxes_checked_at")
    values = {
        "taxes_checked": checked,
        "taxes_checked_by": str(row.get("taxes_checked_by") or ""),
        "taxes_checked_at": datetime.fromisoformat(at) if at else None,
    }
    frappe.db.set_value(STATE, connection, values, update_modified=False)
    return True
