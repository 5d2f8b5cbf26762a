"""Sync settings and rules of a file taken over: each through its DocType's own checks. No rule decides about more, or less, than it did where the file was made:
one that names what is not here comes in switched off, and in a reinstalled app it stands as it stood, so that what it could decide about waits."""

from __future__ import annotations

from dataclasses import replace

import frappe
from frappe import _

from ..connection import sync_rules
from ..engine import policies
from ..mapping_screen import saving
from . import compare, rules_rows, sync_settings_rows
from .compare import Content
from .mapped import Books
from .rules_rows import Rule

Left = list[tuple[str, str, str]]


def take(books: Books, content: Content, restores: bool, left_out: Left) -> int:
    """Save what differs; how many settings and rules that was. `restores`: the file puts back what was here before. `left_out` gets group, what and why."""
    return _settings(books, content, left_out) + _rules(books, content, restores, left_out)


def _settings(books: Books, content: Content, left_out: Left) -> int:
    here, saved = sync_settings_rows.stored(books.connection), 0
    for row in content.sync_settings:
        kind, values = row["kind"], sync_settings_rows.values_of(row)
        if here[kind] == values:
            continue
        frappe.db.savepoint(saving.ROW)
        try:
            sync_settings_rows.save(books.connection, kind, values)
            saved += 1
        except frappe.ValidationError as refusal:
            frappe.db.rollback(save_point=saving.ROW)
            frappe.clear_messages()
            left_out.append((compare.SYNC_SETTINGS, sync_settings_rows.label(kind), saving.plain_words(str(refusal))))
    return saved


def _rules(books: Books, content: Content, restores: bool, left_out: Left) -> int:
    there = rules_rows.taken(books, compare.origin(books, content), content.rules, content.rule_conditions)
    here = rules_rows.stored(books.connection)
    names, saved = {rule.key: name for name, rule in here.items()}, 0
    for rule in there:
        name = names.get(rule.key, "")
        if name and here[name].content == rule.content:
            continue
        is_saved, why_not = _save(books.connection, name, rule, restores)
        saved += int(is_saved)
        if why_not:
            left_out.append((compare.RULES, rule.title, why_not))
    here = rules_rows.stored(books.connection)
    if (order := rules_rows.in_order(here, there)) != list(here):
        sync_rules.order(books.connection, order)
    return saved


def _save(connection: str, name: str, rule: Rule, restores: bool) -> tuple[bool, str]:
    """Save one rule: whether it was, and what is said of it where it does not hold as it stands in the file."""
    why_not = rule.why_not or _refused(connection, name, rule)
    if not why_not:
        return True, ""
    if name and not restores:
        return False, str(_("{0}. The rule of this name that is here stays as it is")).format(why_not)
    if refused := _refused(connection, name, replace(rule, enabled=0)):
        return False, refused
    if not rule.enabled:
        return True, str(_("{0}. It is switched off, as it was")).format(why_not)
    if not restores:
        return True, str(_("{0}. It came in switched off: correct it, then switch it on")).format(why_not)
    # Switched off it would let go what it kept back; applied to what is not there it lets nothing go and says why.
    made = {each.key: its for its, each in rules_rows.stored(connection).items()}
    frappe.db.set_value(policies.RULE, made[rule.key], "enabled", 1)
    return True, str(_("{0}. What it could decide about waits until the rule is corrected or switched off")).format(why_not)


def _refused(connection: str, name: str, rule: Rule) -> str:
    """Save it; why that was refused, and nothing is kept of it then."""
    frappe.db.savepoint(saving.ROW)
    try:
        rules_rows.save(connection, name, rule)
    except frappe.ValidationError as refusal:
        frappe.db.rollback(save_point=saving.ROW)
        frappe.clear_messages()
        return saving.plain_words(str(refusal)) or type(refusal).__name__
    return ""
