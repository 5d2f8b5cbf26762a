"""The rules of a connection as rows of the file, in their order, and rows of the file as rules of this company. A rule is known by its title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from ..accounting.money import decimal, plain
from ..connection import approvers, sync_rules
from ..documents.rules.conditions import EVERY, folded
from ..documents.rules.kinds import KINDS
from ..documents.rules.rule import OUTCOMES
from ..engine import policies
from ..engine.screen_texts import in_words
from . import rule_values
from .file import Row
from .mapped import Books
from .rule_values import Origin

OF_RULE = {"title", "enabled", "outcome", "documents", "no_self_approval", "approval"}
OF_STEP = {"role", "people", "least"}
OF_CONDITION = {"rule", "joined", "field", "operator", "value", "names", "records"}
# Columns of a condition, as the file calls them.
COLUMNS = {"joined": "joined", "field_name": "field", "operator": "operator", "value": "value"}
LONGEST_TITLE = 140
AMOUNT = re.compile(r"\d{1,18}(\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True)
class Rule:
    """One rule: about which kinds of `documents`, and its `conditions` by the columns of their table. `why_not`: why it cannot hold here as it stands in
    the file. `approval`: of each step of its approval the role, the users (one a line) and the amount."""

    title: str
    enabled: int
    outcome: str
    documents: tuple[str, ...]
    conditions: tuple[tuple[str, ...], ...]
    why_not: str = ""
    no_self: int = 0
    approval: tuple[tuple[str, str, str], ...] = ()

    @property
    def key(self) -> str:
        """What it is known by."""
        return folded(self.title)

    @property
    def content(self) -> tuple[Any, ...]:
        """All that makes it decide as it does."""
        return (self.title, self.enabled, self.outcome, self.documents, self.conditions, self.no_self, self.approval)

    def values(self) -> dict[str, Any]:
        """The fields of its row, with those of its conditions."""
        about = {field: int(kind in self.documents) for kind, field in policies.ABOUT.items()}
        rows = [dict(zip(COLUMNS, each)) for each in self.conditions]
        return {"title": self.title, "enabled": self.enabled, "outcome": self.outcome, **about, "conditions": rows, **self._approves()}

    def _approves(self) -> dict[str, Any]:
        steps = [{"approver_role": role, "people": people, "least": least} for role, people, least in self.approval]
        return {"no_self_approval": self.no_self, "approval_steps": steps}

    def said(self) -> str:
        """As people read it, also what it would do were it switched on."""
        told = in_words(sync_rules.said_of_rule(frappe.get_doc({"doctype": policies.RULE, **self.values(), "enabled": 1})))
        return told if self.enabled else f"{_('Switched off')} ({told})"


def stored(connection: str) -> dict[str, Rule]:
    """By name of its row each rule of a connection, in their order."""
    fields = ["name", "title", "enabled", "outcome", "no_self_approval", *policies.ABOUT.values()]
    order = "priority asc, creation asc, name asc"
    rows = frappe.get_all(policies.RULE, filters={"connection": connection}, fields=fields, order_by=order)
    of: dict[str, list[tuple[str, ...]]] = {}
    for each in policies.conditions_of([row["name"] for row in rows]):
        of.setdefault(each["parent"], []).append(_columns(each))
    steps: dict[str, list[tuple[str, str, str]]] = {}
    for each in policies.steps_of([row["name"] for row in rows]):
        steps.setdefault(each["parent"], []).append(_step(each["approver_role"], policies.people(each["people"]), each["least"]))
    return {
        row["name"]: Rule(
            row["title"],
            int(row["enabled"] or 0),
            row["outcome"],
            tuple(kind for kind, field in policies.ABOUT.items() if row[field]),
            tuple(of.get(row["name"], [])),
            no_self=int(row["no_self_approval"] or 0),
            approval=tuple(steps.get(row["name"], [])),
        )
        for row in rows
    }


def _step(role: Any, people: list[str], least: Any) -> tuple[str, str, str]:
    return (str(role or ""), "\n".join(people), f"{plain(decimal(least)):f}")


def _columns(row: Any) -> tuple[str, ...]:
    """A condition by its columns, as it decides: one that is joined by nothing is joined by and."""
    return tuple(str(row[column] or ("and" if column == "joined" else "")) for column in COLUMNS)


def rows(connection: str) -> list[Row]:
    """The rules in their order."""
    return [
        {
            "title": rule.title,
            "enabled": rule.enabled,
            "outcome": rule.outcome,
            "documents": list(rule.documents),
            "no_self_approval": rule.no_self,
            "approval": [{"role": role, "people": policies.people(people), "least": least} for role, people, least in rule.approval],
        }
        for rule in stored(connection).values()
    ]


def condition_rows(books: Books) -> list[Row]:
    """The rules' conditions in their order. `names`: of which DocType the `records` are that a condition compares with."""
    found = []
    for rule in stored(books.connection).values():
        for each in rule.conditions:
            row = {"rule": rule.title, **dict(zip(COLUMNS.values(), each))}
            doctype = rule_values.linked(list(rule.documents), row["field"])
            names = rule_values.named(row["operator"], row["value"]) if doctype else []
            found.append({**row, "names": doctype, "records": rule_values.refs(books, doctype, names) if names else []})
    return found


