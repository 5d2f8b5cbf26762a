"""Which documents wait for somebody's approval, and whom they wait for, by the rows of the outbox alone: whoever has thousands of them gets one page, and a count,
without each being decided. The worker wrote on each row who is asked; whether a press counts is decided by its document (engine/approvals.py)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import frappe

from ..connection import approvers, current
from ..documents.approvals.flow import Absence, Person, Stage
from ..documents.approvals.words import ASKED, GIVEN_BACK, PAST_US
from ..documents.rules.rule import HOLD
from ..documents.step import ATTENTION, HELD
from ..engine import outbox, policies

CONNECTION = "Xero Connection"
# So many rows are looked at, the oldest first.
MOST = 20_000
AT_ONCE = 1000
Named = tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """One document that waits, which the user may read: the names of its `rows`, and whether it waits for him (`mine`)."""

    doctype: str
    name: str
    company: str
    rows: tuple[str, ...]
    mine: bool


def of(user: str, connections: Sequence[str] = ()) -> list[Asked]:
    """What waits, of the documents that this user may read, the oldest first; of these connections, or of all that are in use."""
    connections = list(connections) or frappe.get_all(CONNECTION, filters={"state": ("!=", current.RETIRED)}, pluck="name")
    wanted = {"connection": ("in", connections), "state": ("in", [HELD, ATTENTION]), "reason_code": ("in", [*ASKED, PAST_US])}
    fields = ["name", "connection", "company", "reference_doctype", "reference_name", "approval_stage", "owner", "reason_code"]
    rows = (
        frappe.get_all(outbox.DOCTYPE, filters=wanted, fields=fields, order_by="creation asc, name asc", limit=MOST) if connections else []
    )
    may_read = readable({(row["reference_doctype"], row["reference_name"]) for row in rows}, user)
    person, absences, day = Person(user, frozenset(frappe.get_roles(user))), approvers.absences_for(user), approvers.today()
    keys = {each: _keys(each, person, absences, day) for each in {row["connection"] for row in rows}}
    found: dict[Named, Asked] = {}
    for row in rows:
        named = row["reference_doctype"], row["reference_name"]
        if named in may_read:
            asked, no_self = keys[row["connection"]].get(row["approval_stage"] or "", (not row["approval_stage"], False))
            known = found.get(named)
            # What was given back waits for whoever entered it.
            turn = asked and row["reason_code"] != GIVEN_BACK and not (no_self and row["owner"] == user)
            mine = turn or bool(known and known.mine)
            found[named] = Asked(*named, row["company"], (*(known.rows if known else ()), row["name"]), mine)
    return list(found.values())


def _keys(connection: str, person: Person, absences: Iterable[Absence], day: date) -> dict[str, tuple[bool, bool]]:
    """By the key of each step that the rules of a connection ask for: whether it is asked of this person, in his own right or as a deputy, and whether nobody
    approves for himself there."""
    _settings, rules, _conditions, steps = policies.rows_of(connection)
    people = [person, *(each.person for each in absences if each.covers(day))]
    found = {}
    for rule in rules:
        if rule["outcome"] == HOLD:
            flow = policies.flow(rule, steps)
            for stage in flow.stages or (Stage(),):
                found[stage.key(rule["name"])] = any(stage.is_for(each) for each in people), flow.no_self
    return found


def readable(named: Iterable[Named], user: str) -> set[Named]:
    """Those of these documents that a user may read, in one read for each kind and thousand."""
    found: set[Named] = set()
    by_doctype: dict[str, list[str]] = {}
    for doctype, name in sorted(set(named)):
        by_doctype.setdefault(doctype, []).append(name)
    for doctype, names in by_doctype.items():
        if frappe.has_permission(doctype, "read", user=user):
            for at in range(0, len(names), AT_ONCE):
                some = {"name": ("in", names[at : at + AT_ONCE])}
                found |= {(doctype, name) for name in frappe.get_list(doctype, filters=some, pluck="name", limit=AT_ONCE, user=user)}
    return found
