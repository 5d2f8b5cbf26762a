"""Rows of the outbox (Xero Outbox Entry), one per step: adding them, moving them between states, finding what is due.

`move` is the only writer of a step's state and makes only the moves that engine/protocol allows. Every update is by primary key: an update
over a range or over the index of states would lock gaps of that index in InnoDB and so block users' submits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import now_datetime, nowdate

from ..accounting.problems import Problem
from ..accounting.texts import dump, shortened
from ..compat import affected_rows
from ..documents.compare_linked import WARNINGS
from ..documents.identity import INVOICE_DOCTYPES, Identity, step_key
from ..documents.registry import room_of_gone
from ..xero.records.registry import EXTRAS
from . import causes, protocol
from .clock import now
from .screen_texts import stored
from .standard_columns import standard

DOCTYPE = "Xero Outbox Entry"
FIELDS = (
    "name connection company reference_doctype reference_name reference_creation room role generation kind mark state due_at blocked_on awaits "
    "posting_date amount currency reason_code reason cure reason_parts attempt epoch tries batch_limit failures failing request_group kept_by told number_suffix step_key released_by released_at changed_fields left_out_on approved_by approved_at not_before rule history_run late_by late_at late_for approval_stage owner undo_run"
).split()
# Steps of these roles wait only until a request in flight is answered, whatever the answer.
WAIT_FOR_ANSWERS = (*protocol.TAKES_BACK, "recheck", "allocation")
# A TEXT column holds 65,535 bytes, and one character takes up to four.
LONGEST_TEXT = 10_000
# What takes a record back for an undo, below live traffic; where a person wants it at once it is live traffic.
TAKEN_BACK = "(COALESCE(`undo_run`, '')<>'' AND SUBSTR(`role`, 1, 5)='undo-' AND `undo_run` NOT IN (SELECT `name` FROM `tabXero Undo Run` WHERE `at_once`=1))"
# How a step starts anew that was released or retried. `tries` is 1, not 0: a note that was sent before is then looked for in Xero before it is sent again.
AFRESH: dict[str, Any] = {"attempt": "", "tries": 1, "failures": 0, "failing": "", "request_group": "", "batch_limit": 0}
# So many rows are changed by one statement.
AT_ONCE = 500
# More steps than a few hundred documents have, and more notes and files than wait.
MOST_EXTRAS = MOST_OF_A_PAGE = 100_000
NOTHING_SAID = {"reason_code": "", "reason": "", "cure": "", "reason_parts": ""}
COLUMNS = ", ".join(f"`{name}`" for name in FIELDS)
Row = dict[str, Any]


def identity(row: Row) -> Identity:
    """The ERPNext document that a row is about."""
    return Identity(row["reference_doctype"], row["reference_name"], row["reference_creation"])


def add(
    connection: str,
    company: str,
    who: Identity,
    role: str,
    *,
    room: str = "",
    kind: str = "",
    revision: int = 1,
    state: str = protocol.PENDING,
    problem: Problem | None = None,
    posting_date: Any = None,
    amount: Any = None,
    currency: str = "",
    blocked_on: str = "",
    released_by: str = "",
    released_at: datetime | None = None,
    changed_fields: str = "",
    **taken_over: Any,
) -> str:
    """Insert one step in ONE statement unless it exists already; returns its unique key. `blocked_on` is the name of a step that it waits
    for; `released_by` and `released_at` (UTC): who said that the document's money may go (documents/money);
    `changed_fields`: of a contact that is to be changed (documents/party/update); `taken_over`: columns of the step that asks for this one.
    `room` is the document's folder in documents/ (`registry.room_name`), stored so that a deleted document still has one; without it the
    room of the document's other steps is taken. Part of the caller's transaction. A second insert of the same step changes nothing.
    """
    key = step_key(connection, who, role, revision)
    values = {
        "name": frappe.generate_hash(length=12),
        **standard(frappe.session.user),
        "connection": connection,
        "company": company,
        "reference_doctype": who.doctype,
        "reference_name": who.name,
        "reference_creation": who.creation,
        "room": room or _room(connection, who, role),
        "role": role,
        "generation": revision,
        "kind": kind,
        "state": state,
        "due_at": now(),
        "posting_date": posting_date,
        "amount": amount or 0,
        "currency": currency,
        "blocked_on": blocked_on,
        "released_by": released_by,
        "released_at": released_at,
        "changed_fields": changed_fields,
        "left_out_on": nowdate() if state == protocol.SKIPPED else None,
        **taken_over,
        **(said(problem) if problem else NOTHING_SAID),
        "step_key": key,
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)
    if problem and state in causes.WAITING and (step := get(step_key=key)):
        causes.write(step, [problem])
    return key


def add_sibling(row: Row, role: str, **fields: Any) -> Row:
    """Add a further step of the same document with the facts of `row`, unless it exists; returns it as it is stored. `fields` replace
    facts, for instance the `revision`."""
    facts = {"revision": row["generation"], **{name: row[name] for name in ("room", "posting_date", "amount", "currency")}}
    found = get(step_key=add(row["connection"], row["company"], identity(row), role, **{**facts, **fields}))
    if found is None:
        raise RuntimeError(f"The step {role} of {row['reference_name']} was not written")
    return found


def _room(connection: str, who: Identity, role: str) -> str:
    """The room where the caller does not know it; only an invoice and its return need the document's other steps to be told apart."""
    steps = steps_of(connection, who) if who.doctype in INVOICE_DOCTYPES else []
    return str(steps[0]["room"]) if steps else room_of_gone(who.doctype, [role])


