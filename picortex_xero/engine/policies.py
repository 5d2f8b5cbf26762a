"""Reads the sync settings and rules of a connection (rows of Xero Sync Setting and Xero Sync Rule) as a `Policy`, in a few reads for all documents
together. What a rule names that is not there any more (a field, a group) makes its condition broken, and the rule tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import time, timedelta
from functools import lru_cache
from typing import Any

import frappe

from ..accounting import causes
from ..accounting.money import decimal
from ..accounting.texts import NONE, Text, _
from ..documents.approvals.flow import ANYONE, Flow, Stage
from ..documents.rules import conditions, fields
from ..documents.rules.conditions import Condition, objection
from ..documents.rules.kinds import DOCTYPES, KINDS
from ..documents.rules.rule import DAILY, NO_RULES, REAL_TIME, Policy, Rule, Setting
from .clock import now

RULE, CONDITION, SETTING = "Xero Sync Rule", "Xero Sync Rule Condition", "Xero Sync Setting"
STEP = "Xero Approval Step"
# By kind: the field of a rule that says whether it is about documents of that kind.
ABOUT = {kind: f"for_{kind.lower().replace(' ', '_')}s" for kind in KINDS}
OF_SETTING = ("kind", "enabled", "send", "send_at", "start_date", "target_status")
OF_CONDITION = ("parent", "idx", "joined", "field_name", "operator", "value")
OF_STEP = ("parent", "idx", "approver_role", "people", "least")
# What Frappe takes where no time zone was chosen.
DEFAULT_ZONE = "Asia/Kolkata"
Row = dict[str, Any]


def load(connection: str, also: str = "") -> Policy:
    """The settings and rules of a connection. Where there are none and nothing was ever decided by one, decisions ask for nothing. `also`: a rule that counts
    although it is switched off."""
    settings, rules, rows, stages = rows_of(connection, also)
    if not settings and not rules and not frappe.db.exists("Xero Step Cause", {"connection": connection, "kind": causes.RULES}):
        return NO_RULES
    known = {row["kind"]: _setting(row) for row in settings if row["kind"] in KINDS}
    made = Conditions()
    return Policy(
        known,
        {
            kind: tuple(
                made.rule(each, kind, [row for row in rows if row["parent"] == each["name"]], flow(each, stages))
                for each in rules
                if each[ABOUT[kind]]
            )
            for kind in KINDS
        },
        str(frappe.db.get_single_value("System Settings", "time_zone") or DEFAULT_ZONE),
        now(),
        True,
    )


def as_of_now(policy: Policy) -> Policy:
    """The same policy later on: a run that takes minutes goes by the time of each decision."""
    return replace(policy, now=now()) if policy.active else policy


def summarised(connection: str) -> bool:
    """Whether cash of documents that rules or settings keep from Xero was ever summarised."""
    return bool(frappe.db.exists("Xero Cash Summary", {"connection": connection}))


def rows_of(connection: str, also: str = "") -> tuple[list[Row], list[Row], list[Row], list[Row]]:
    """The rows of a connection that people chose: settings, rules that are switched on in their order, the rules' conditions, and the steps of their approvals."""
    settings = frappe.get_all(SETTING, filters={"connection": connection}, fields=list(OF_SETTING), order_by="kind asc")
    names = ["name", "title", "outcome", "no_self_approval", *ABOUT.values()]
    rules = frappe.get_all(
        RULE, filters={"connection": connection}, fields=[*names, "enabled"], order_by="priority asc, creation asc, name asc"
    )
    rules = [row for row in rules if row["enabled"] or row["name"] == also]
    named = [row["name"] for row in rules]
    return settings, rules, conditions_of(named), steps_of(named)


def rows(connection: str) -> list[list[Row]]:
    """The same, for their look (engine/cures.py)."""
    return [[dict(row) for row in each] for each in rows_of(connection)]


def conditions_of(rules: list[str]) -> list[Row]:
    """The conditions of these rules, in their order."""
    wanted = {"parent": ("in", rules), "parenttype": RULE}
    return frappe.get_all(CONDITION, filters=wanted, fields=list(OF_CONDITION), order_by="parent asc, idx asc") if rules else []


def steps_of(rules: list[str]) -> list[Row]:
    """The steps of the approvals that these rules want, in their order."""
    wanted = {"parent": ("in", rules), "parenttype": RULE}
    return frappe.get_all(STEP, filters=wanted, fields=list(OF_STEP), order_by="parent asc, idx asc") if rules else []


def flow(rule: Row, stages: list[Row]) -> Flow:
    """Who agrees to what a rule holds back; `stages` may be those of other rules too."""
    mine = [row for row in stages if row["parent"] == rule["name"]]
    return Flow(
        tuple(Stage(row["approver_role"] or "", frozenset(people(row["people"])), decimal(row["least"])) for row in mine),
        bool(rule["no_self_approval"]),
    )