def are_sound(rules: list[Row], conditions: list[Row]) -> bool:
    """Whether an export can have written these rows."""
    if not all(_is_rule(row) for row in rules) or not all(_is_condition(row) for row in conditions):
        return False
    titles = [folded(row["title"]) for row in rules]
    return len(set(titles)) == len(titles) and {row["rule"] for row in conditions} <= {row["title"] for row in rules}


def _is_rule(row: Row) -> bool:
    documents = row.get("documents")
    return (
        set(row) == OF_RULE
        and row["no_self_approval"] in (0, 1)
        and _are_steps(row["approval"])
        and _is_text(row["title"], LONGEST_TITLE)
        and bool(row["title"].strip())
        and row["enabled"] in (0, 1)
        and row["outcome"] in OUTCOMES
        and isinstance(documents, list)
        and all(each in KINDS for each in documents)
    )


def _are_steps(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= approvers.MOST_STEPS and all(_is_step(each) for each in value)


def _is_step(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == OF_STEP
        and _is_text(value["role"], LONGEST_TITLE)
        and isinstance(value["people"], list)
        and len(value["people"]) <= approvers.MOST_PEOPLE
        and all(_is_text(each, LONGEST_TITLE) and bool(each.strip()) for each in value["people"])
        and _is_text(value["least"], 30)
        and bool(AMOUNT.fullmatch(value["least"]))
    )


def _is_condition(row: Row) -> bool:
    records = row.get("records")
    return (
        set(row) == OF_CONDITION
        and all(_is_text(row[field], LONGEST_TITLE) for field in ("rule", "field", "names"))
        and _is_text(row["value"], sync_rules.LONGEST_VALUE)
        and row["joined"] in ("and", "or")
        and row["operator"] in EVERY
        and isinstance(records, list)
        and all(_is_ref(each) for each in records)
        # What is compared with is what was looked for: nothing of a value goes past unmatched.
        and (not row["names"] or [each["name"] for each in records] == rule_values.named(row["operator"], row["value"]))
    )


def _is_ref(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and bool(value.get("name"))
        and all(_is_text(value.get(field, ""), 255) for field in ("name", "title", "number"))
    )


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest


def taken(books: Books, origin: Origin, rules: list[Row], conditions: list[Row]) -> list[Rule]:
    """The rules of the file as they are here, in their order."""
    return [_taken(books, origin, row, [each for each in conditions if each["rule"] == row["title"]]) for row in rules]


def _taken(books: Books, origin: Origin, row: Row, conditions: list[Row]) -> Rule:
    kinds = [kind for kind in KINDS if kind in row["documents"]]
    made, why_not = [], ""
    for each in conditions:
        value, wrong = rule_values.value_here(books, origin, kinds, each)
        why_not = why_not or wrong
        made.append((each["joined"], each["field"], each["operator"], value))
    asked = [_step(each["role"], each["people"], each["least"]) for each in row["approval"]]
    why_not = why_not or _nobody_asked(asked)
    return Rule(row["title"], row["enabled"], row["outcome"], tuple(kinds), tuple(made), why_not, row["no_self_approval"], tuple(asked))


def _nobody_asked(approval: list[tuple[str, str, str]]) -> str:
    """Why an approval cannot be asked for here; "" where it can."""
    for role, people, _least in approval:
        if role and not frappe.db.exists("Role", role):
            return str(_("There is no role {0}")).format(role)
        for user in policies.people(people):
            if wrong := approvers.cannot_approve(user):
                return in_words(wrong)
    return ""


def in_order(here: dict[str, Rule], there: list[Rule]) -> list[str]:
    """The names of the rules here in the file's order; one that is only here stays behind the one that it follows here."""
    place = {rule.key: at for at, rule in enumerate(there)}
    order = sorted((name for name in here if here[name].key in place), key=lambda name: place[here[name].key])
    before = ""
    for name in here:
        if here[name].key not in place:
            order.insert(order.index(before) + 1 if before else 0, name)
        before = name
    return order


def save(connection: str, name: str, rule: Rule) -> str:
    """Make or change a rule; its name. Throws what the form would say."""
    doc = frappe.get_doc(policies.RULE, name) if name else frappe.get_doc({"doctype": policies.RULE, "connection": connection})
    doc.update(rule.values())
    doc.save()
    return str(doc.name)