def put_back(rows: Sequence[Row]) -> None:
    """Insert steps as a configuration file has them, all with the same columns, their keys made (configuration/ties). Part of the caller's transaction."""
    if rows:
        frappe.db.bulk_insert(DOCTYPE, list(rows[0]), [tuple(row.values()) for row in rows])


def forget(names: Sequence[str]) -> None:
    """Delete steps of which no request was ever made (engine/watch). By primary key, as every update here; part of the caller's transaction."""
    for at in range(0, len(names), AT_ONCE):
        frappe.db.delete(DOCTYPE, {"name": ("in", names[at : at + AT_ONCE])})


def set_room(names: list[str], room: str) -> None:
    """Store which room these steps belong to; for a patch of rows from before rooms were stored. By primary key, as every update here."""
    frappe.db.sql(f"UPDATE `tab{DOCTYPE}` SET `room`=%(room)s WHERE `name` IN %(names)s", {"room": room, "names": tuple(names)})


def set_left_out_on(names: list[str], day: str) -> None:
    """Store on which day (yyyy-mm-dd, the site's) these steps were left out; for a patch. By primary key, as every update here."""
    frappe.db.sql(f"UPDATE `tab{DOCTYPE}` SET `left_out_on`=%(day)s WHERE `name` IN %(names)s", {"day": day, "names": tuple(names)})


def get(**where: Any) -> Row | None:
    """One row by its `name` or `step_key`."""
    rows = _select(" AND ".join(f"`{field}`=%({field})s" for field in where), where)
    return rows[0] if rows else None


def steps_of(connection: str, who: Identity) -> list[Row]:
    """All steps of one ERPNext document, oldest first."""
    return _select(
        "`connection`=%(connection)s AND `reference_doctype`=%(doctype)s AND `reference_name`=%(name)s AND `reference_creation`=%(creation)s",
        {"connection": connection, "doctype": who.doctype, "name": who.name, "creation": who.creation},
    )


def of_documents(connection: str, doctype: str, names: Sequence[str]) -> list[Row]:
    """All steps of the documents with these names, a few hundred names at most: also of those that had such a name before and were deleted."""
    where = "`reference_doctype`=%(doctype)s AND `reference_name` IN %(names)s AND `connection`=%(connection)s"
    return _select(where, {"connection": connection, "doctype": doctype, "names": tuple(names)}, MOST_OF_A_PAGE) if names else []


def named(names: Sequence[str]) -> list[Row]:
    """The steps with these names, as many as there are."""
    return _select("`name` IN %(names)s", {"names": tuple(names)}) if names else []


def due(connection: str, at: datetime, limit: int, extra: bool = False, history: tuple[str, ...] = (), undo: bool = False) -> list[Row]:
    """Pending steps due by `at` (UTC) that wait for nothing, oldest first; a plain read. Apart from live traffic: `extra`, imports of `history`, what an `undo` takes back."""
    kinds = f"COALESCE(`kind`, '') {'IN' if extra else 'NOT IN'} %(kinds)s"
    whose = TAKEN_BACK if undo else "`history_run` IN %(history)s" if history else f"COALESCE(`history_run`, '')='' AND NOT {TAKEN_BACK}"
    return _select(
        f"`connection`=%(connection)s AND `state`='Pending' AND `due_at`<=%(at)s AND (`blocked_on` IS NULL OR `blocked_on`='') AND {kinds} AND {whose}",
        {"connection": connection, "at": at, "kinds": EXTRAS, "history": history},
        limit,
    )