def people(value: Any) -> list[str]:
    """The users that a step of an approval names, one a line."""
    return list(dict.fromkeys(filter(None, (each.strip() for each in str(value or "").splitlines()))))


def _setting(row: Row) -> Setting:
    return Setting(
        bool(row["enabled"]), row["send"] or REAL_TIME, time_of(row["send_at"]) if row["send"] == DAILY else time(0), str(row["start_date"] or ""), row["target_status"] or ""
    )  # fmt: skip


def time_of(value: Any) -> time:
    """The time of day in a Time column, which the database gives as a timedelta."""
    if isinstance(value, timedelta):
        return time(int(value.total_seconds()) // 3600 % 24, int(value.total_seconds()) // 60 % 60)
    hours, _colon, minutes = str(value or "0:0").partition(":")
    return time(int(hours) % 24, int(minutes.partition(":")[0] or 0) % 60)


class Conditions:
    """Makes conditions of rows, reading each DocType's fields and each group's members once."""

    def __init__(self) -> None:
        self._below = lru_cache(None)(_below)
        self._missing = lru_cache(None)(_missing)

    def rule(self, row: Row, kind: str, rows: Iterable[Row], its: Flow = ANYONE) -> Rule:
        """One rule as it holds for documents of a kind."""
        alternatives = tuple(tuple(self.condition(each, DOCTYPES[kind]) for each in group) for group in joined(rows))
        return Rule(row["name"], row["title"], row["outcome"], alternatives or ((),), its)

    def condition(self, row: Row, doctype: str) -> Condition:
        """One condition on documents of a DocType; broken where the DocType has no such field, or what it names is gone."""
        name, operator, value = row["field_name"] or "", row["operator"] or "", row["value"] or ""
        found = field_of(doctype, name)
        if found is None:
            return Condition(name, operator, value, broken=no_field(doctype, name))
        type_, linked = found
        tree = is_tree(linked)
        if wrong := objection(name, type_, operator, value, tree):
            return Condition(name, operator, value, type_, broken=wrong)
        if operator != conditions.UNDER:
            return Condition(name, operator, value, type_, broken=self._missing(linked, given(operator, value)))
        below = self._below(linked, value.strip())
        gone = NONE if below else _("there is no {doctype} {name}").format(doctype=linked, name=value.strip())
        return Condition(name, operator, value.strip(), type_, below, gone)


def given(operator: str, value: str) -> tuple[str, ...]:
    """The names that a condition compares with; none where it compares with a part of a name, or with nothing."""
    if operator in (conditions.IN, conditions.NOT_IN):
        return tuple(conditions.listed(value))
    return (value.strip(),) if operator in (conditions.EQUALS, conditions.DIFFERS) else ()


def _missing(doctype: str, names: tuple[str, ...]) -> Text:
    """What is said where one of these is not there (any more, or under that name): a rule that silently matched nothing would let documents go."""
    if not doctype or not names or not frappe.db.exists("DocType", doctype):
        return NONE
    known = {conditions.folded(each) for each in frappe.get_all(doctype, filters={"name": ("in", names)}, pluck="name")}
    gone = next((each for each in names if conditions.folded(each) not in known), "")
    return _("there is no {doctype} {name}").format(doctype=doctype, name=gone) if gone else NONE


def no_field(doctype: str, name: str) -> Text:
    """What is said of a field that is not there."""
    return _("{doctype} has no field {name}").format(doctype=doctype, name=name)


def joined(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The conditions as alternatives: each "or" begins a new one."""
    group: list[Row] = []
    for row in rows:
        if row["joined"] == "or" and group:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def field_of(doctype: str, name: str) -> tuple[str, str] | None:
    """The type of a field (documents/rules/fields.py) and the DocType that it names; None where the DocType has no such field to compare."""
    if name in fields.OWN:
        return fields.OWN[name]
    found = frappe.get_meta(doctype).get_field(name)
    if found is None or found.fieldtype in fields.NO_VALUE:
        return None
    return fields.TYPES.get(found.fieldtype, fields.TEXT), (found.options or "") if found.fieldtype == "Link" else ""


def is_tree(doctype: str) -> bool:
    """Whether a DocType is kept in a tree."""
    return bool(doctype) and bool(frappe.db.exists("DocType", doctype)) and frappe.get_meta(doctype).has_field("lft")


def _below(doctype: str, name: str) -> frozenset[str]:
    ends = frappe.db.get_value(doctype, name, ["lft", "rgt"], as_dict=True)
    if not ends:
        return frozenset()
    inside = {"lft": (">=", ends["lft"]), "rgt": ("<=", ends["rgt"])}
    return frozenset([name, *frappe.get_all(doctype, filters=inside, pluck="name")])
