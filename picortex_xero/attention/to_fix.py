"""To Fix: what keeps documents from Xero, one row per cause, with how many, how much, since when, and the cure as a button.

Nothing here asks who may see it: api/to_fix.py does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe

from ..accounting import causes as kinds
from ..accounting.causes import Cause
from ..accounting.money import ZERO, decimal, half_up
from ..accounting.texts import Text, plain
from ..connection import who_may, xero_lists
from ..documents.approvals.words import ASKED, PAST_US
from ..documents.identity import Identity
from ..documents.registry import SUBMITTED
from ..engine import causes, full_names, log, outbox, protocol, release, screen_texts, stuck
from ..engine.clock import now
from ..engine.wake import wake
from . import by_hand, cure_buttons, skipping, standing
from .status import in_words_of

CONNECTION = "Xero Connection"
# Rows of causes, and of documents, on one page.
CAUSES, DOCUMENTS = 50, 20
# So many lines of what Xero said.
MOST_SAID = 20
Row = dict[str, Any]
Key = tuple[str, str, str]


def causes_of(connections: Sequence[str], start: int, by_hand: bool = False) -> dict[str, Any]:
    """One page of the causes of these connections (with `by_hand` only what a person does in Xero), that first for which most documents wait: `rows`, `total` (number of causes), `documents`
    (in all, each once), `page` (rows of a page), and `connections` (each with `name`, `company`, `organisation`, and `reason` and `cure` of what keeps it
    from sending). Each row has `connection`, `company`, `code`, `kind`, `key`, `title`, `reason`, `cure`, `documents`, `behind` (further ones that
    wait for these), `amount` and `currency` (of the company), `amounts` (by currency, where there is another one), `since` and `days`, `step`,
    `by_hand` (a person follows instructions), `held` (nothing is wrong), `button`, `assigned`, `comments`."""
    only = kinds.RECIPE if by_hand else ""
    known = (row for connection in connections for row in rows(connection))
    found = sorted((row for row in known if only in ("", row["kind"])), key=_most_first)
    page = found[start : start + CAUSES]
    return {
        "rows": _in_words(page),
        "total": len(found),
        "documents": sum(count for count, _since in stuck.documents(connections, only).values()),
        "page": CAUSES,
        "connections": [_connection(each) for each in connections],
    }


def documents_of(connection: str, kind: str, key: str, code: str, start: int) -> dict[str, Any]:
    """One page of the documents that wait for one cause, the oldest first: `rows`, `page`, `more`. Each has `step`, `doctype`, `name`, `date`,
    `amount`, `currency`, `state`, `reason`, `cure`, `since`, and what may be done: `can_release`, `can_send_late`, `can_skip`, `can_say_done`."""
    found = stuck.steps(connection, Cause(kind, key), code, start, DOCUMENTS + 1)
    more, found = len(found) > DOCUMENTS, found[:DOCUMENTS]
    steps = {step["name"]: step for step in outbox.named([row["step"] for row in found])}
    rows = [_document(connection, steps[row["step"]], str(row["since"])) for row in found if row["step"] in steps]
    return {"rows": rows, "page": DOCUMENTS, "more": more}


def said_by_xero(name: str) -> list[dict[str, str]]:
    """What Xero answered about the document of one step, word for word, the newest first: `at` (UTC), `message`, `answer` (the text of its
    answer)."""
    step = outbox.get(name=name)
    if not step:
        return []
    rows = frappe.get_all(
        log.DOCTYPE,
        filters={
            "connection": step["connection"],
            "reference_doctype": step["reference_doctype"],
            "reference_name": step["reference_name"],
            "reference_creation": step["reference_creation"],
            "event": "Refused",
        },
        fields=["at", "message", "message_parts", "detail"],
        order_by="at desc",
        limit=MOST_SAID,
    )
    return [
        {
            "at": str(row["at"] or "")[:19],
            "message": screen_texts.said(row["message"], row["message_parts"], "message"),
            "answer": row["detail"] or "",
        }
        for row in rows
    ]


def release_money(connection: str, as_of: datetime | None = None) -> dict[str, int]:
    """Let all money go that waits, or that waited at a time (UTC): how many steps were `released`, and how many still wait (`waiting`). Commits."""
    return {"released": release.money(connection, as_of), "waiting": causes.count(connection, release.MONEY)}


def release_document(connection: str, who: Identity) -> int:
    """Let the money of one document go; returns how many steps. Part of the caller's transaction."""
    return release.money_of(outbox.steps_of(connection, who))


def send_late(connection: str, who: Identity) -> int:
    """Send one document all the same although its period is closed; returns how many of its steps waited for that. Part of the caller's transaction."""
    steps = outbox.steps_of(connection, who)
    done = release.late_of(steps, by_hand.makes)
    if done:
        frappe.db.after_commit.add(lambda: wake(connection))
    return done


def rows(connection: str) -> list[Row]:
    """The causes of one connection, that first for which most documents wait: `connection`, `company`, `code`, `kind`, `key`, `documents`, `amount` and
    `currency` (of the company), `amounts` (by currency), `since` (UTC), `step` (one of them), `held`."""
    company = frappe.db.get_value(CONNECTION, connection, "company")
    base = frappe.get_cached_value("Company", company, "default_currency")
    found: dict[Key, Row] = {}
    for group in stuck.groups(connection, base):
        key = (group["code"], group["kind"], group["cause_key"])
        row = found.setdefault(
            key,
            {
                **{"connection": connection, "company": company, "code": key[0], "kind": key[1], "key": key[2], "currency": base},
                **{"documents": 0, "amount": ZERO, "amounts": {}, "since": group["since"], "step": group["step"], "held": True},
            },
        )
        row["documents"] += int(group["documents"])
        row["amount"] += decimal(group["own"])
        row["amounts"][group["currency"] or base] = row["amounts"].get(group["currency"] or base, ZERO) + decimal(group["amount"])
        row["held"] = row["held"] and bool(group["held"])
        if group["since"] < row["since"]:
            row |= {"since": group["since"], "step": group["step"]}
    return sorted(found.values(), key=_most_first)