def look_for_extras_first(connection: str, who: Identity | None = None) -> None:
    """Have notes and files that wait (of one document, or all) count as tried: Xero is then asked whether it has them before they are sent
    (extras/note_plans)."""
    where = "`connection`=%(connection)s AND `state`='Pending' AND COALESCE(`kind`, '') IN %(kinds)s AND COALESCE(`tries`, 0)=0"
    rows = steps_of(connection, who) if who else _select(where, {"connection": connection, "kinds": EXTRAS}, MOST_EXTRAS)
    for row in rows:
        if row["kind"] in EXTRAS and row["state"] == protocol.PENDING and not int(row["tries"] or 0):
            set_columns(row, tries=1)


def untold(connection: str, limit: int, but: str) -> list[Row]:
    """Steps that wait for a person and that nobody was told of yet, but for those with the reason code `but`."""
    where = "`connection`=%(connection)s AND `state` IN ('Held', 'Needs Attention') AND COALESCE(`told`, 0)=0 AND COALESCE(`reason_code`, '')<>%(but)s"
    return _select(where, {"connection": connection, "but": but}, limit)


def in_flight(connection: str) -> list[Row]:
    """Steps that were claimed and not yet settled."""
    return _select("`connection`=%(connection)s AND `state` IN ('Sending', 'Unknown')", {"connection": connection})


def unsealed(connection: str) -> bool:
    """Whether a claimed step has no sealed request yet; while nobody holds the lease, that means its worker died."""
    return any(row["state"] == protocol.SENDING and not row["attempt"] for row in in_flight(connection))


def silent(connection: str, requests: list[str]) -> list[Row]:
    """Steps inside these sealed requests that are in flight and show no reason."""
    where = "`connection`=%(connection)s AND `attempt` IN %(requests)s AND `state` IN ('Sending', 'Unknown') AND COALESCE(`reason`, '')=''"
    return _select(where, {"connection": connection, "requests": tuple(requests)})


def move(row: Row, event: str, problem: Problem | None = None, *, problems: Sequence[Problem] = (), **fields: Any) -> bool:
    """Take one step through `event` (see engine/protocol); False where the row is no longer as the caller saw it, because someone else
    moved it. `problems` are all that `problem` sums up: what has to change before it can go (engine/causes.py).
    `row` is updated in place on success. Raises protocol.ForbiddenMove for a move that does not exist. A step of which Xero may have a
    record (`kept_by`) is never superseded: False then, and it stays as it is.
    """
    target = protocol.after(row["state"], event)
    if target == protocol.SUPERSEDED and row.get("kept_by"):
        return False
    if target in causes.WAITING:
        fields["told"] = 0
    if target == protocol.SKIPPED:
        fields["left_out_on"] = nowdate()
    changes = {**NOTHING_SAID, "blocked_on": "", "awaits": "", **fields, "state": target, "modified": now_datetime()}
    if problem:
        changes |= said(problem)
    was = row["state"]
    if not _update(row, changes):
        return False
    causes.replace(row, was, problems or ([problem] if problem else []))
    if target in (protocol.SYNCED, protocol.SUPERSEDED, protocol.SKIPPED):
        # A skipped step will never be done: what waited for it is decided again, and then says what is missing.
        _release_waiting(row["name"])
    elif target not in protocol.IN_FLIGHT:
        _release_waiting(row["name"], WAIT_FOR_ANSWERS)
    return True


def decide_anew(row: Row, **fields: Any) -> bool:
    """Let a step go on that was Held, needed attention or was skipped, or have one compared again that is in Xero with a warning; False
    where it is none of these any more."""
    warns = row["state"] == protocol.SYNCED and row["reason_code"] in WARNINGS
    if row["state"] not in (*causes.WAITING, protocol.SKIPPED) and not warns:
        return False
    return move(row, "release" if row["state"] == protocol.HELD else "retry", **{**AFRESH, "due_at": now(), **fields})


def postpone(row: Row, *, until: datetime | None = None, blocked_on: str = "", awaits: str = "", problem: Problem | None = None) -> bool:
    """Let a Pending step wait until a time (UTC), for another step, or until a record (`awaits`) is approved. Its state does not change."""
    changes: dict[str, Any] = {"blocked_on": blocked_on, "awaits": awaits, "modified": now_datetime()}
    changes |= {"due_at": until} if until else {}
    if problem:
        changes |= said(problem)
    return _update(row, changes)


def awaits_any(connection: str, endpoint: str) -> bool:
    """Whether a step waits for a person to approve a record at this endpoint."""
    where = "`connection`=%(connection)s AND `state`='Pending' AND `awaits` LIKE %(places)s"
    return bool(_select(where, {"connection": connection, "places": f"{endpoint}/%"}, 1))


