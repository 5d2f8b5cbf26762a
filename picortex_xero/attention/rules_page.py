"""What the page Rules shows: the settings of each kind with what they cost, the rules in their order, and what they would have made of the last 90 days."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting import tax_types
from ..accounting.texts import Text, _, plain
from ..connection import approvers, cash_choices, sync_rules, xero_lists
from ..documents.rules.kinds import KINDS, WITH_STATUS
from ..documents.rules.outlook import Judged, amount, counts
from ..documents.rules.rule import HOLD, NEXT_BATCH, OUTCOMES, REAL_TIME, SKIP, SYNC, TIMES
from ..documents.rules.verdict import WAITS
from ..documents.rules.words import BATCH, PLURALS
from ..documents.step import PENDING
from ..engine import policies, rule_outlook
from ..engine.screen_texts import in_words

# Documents of a preview that are listed.
MOST_LISTED = 1_000
# What the page may send back.
EVERY_KIND, EVERY_TIME = KINDS, TIMES
SAYS: dict[str, Text] = {
    SYNC: _("Sync"),
    HOLD: _("Hold for approval"),
    NEXT_BATCH: _("Next batch"),
    SKIP: _("Skip"),
    WAITS: _("Waits for a person"),
}
CASH_HINT = _(
    "Xero's bank feed will show this cash without a document to match. Say for each account what becomes of it: code it in Xero, by a bank rule there, or let the app summarise it daily as one Receive or Spend Money that the bank line matches"
)
Row = dict[str, Any]


def shown(connection: str) -> dict[str, Any]:
    """`settings`: one row a kind, with `requests` a day by each choice; `rules` in their order; `waiting`: how many documents wait for their batch;
    `cash`: what was chosen for cash without a document, and the `taxes` that may be."""
    stored = {row["kind"]: row for row in policies.rows_of(connection)[0]}
    costs = rule_outlook.requests_a_day(connection)
    batch = {"connection": connection, "state": PENDING, "reason_code": BATCH}
    return {
        "settings": [_setting(kind, stored.get(kind), costs[kind]) for kind in KINDS],
        "rules": [_rule(name) for name in _rules(connection)],
        "waiting": int(frappe.db.count("Xero Outbox Entry", batch)),
        "zone": frappe.db.get_single_value("System Settings", "time_zone") or policies.DEFAULT_ZONE,
        "cash": cash_choices.shown(connection),
        "taxes": _taxes(connection),
        "company": frappe.db.get_value("Xero Connection", connection, "company"),
    }


def _taxes(connection: str) -> list[Row]:
    """The tax types of Xero that a choice may name."""
    rates = xero_lists.stored(connection)["tax_rates"] if xero_lists.read_at(connection) else []
    return [{"value": each["TaxType"], "label": f"{each['Name']} ({each['TaxType']})"} for each in rates if tax_types.usable(each)]


def _setting(kind: str, row: Row | None, requests: dict[str, Any]) -> Row:
    at = policies.time_of(row["send_at"]) if row and row["send_at"] is not None else None
    return {
        "kind": kind,
        "label": in_words(PLURALS[kind]),
        "enabled": int(row["enabled"]) if row else 1,
        "send": row["send"] if row else REAL_TIME,
        "send_at": f"{at:%H:%M}" if at else "",
        "start_date": str(row["start_date"] or "") if row else "",
        "target_status": (row["target_status"] or "") if row else "",
        "has_status": kind in WITH_STATUS,
        "requests": {choice: f"{count:f}" for choice, count in requests.items()},
    }


def _rules(connection: str) -> list[str]:
    return list(
        frappe.get_all(policies.RULE, filters={"connection": connection}, pluck="name", order_by="priority asc, creation asc, name asc")
    )


def _rule(name: str) -> Row:
    doc = frappe.get_doc(policies.RULE, name)
    made = policies.Conditions()
    broken = [
        found
        for kind in sync_rules.kinds_of(doc)
        if (found := made.rule(doc.as_dict(), kind, [row.as_dict() for row in doc.conditions]).broken)
    ]
    return {
        "name": doc.name,
        "title": doc.title,
        "enabled": int(doc.enabled or 0),
        "outcome": in_words(SAYS[doc.outcome]),
        "approved": in_words(approvers.in_words_of(doc)) if doc.outcome == HOLD else "",
        "asks_nobody": in_words(nobody) if doc.outcome == HOLD and doc.enabled and (nobody := approvers.nobody_left(doc)) else "",
        "says": in_words(sync_rules.conditions_in_words(doc)),
        "kinds": [in_words(PLURALS[kind]) for kind in sync_rules.kinds_of(doc)],
        "broken": in_words(broken[0]) if broken else "",
    }


def preview(connection: str, also: str = "") -> dict[str, Any]:
    """Of the last 90 days: `counts` (by rule and outcome), the `documents` (the first ones of each), the `cash`; how many were `looked` at, of how many
    (`of`); `hint`, what to do about the cash."""
    found = rule_outlook.look(connection, also)
    caught = [each for each in found.judged if each.verdict.rule or each.verdict.outcome != SYNC]
    return {
        "counts": _counts(found.judged),
        "documents": [_document(each) for each in caught[:MOST_LISTED]],
        "listed": min(len(caught), MOST_LISTED),
        "caught": len(caught),
        "cash": [
            {
                "account": each.account,
                "currency": each.currency,
                "documents": each.documents,
                "received": f"{each.received:f}",
                "paid": f"{each.paid:f}",
            }
            for each in found.cash
        ],
        "hint": in_words(CASH_HINT),
        "looked": len(found.judged),
        "of": found.documents,
        "since": rule_outlook.since(),
        "currency": frappe.get_cached_value("Company", frappe.db.get_value("Xero Connection", connection, "company"), "default_currency"),
    }


def _counts(judged: list[Judged]) -> list[Row]:
    every = counts(judged)
    order = {outcome: at for at, outcome in enumerate((*OUTCOMES, WAITS))}
    return [
        {"rule": rule, "outcome": outcome, "says": in_words(SAYS[outcome]), "documents": every[rule, outcome]}
        for rule, outcome in sorted(every, key=lambda key: (not key[0], key[0], order[key[1]]))
    ]


def _document(one: Judged) -> Row:
    problem = one.verdict.problem
    return {
        "doctype": one.doc["doctype"],
        "name": one.doc["name"],
        "date": str(one.doc["posting_date"]),
        "amount": f"{amount(one.doc):f}",
        "rule": one.verdict.rule,
        "outcome": one.verdict.outcome,
        "says": in_words(SAYS[one.verdict.outcome]),
        "why": in_words(problem.message if problem else plain("")),
        "in_xero": one.in_xero,
    }