def _most_first(row: Row) -> tuple[Any, ...]:
    return (-row["documents"], row["since"], row["connection"], row["code"], row["kind"], row["key"])


def _in_words(page: list[Row]) -> list[Row]:
    """The rows of a page as people read them; what they need besides is read for all of them together."""
    steps = {step["name"]: step for step in outbox.named([row["step"] for row in page])}
    connections = list(dict.fromkeys(row["connection"] for row in page))
    behind = {each: stuck.behind(each) for each in connections}
    assigned = {each: _people(stuck.assigned(each)) for each in connections}
    comments = {each: _people(stuck.commented(each)) for each in connections}
    shown = []
    for row in page:
        key, cause, step = (row["code"], row["kind"], row["key"]), Cause(row["kind"], row["key"]), steps.get(row["step"])
        field = label(cause)
        pressed = (
            cure_buttons.approve(row["company"])
            if row["code"] in (*ASKED, PAST_US) and who_may.approves(frappe.get_roles())
            else cure_buttons.button(cause, row["connection"], field, _called_in_xero(row["connection"], cause), row["code"])
        )
        shown.append(
            {
                **row,
                "title": screen_texts.in_words(cure_buttons.title(cause, field)),
                # That of money names one document, and says no more than the title.
                "reason": "" if row["kind"] == kinds.MONEY else in_words_of(step, "reason"),
                "cure": in_words_of(step, "cure"),
                "behind": behind[row["connection"]].get(key, 0),
                "amount": str(half_up(row["amount"])),
                "amounts": _by_currency(row["amounts"], row["currency"]),
                "since": str(row["since"])[:19],
                "days": max(0, (now() - row["since"]) // timedelta(days=1)) if row["since"] else 0,
                "by_hand": row["kind"] == kinds.RECIPE,
                "button": {
                    "says": screen_texts.in_words(pressed.says),
                    "act": pressed.act,
                    "route": list(pressed.route),
                    "options": pressed.options,
                    "refreshes": pressed.refreshes,
                },
                "assigned": list(dict.fromkeys(assigned[row["connection"]].get(key, []))),
                "comments": len(comments[row["connection"]].get(key, [])),
            }
        )
    return shown


def _called_in_xero(connection: str, cause: Cause) -> list[str]:
    """Code and id of the account of Xero's that a cause is about: choices name it by either."""
    if cause.kind != kinds.XERO_ACCOUNT or not cause.key or not xero_lists.read_at(connection):
        return []
    names = [[each.get("Code") or "", each.get("AccountID") or ""] for each in xero_lists.stored(connection)["accounts"]]
    return [name for both in names if cause.key in both for name in both if name]


def _by_currency(amounts: dict[str, Decimal], base: str) -> list[dict[str, str]]:
    """The sums by currency, where there is another one than the company's."""
    if set(amounts) <= {base}:
        return []
    return [{"currency": currency, "amount": str(half_up(amount))} for currency, amount in sorted(amounts.items()) if amount]


def _people(rows: list[Row]) -> dict[Key, list[str]]:
    found: dict[Key, list[str]] = {}
    names = full_names.of(row["user"] or "" for row in rows)
    for row in rows:
        found.setdefault((row["code"], row["kind"], row["cause_key"]), []).append(names.get(row["user"], ""))
    return found


def label(cause: Cause) -> str:
    """What the first field of a setting is called, in the reader's language."""
    if cause.kind != kinds.SETTING or not cause.key:
        return ""
    known = frappe.get_meta(CONNECTION).get_field(cause.key.split(",")[0])
    return str(frappe._(known.label)) if known else ""


def _connection(name: str) -> dict[str, str]:
    row = frappe.db.get_value(CONNECTION, name, ["company", "organisation_name"], as_dict=True)
    up = standing.of(name)
    said: tuple[Text, Text] = (up.problem.message, up.problem.resolution) if up else (plain(""), plain(""))
    return {
        "name": name,
        "company": row["company"],
        "organisation": screen_texts.shown(row["organisation_name"]),
        "reason": screen_texts.in_words(said[0]),
        "cure": screen_texts.in_words(said[1]),
    }


def _document(connection: str, step: outbox.Row, since: str) -> Row:
    who = outbox.identity(step)
    sent = who.doctype in SUBMITTED
    steps = outbox.steps_of(connection, who) if sent else []
    return {
        "step": step["name"],
        "doctype": who.doctype,
        "name": who.name,
        "date": str(step["posting_date"] or ""),
        "amount": str(half_up(decimal(step["amount"]))) if decimal(step["amount"]) else "",
        "currency": step["currency"] or frappe.get_cached_value("Company", step["company"], "default_currency"),
        "held": step["state"] == protocol.HELD,
        "since": since[:19],
        "reason": in_words_of(step, "reason"),
        "cure": in_words_of(step, "cure"),
        "can_release": sent and release.waits_for_release(step),
        "can_send_late": release.late_question([step]) if sent else "",
        "can_skip": sent and skipping.possible(connection, who, steps),
        "can_say_done": sent and by_hand.possible(connection, who, steps),
    }