def awaiting_since(connection: str, before: Any) -> int:
    """How many steps that were added before `before` (the site's time) wait for a person to approve a record."""
    where = "`connection`=%(connection)s AND `state`='Pending' AND COALESCE(`awaits`, '')<>'' AND `creation`<%(before)s"
    return int(frappe.db.sql(f"SELECT COUNT(*) FROM `tab{DOCTYPE}` WHERE {where}", {"connection": connection, "before": before})[0][0])


def wake_awaiting(connection: str, places: Sequence[str]) -> int:
    """Let the steps go on that wait for these records (`endpoint/id`); returns how many. By primary key, as every update here."""
    if not places:
        return 0
    where = "`connection`=%(connection)s AND `state`='Pending' AND `awaits` IN %(places)s"
    values = {"connection": connection, "places": tuple(places)}
    names = [row["name"] for row in frappe.db.sql(f"SELECT `name` FROM `tab{DOCTYPE}` WHERE {where}", values, as_dict=True)]
    for at in range(0, len(names), AT_ONCE):
        frappe.db.sql(
            f"UPDATE `tab{DOCTYPE}` SET `due_at`=%(now)s, `awaits`='' WHERE `name` IN %(names)s",
            {"now": now(), "names": tuple(names[at : at + AT_ONCE])},
        )
    return len(names)


def let_go(names: Sequence[str], not_before: datetime | None) -> None:
    """Have these Pending steps decided at once, and forget what they waited for; `not_before` (UTC) as on the step. By primary key, as every update here."""
    said_no_more = ", ".join(f"`{name}`=''" for name in NOTHING_SAID)
    change = f"UPDATE `tab{DOCTYPE}` SET `due_at`=%(now)s, `not_before`=%(until)s, {said_no_more} WHERE `state`='Pending' AND `name` IN %(names)s"
    for at in range(0, len(names), AT_ONCE):
        frappe.db.sql(change, {"now": now(), "until": not_before, "names": tuple(names[at : at + AT_ONCE])})


def set_columns(row: Row, **fields: Any) -> bool:
    """Change facts of a step other than its state (its attempt, kind or batch limit)."""
    return _update(row, {**fields, "modified": now_datetime()})


def failed_again(row: Row | None, what: str) -> dict[str, Any]:
    """The columns by which a step counts how often in a row something failed, whatever it was, and says what it was now (`what`)."""
    return {"failures": int((row or {}).get("failures") or 0) + 1, "failing": what}


def said(problem: Problem) -> dict[str, str]:
    """A problem as the columns of a row: the English sentences, cut where Xero's words are longer than a column, and what they were made
    of."""
    message, resolution = shortened(problem.message, LONGEST_TEXT), shortened(problem.resolution, LONGEST_TEXT)
    return {
        "reason_code": problem.code,
        "reason": stored(message),
        "cure": stored(resolution),
        "reason_parts": dump(reason=message, cure=resolution),
    }


def _update(row: Row, changes: dict[str, Any]) -> bool:
    assignments = ", ".join(f"`{field}`=%({field})s" for field in changes)
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET {assignments} WHERE `name`=%(_name)s AND `state`=%(_seen)s AND COALESCE(`attempt`, '')=%(_attempt)s",
        {**changes, "_name": row["name"], "_seen": row["state"], "_attempt": row.get("attempt") or ""},
    )
    if affected_rows() != 1:
        return False
    row.update(changes)
    return True


def _release_waiting(blocker: str, roles: tuple[str, ...] = ()) -> None:
    """Let the steps go on that wait for `blocker`; with `roles` only steps of these roles."""
    for row in frappe.get_all(DOCTYPE, filters={"blocked_on": blocker}, fields=["name", "role"]):
        if not roles or row["role"].partition("-")[0] in roles:
            frappe.db.sql(
                f"UPDATE `tab{DOCTYPE}` SET `blocked_on`='', `reason_code`='', `reason`='', `cure`='', `reason_parts`='' WHERE `name`=%(name)s",
                {"name": row["name"]},
            )


def _select(where: str, values: dict[str, Any], limit: int = 1000) -> list[Row]:
    rows: Sequence[Row] = frappe.db.sql(
        f"SELECT {COLUMNS} FROM `tab{DOCTYPE}` WHERE {where} ORDER BY `due_at`, `creation`, `name` LIMIT {int(limit)}", values, as_dict=True
    )
    # A worker that still ran a former release while the site was updated has written no room.
    return [{**row, "room": row["room"] or room_of_gone(row["reference_doctype"], [row["role"]])} for row in rows]
