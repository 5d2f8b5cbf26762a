"""Sync settings and rules as people save them: checked against the DocTypes that they are about, and noted in the history of the connection."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.texts import Text, _, plain
from ..accounting.texts import joined as joined_texts
from ..documents.rules.conditions import WITHOUT_VALUE, objection
from ..documents.rules.kinds import DOCTYPES, WITH_STATUS
from ..documents.rules.rule import DAILY
from ..documents.rules.words import PLURALS
from ..engine import batches, full_names, log, policies, screen_texts, write_protection
from ..engine.screen_texts import html, in_words
from ..engine.wake import after_saving
from . import approvers, xero_lists

# Rules of one connection, and conditions of one rule: what a person can still see through.
MOST_RULES, MOST_CONDITIONS, LONGEST_VALUE = 100, 50, 10_000


def check_setting(doc: Any) -> None:
    """Complete a Xero Sync Setting. Throws where it cannot be kept."""
    xero_lists.keep_unique(doc, doc.kind)
    if doc.send != DAILY:
        doc.send_at = None
    elif not doc.send_at:
        _refuse(_("Say at what time the daily batch goes"))
    if doc.kind not in WITH_STATUS:
        doc.target_status = None


def check_rule(doc: Any) -> None:
    """Complete a Xero Sync Rule. Throws where it cannot be kept: no kind of document, a name that another rule has, or a condition that cannot be applied to one
    of its kinds."""
    write_protection.same_connection(doc)
    doc.company = frappe.db.get_value("Xero Connection", doc.connection, "company")
    doc.title = " ".join((doc.title or "").split())
    if not doc.title:
        _refuse(_("Give the rule a name: it is shown on every document that it decides about"))
    # It is written on every step that the rule keeps back, and drawn in lists from there.
    _no_html(doc.title)
    others = frappe.get_all(policies.RULE, filters={"connection": doc.connection}, fields=["name", "title", "priority"])
    others = [row for row in others if row["name"] != doc.name]
    if any(row["title"].casefold() == doc.title.casefold() for row in others):
        _refuse(_("There is a rule {name} already").format(name=doc.title))
    if len(others) >= MOST_RULES:
        _refuse(_("There are {count} rules already, and no more are kept").format(count=MOST_RULES))
    if not doc.priority:
        doc.priority = 1 + max((int(row["priority"] or 0) for row in others), default=0)
    if not (kinds := kinds_of(doc)):
        _refuse(_("Choose which documents the rule is about"))
    _check_conditions(doc, kinds)
    approvers.check_steps(doc)


def _no_html(value: str) -> None:
    if screen_texts.cannot_be_kept(value):
        _refuse(_("{text} looks like HTML, which cannot be kept here: write it in another way").format(text=value))


def _refuse(why: Text) -> None:
    frappe.throw(html(in_words(why)))


def kinds_of(doc: Any) -> list[str]:
    """The kinds of documents that a rule is about."""
    return [kind for kind, field in policies.ABOUT.items() if doc.get(field)]


def _check_conditions(doc: Any, kinds: list[str]) -> None:
    if len(doc.conditions or []) > MOST_CONDITIONS:
        _refuse(_("A rule has {count} conditions at most").format(count=MOST_CONDITIONS))
    for row in doc.conditions or []:
        row.field_name, row.value = (row.field_name or "").strip(), (row.value or "").strip()
        if row.operator in WITHOUT_VALUE:
            row.value = ""
        _no_html(row.value)
        if len(row.value) > LONGEST_VALUE:
            _refuse(_("Condition {number}: the value is too long").format(number=row.idx))
        # One that cannot be applied any more can always be switched off.
        for doctype in dict.fromkeys(DOCTYPES[kind] for kind in kinds if doc.enabled):
            if wrong := _wrong(row, doctype):
                _refuse(_("Condition {number}: {what}").format(number=row.idx, what=wrong))


def _wrong(row: Any, doctype: str) -> Text:
    """What is wrong with a condition for documents of a DocType; "" where nothing is."""
    found = policies.field_of(doctype, row.field_name)
    if found is None:
        return policies.no_field(doctype, row.field_name)
    type_, linked = found
    return (
        objection(row.field_name, type_, row.operator, row.value, policies.is_tree(linked))
        or policies.Conditions().condition(row.as_dict(), doctype).broken
    )


def changed(doc: Any) -> None:
    """A setting or rule was saved: whoever reads the history sees who has chosen what, and what it is about is decided anew."""
    log.of_connection(doc.connection, _said(doc))
    _decide_anew(doc.connection)


def removed(doc: Any) -> None:
    """A setting or rule is deleted."""
    said = (
        _("{user} removed the rule {rule}").format(user=full_names.mine(), rule=doc.title)
        if doc.doctype == policies.RULE
        else _("{user} removed the sync setting of {kind}").format(user=full_names.mine(), kind=PLURALS[doc.kind])
    )
    log.of_connection(doc.connection, said)
    _decide_anew(doc.connection)


def _decide_anew(connection: str) -> None:
    # What is held or skipped by a rule is found by its cause (engine/release.py); what waits for its batch has none.
    batches.decide_anew(connection)
    after_saving(connection)


def _said(doc: Any) -> Text:
    if doc.doctype != policies.RULE:
        return _("{user} changed the sync setting of {kind}: {what}").format(
            user=full_names.mine(), kind=PLURALS[doc.kind], what=said_of_setting(doc)
        )
    return _("{user} saved the rule {rule}: {what}").format(user=full_names.mine(), rule=doc.title, what=said_of_rule(doc))


def said_of_setting(doc: Any) -> Text:
    """A setting in words."""
    if not doc.enabled:
        return _("they do not go to Xero")
    parts = [_("daily at {time}").format(time=f"{policies.time_of(doc.send_at):%H:%M}") if doc.send == DAILY else plain(doc.send)]
    if doc.start_date:
        parts.append(_("from {date} on").format(date=str(doc.start_date)))
    if doc.target_status:
        parts.append(_("as {status}").format(status=doc.target_status))
    return joined_texts(", ", parts)


def said_of_rule(doc: Any) -> Text:
    """A rule in words: what becomes of which documents."""
    if not doc.enabled:
        return _("switched off")
    kinds = joined_texts(", ", [PLURALS[kind] for kind in kinds_of(doc)])
    parts = [plain(doc.outcome), kinds, *([conditions_in_words(doc)] if doc.conditions else [])]
    if doc.get("approval_steps") or doc.no_self_approval:
        parts.append(approvers.in_words_of(doc))
    return joined_texts(": ", parts)


def conditions_in_words(doc: Any) -> Text:
    """The conditions of a rule as one line; "" for a rule without any."""
    return plain(" ".join(_condition(row, at) for at, row in enumerate(doc.conditions or [])))


def _condition(row: Any, at: int) -> str:
    joined = "" if at == 0 else "or " if row.joined == "or" else "and "
    value = ", ".join(row.value.splitlines()) if row.value else ""
    return f"{joined}{row.field_name} {row.operator} {value}".rstrip()


def order(connection: str, names: list[str]) -> None:
    """Put the rules of a connection in this order; those that are not named keep theirs, after them. Throws where a name is no rule of it. Part of the caller's
    transaction."""
    rows = frappe.get_all(
        policies.RULE, filters={"connection": connection}, fields=["name", "title"], order_by="priority asc, creation asc, name asc"
    )
    known = {row["name"]: row["title"] for row in rows}
    if any(name not in known for name in names) or len(set(names)) != len(names):
        _refuse(_("The rules were changed meanwhile: open the page anew"))
    every = [*names, *(name for name in known if name not in names)]
    for place, name in enumerate(every, start=1):
        frappe.db.set_value(policies.RULE, name, "priority", place)
    titles = joined_texts(", ", [Text(known[name]) for name in every])
    log.of_connection(connection, _("{user} put the rules in this order: {rules}").format(user=full_names.mine(), rules=titles))
    _decide_anew(connection)


def copy(name: str) -> str:
    """A copy of a rule, switched off, after all others; its name. Part of the caller's transaction."""
    doc = frappe.get_doc(policies.RULE, name)
    titles = {row["title"].casefold() for row in frappe.get_all(policies.RULE, filters={"connection": doc.connection}, fields=["title"])}
    number = next(number for number in range(2, MOST_RULES + 3) if f"{doc.title} ({number})".casefold() not in titles)
    fields = ["connection", "outcome", "no_self_approval", *policies.ABOUT.values()]
    rows = [{field: row.get(field) for field in ("joined", "field_name", "operator", "value")} for row in doc.conditions]
    stages = [{field: row.get(field) for field in ("approver_role", "people", "least")} for row in doc.approval_steps]
    made = frappe.get_doc(
        {
            "doctype": policies.RULE,
            **{field: doc.get(field) for field in fields},
            "title": f"{doc.title} ({number})",
            "enabled": 0,
            "conditions": rows,
            "approval_steps": stages,
        }
    )
    made.insert()
    return str(made.name)
