"""Which questions (accounting/questions) Xero's Demo Company has answered otherwise than the app relies on, and what a Xero Admin lets go all the same.

An answer counts for the whole site, since it is about Xero and not about one organisation: the newest one of each question; one that could not be
asked changes nothing. A person's word counts for the connection for which it was given, until a later answer is as expected.
"""

from __future__ import annotations

import json
from typing import Any

import frappe

from ..accounting import causes
from ..accounting.questions import RULES
from ..accounting.texts import _
from ..questions.experiments import AS_EXPECTED, DIFFERS
from . import full_names, log
from .clock import now
from .screen_texts import html, in_words
from .wake import wake_waiting

STATE, RESULT = "Xero Connection State", "Xero Question Result"
# Answers that are looked through for the newest of each question.
MOST = 2000


def answered() -> dict[str, str]:
    """By question the newest answer: "As Expected" or "Differs"; without those that were never answered."""
    rows = frappe.get_all(
        RESULT,
        filters={"state": ("in", (AS_EXPECTED, DIFFERS))},
        fields=["question", "state"],
        order_by="asked_at desc, name desc",
        limit=MOST,
    )
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row["question"], row["state"])
    return found


def differing(connection: str) -> frozenset[str]:
    """The questions whose rule differs and holds documents of this connection."""
    let_go = overrides(connection)
    return frozenset(name for name, state in answered().items() if state == DIFFERS and name in RULES and name not in let_go)


def look(connection: str, question: str) -> Any:
    """What the cure of a question looks like now: its answer, and a person's word; of all where none is named."""
    states, words = answered(), overrides(connection)
    return [(name, states.get(name, ""), words.get(name, {})) for name in ([question] if question else sorted(RULES))]


def overrides(connection: str) -> dict[str, dict[str, str]]:
    """By question who lets its documents go although the rule differs (`by`), when (`at`, UTC) and why (`reason`)."""
    return dict(json.loads(frappe.db.get_value(STATE, connection, "question_overrides") or "{}"))


def let_go(connection: str, question: str, reason: str) -> None:
    """A person lets go what waits because this rule differs. Part of the caller's transaction."""
    if question not in RULES or answered().get(question) != DIFFERS:
        frappe.throw(html(in_words(_("No document waits because of this question: {question}").format(question=question))))
    word = {"by": frappe.session.user, "at": str(now())[:19], "reason": reason[:500]}
    _store(connection, {**overrides(connection), question: word})
    log.of_connection(
        connection,
        _("{user} lets go what waits because Xero does otherwise ({rule}): {reason}").format(
            user=full_names.mine(), rule=RULES[question].said, reason=word["reason"]
        ),
    )
    frappe.db.after_commit.add(lambda: wake_waiting(connection))


def over(question: str) -> None:
    """An answer is as expected: nobody's word on it counts any more. Part of the caller's transaction."""
    for connection in frappe.get_all(STATE, filters={"question_overrides": ("like", f"%{question}%")}, pluck="name"):
        kept = {name: word for name, word in overrides(connection).items() if name != question}
        _store(connection, kept)


def wake_all() -> None:
    """Answers were written: what waits for one anywhere is looked at within seconds. Call it after the commit."""
    for connection in sorted(set(frappe.get_all("Xero Step Cause", filters={"kind": causes.QUESTION}, pluck="connection", limit=500))):
        wake_waiting(connection)


def _store(connection: str, kept: dict[str, dict[str, str]]) -> None:
    text = json.dumps(kept, ensure_ascii=False) if kept else ""
    frappe.db.set_value(STATE, connection, "question_overrides", text, update_modified=False)
