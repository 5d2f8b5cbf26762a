"""Why steps wait, as rows of Xero Step Cause: one for each problem and each thing whose change may cure it (accounting/causes.py).

`outbox.move` alone writes and removes them, in one transaction with the step's state: they stand while the step is Held or Needs Attention
(and while a note or file is skipped that may go later). Every statement is by primary key or a plain read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import frappe

from ..accounting import causes
from ..accounting.causes import Cause
from ..accounting.problems import Problem
from ..accounting.texts import NONE
from ..documents.identity import PARTY_FIELD
from ..documents.rules.words import SKIPS
from ..documents.step import ATTENTION, HELD, SKIPPED
from . import cures
from .clock import now
from .screen_texts import shown, stored
from .standard_columns import standard

DOCTYPE = "Xero Step Cause"
WAITING = (HELD, ATTENTION)
MOST = 255
Row = dict[str, Any]


def replace(row: Row, was: str, problems: Iterable[Problem]) -> None:
    """A step has gone from the state `was` to that of `row`: its former causes go, and where it waits now, those of `problems` are
    written."""
    if was in (*WAITING, SKIPPED):
        remove(frappe.get_all(DOCTYPE, filters={"step": row["name"]}, pluck="name"))
    write(row, problems)


def write(row: Row, problems: Iterable[Problem]) -> None:
    """Write the causes of a step's problems, as its state wants them."""
    wanted = {(problem.code, cause) for problem in problems for cause in causes.of(problem.code, problem.causes)}
    if row["state"] == SKIPPED:
        # Nothing is left to do, unless a note or file waits for something that may still come, or a rule skips it that may be changed.
        wanted = {(code, cause) for code, cause in wanted if cause.kind == causes.PERMISSION or code in SKIPS}
    elif row["state"] not in WAITING:
        return
    named = sorted((code, _named(row, cause)) for code, cause in wanted)
    if not named:
        return
    looks = cures.seen(row["connection"]).looks(cause for _, cause in named)
    values = [
        {
            "name": hashlib.sha256("\x1f".join((row["name"], code, *cause)).encode()).hexdigest()[:40],
            **standard(),
            "connection": row["connection"],
            "company": row["company"],
            "step": row["name"],
            "code": code,
            "kind": cause.kind,
            "cause_key": stored(cause.key)[:MOST],
            "look": looks[cause],
            "since": now(),
        }
        for code, cause in named
    ]
    frappe.db.bulk_insert(DOCTYPE, list(values[0]), [tuple(each.values()) for each in values], ignore_duplicates=True)


def write_former(row: Row) -> None:
    """Write what a step waits for that was held by a former release, by the code of its problem."""
    write(row, [Problem(row["reason_code"] or "", NONE, NONE)])


def _named(row: Row, cause: Cause) -> Cause:
    """A cause of which the problem did not say which one it is, where the step tells."""
    if cause.key:
        return cause
    if cause.kind == causes.PLAN:
        # Xero counts sales invoices and bills apart (Xero's price page of the Early and Ignite plans).
        return Cause(cause.kind, "bills" if row["reference_doctype"] == "Purchase Invoice" else "invoices")
    if cause.kind == causes.DOCUMENT:
        return causes.document(row["reference_doctype"], row["reference_name"])
    if cause.kind in (causes.PARTY, causes.IN_XERO):
        return Cause(cause.kind, _party(row["reference_doctype"], row["reference_name"]))
    return cause


def _party(doctype: str, name: str) -> str:
    """The party of a document, as a key; "" where it has none or several."""
    if doctype in ("Customer", "Supplier"):
        return causes.party(doctype, name).key
    if doctype == "Payment Entry":
        found = frappe.db.get_value(doctype, name, ["party_type", "party"], as_dict=True)
        return causes.party(found["party_type"], found["party"]).key if found and found["party"] else ""
    if doctype in PARTY_FIELD:
        kind, field = PARTY_FIELD[doctype]
        party = frappe.db.get_value(doctype, name, field)
        return causes.party(kind, party).key if party else ""
    return ""


def remove(names: list[str]) -> None:
    """Remove rows by their names."""
    if names:
        frappe.db.sql(f"DELETE FROM `tab{DOCTYPE}` WHERE `name` IN %(names)s", {"names": tuple(names)})


def kinds(connection: str) -> list[str]:
    """The kinds of cause that something waits for: one look into an index for each, however many steps there are."""
    found: list[str] = []
    while True:
        further = frappe.db.sql(
            f"SELECT `kind` FROM `tab{DOCTYPE}` WHERE `connection`=%(connection)s AND `kind`>%(after)s ORDER BY `kind` LIMIT 1",
            {"connection": connection, "after": found[-1] if found else ""},
            pluck=True,
        )
        if not further:
            return found
        found.append(further[0])


