"""What each rule of a company would have caught of the lines of the last year, in the order of the rules; and of what is entered already, whether people did the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import getdate

from ..accounting.money import ZERO, decimal
from ..banking.rules import Rule, holds
from ..banking.values import Coding, Line
from ..engine.screen_texts import in_words
from . import books, codings, kept_rules, learning
from .rows import LINE, RULE

SPAN, MOST, PAGE = timedelta(days=365), 5000, 50
_FIELDS = [
    "name",
    "bank_account",
    "date",
    "deposit",
    "withdrawal",
    "unallocated_amount",
    "description",
    "reference_number",
    "bank_party_name",
    "currency",
]


def preview(company: str) -> dict[str, Any]:
    """`lines`: how many were looked at, from which day; `rules`: of each, how many lines it is the first to catch, how many of them are open, and of those that are entered how many were entered the same
    and how many otherwise (of others nobody can say); `earlier`: how many an earlier rule catches."""
    rules, lines, done = _rules(company), _lines(company), learning.by_line(company)
    figures = {each.name: dict.fromkeys(("caught", "open", "same", "otherwise", "earlier"), 0) for each in rules}
    for row, line in lines:
        first = True
        for rule in rules:
            if holds(rule, line) is None:
                continue
            mine = figures[rule.name]
            if not first:
                mine["earlier"] += 1
                continue
            first = False
            mine["caught"] += 1
            if said := _entered(row, rule.coding, done):
                mine[said] += 1
    since = min((row["date"] for row, _line in lines), default=None)
    on = set(frappe.get_all(RULE, filters={"company": company, "enabled": 1}, pluck="name"))
    shown = [
        {
            "name": each.name,
            "title": each.title,
            "enabled": each.name in on,
            "to": in_words(codings.said(each.coding)),
            **figures[each.name],
        }
        for each in rules
    ]
    return {"lines": len(lines), "since": str(since or ""), "rules": shown}


def caught(name: str, start: int) -> dict[str, Any]:
    """One page of the lines that the rule itself holds of, the newest first, each with what was done: "open", "same", "otherwise" or ""; and `first`: the earlier rule that catches it, "" for this one."""
    company = str(frappe.db.get_value(RULE, name, "company"))
    rules, done = _rules(company), learning.by_line(company)
    mine = next((each for each in rules if each.name == name), None)
    found = []
    for row, line in _lines(company) if mine else []:
        if holds(mine, line) is None:
            continue
        first = next(each for each in rules if holds(each, line) is not None)
        found.append((row, line, first))
    page = [_shown(row, line, mine, first, done) for row, line, first in found[start : start + PAGE]]
    return {"rows": page, "count": len(found), "more": len(found) > start + PAGE}


def _shown(row: dict[str, Any], line: Line, rule: Rule | None, first: Rule, done: dict[str, learning.Example]) -> dict[str, Any]:
    said = _entered(row, rule.coding, done) if rule else ""
    known = done.get(line.name)
    return {
        "name": line.name,
        "date": row["date"],
        "description": line.description,
        "amount": str(line.amount),
        "currency": row["currency"],
        "done": said,
        "voucher": known.voucher if known else "",
        "to": in_words(codings.said(known.coding)) if known else "",
        "first": "" if rule and first.name == rule.name else first.title,
    }


def _rules(company: str) -> list[Rule]:
    """All rules in their order, those that are switched off too: what they would have caught is what somebody wants to know before he switches one on."""
    return kept_rules.of(company, off_too=True)


def _lines(company: str) -> list[tuple[dict[str, Any], Line]]:
    rows = frappe.get_all(LINE, filters={"company": company, "docstatus": 1}, fields=_FIELDS, order_by="date desc, name desc", limit=MOST)
    last = next((getdate(row["date"]) for row in rows if row["date"]), None)
    return [
        (row, replace(books.line(row, str(row["currency"] or "")), amount=decimal(row["deposit"]) - decimal(row["withdrawal"])))
        for row in rows
        if last and row["date"] and getdate(row["date"]) >= last - SPAN
    ]


def _entered(row: dict[str, Any], coding: Coding, done: dict[str, learning.Example]) -> str:
    if decimal(row["unallocated_amount"]) > ZERO:
        return "open"
    known = done.get(str(row["name"]))
    if known is None:
        return ""
    return "same" if _alike(known.coding) == _alike(coding) else "otherwise"


def _alike(coding: Coding) -> tuple[str, str, str]:
    """What an accountant compares: account, tax, party of a payment on account."""
    return coding.account, coding.tax_template, "" if coding.account else coding.party