def looks(connection: str, kind: str, after: str | None, limit: int) -> list[Row]:
    """What is waited for of one kind, in the order of its keys from `after` (not included) on: `cause_key`, `look`. A plain read of an
    index, however many steps there are."""
    further = "" if after is None else " AND `cause_key`>%(after)s"
    rows = frappe.db.sql(
        f"SELECT DISTINCT `cause_key`, `look` FROM `tab{DOCTYPE}` WHERE `connection`=%(connection)s AND `kind`=%(kind)s{further} "
        f"ORDER BY `cause_key`, `look` LIMIT {int(limit)}",
        {"connection": connection, "kind": kind, "after": after if after is None else stored(after)[:MOST]},
        as_dict=True,
    )
    return [_as_named(row) for row in rows]


def saw(names: list[str], look: str) -> None:
    """Rows whose step stays where it is have seen this look."""
    if names:
        frappe.db.sql(f"UPDATE `tab{DOCTYPE}` SET `look`=%(look)s WHERE `name` IN %(names)s", {"look": look, "names": tuple(names)})


def page(
    connection: str, cause: Cause, limit: int, look: str | None = None, until: datetime | None = None, code: str = "", after: str = ""
) -> list[Row]:
    """Rows of one cause from `after` (a row's name, not included) on: `name`, `step`. Only those with this `look`, written by `until`, with
    this problem `code`."""
    where = " AND `look`=%(look)s" if look is not None else ""
    where += " AND `since`<=%(until)s" if until else ""
    where += " AND `code`=%(code)s" if code else ""
    values = {**_of(connection, cause), "look": look, "until": until, "code": code, "after": after}
    return list(
        frappe.db.sql(
            f"SELECT `name`, `step` FROM `tab{DOCTYPE}` WHERE `connection`=%(connection)s AND `kind`=%(kind)s AND `cause_key`=%(key)s "
            f"AND `name`>%(after)s{where} ORDER BY `name` LIMIT {int(limit)}",
            values,
            as_dict=True,
        )
    )


def longest(connection: str, cause: Cause, limit: int) -> list[Row]:
    """What waits longest for one cause: `name`, `step`, `since`."""
    return list(
        frappe.db.sql(
            f"SELECT `name`, `step`, `since` FROM `tab{DOCTYPE}` WHERE `connection`=%(connection)s AND `kind`=%(kind)s AND `cause_key`=%(key)s "
            f"ORDER BY `since`, `name` LIMIT {int(limit)}",
            _of(connection, cause),
            as_dict=True,
        )
    )


def _of(connection: str, cause: Cause) -> dict[str, Any]:
    return {"connection": connection, "kind": cause.kind, "key": stored(cause.key)[:MOST]}


def counts(connection: str, limit: int) -> list[Row]:
    """What is waited for (not what a rule skips), the most first: `code`, `kind`, `cause_key`, `waiting` (number of steps), `oldest` (UTC), `step` (one of them)."""
    rows = frappe.db.sql(
        f"SELECT `code`, `kind`, `cause_key`, COUNT(*) AS waiting, MIN(`since`) AS oldest, MIN(`step`) AS step FROM `tab{DOCTYPE}` "
        "WHERE `connection`=%(connection)s AND `code` NOT IN %(skips)s "
        f"GROUP BY `code`, `kind`, `cause_key` ORDER BY waiting DESC, `code`, `kind`, `cause_key` LIMIT {int(limit)}",
        {"connection": connection, "skips": SKIPS},
        as_dict=True,
    )
    return [_as_named(row) for row in rows]


def waiting(connections: Sequence[str]) -> list[Row]:
    """`connection`, `causes` (how many rows), `newest` (the site's time) of what waits at these connections."""
    if not connections:
        return []
    query = (
        f"SELECT `connection`, COUNT(*) AS causes, MAX(`creation`) AS newest FROM `tab{DOCTYPE}` "
        "WHERE `connection` IN %(connections)s GROUP BY `connection` ORDER BY `connection`"
    )
    return [dict(row) for row in frappe.db.sql(query, {"connections": tuple(connections)}, as_dict=True)]


def count(connection: str, cause: Cause, code: str = "") -> int:
    """How many steps wait for one cause."""
    filters = {"connection": connection, "kind": cause.kind, "cause_key": stored(cause.key)[:MOST], **({"code": code} if code else {})}
    return int(frappe.db.count(DOCTYPE, filters))


def of_steps(steps: list[str]) -> list[Row]:
    """The causes of these steps: `step`, `code`, `kind`, `cause_key`, `since`."""
    if not steps:
        return []
    fields = ["step", "code", "kind", "cause_key", "since"]
    return [_as_named(row) for row in frappe.get_all(DOCTYPE, filters={"step": ("in", steps)}, fields=fields, order_by="code asc")]


def _as_named(row: Row) -> Row:
    """A row with its key as the host or Xero spells it."""
    return {**row, "cause_key": shown(row["cause_key"])}
