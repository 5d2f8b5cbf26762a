"""What the page History Import shows: the import that is under way and how far it is, those that are over, and what an import would take."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe

from ..accounting.texts import Text
from ..connection.current import RETIRED
from ..documents.history import words
from ..documents.history.forecast import seconds_of
from ..documents.rules.kinds import KINDS
from ..documents.rules.words import PLURALS
from ..documents.step import ATTENTION
from ..engine import (
    candidates,
    full_names,
    history,
    history_budget,
    history_counts,
    history_forecast,
    history_walk,
    opening_balances,
    opening_check,
)
from ..engine.screen_texts import in_words, said, shown

CONNECTION = "Xero Connection"
KEPT = 20
# Records of Xero that are shown beside one document.
SHOWN_OF_XERO = 3
# What the page may send back.
EVERY_KIND = KINDS
FIELDS = [
    "name", "connection", "mode", "state", "from_date", "to_date", "kinds", "started_at", "started_by", "finished_at", "paused_at", "paused_by", "paused_seconds",
    "documents", "looked_at", "known", "in_xero", "was_there", "held", "left_out", "withdrawn", "calls", "walked", "reason", "reason_parts",
    "forecast_documents", "forecast_requests", "forecast_a_day", "forecast_seconds", "forecast_end", "preview",
]  # fmt: skip
Row = dict[str, Any]


def page(connection: str) -> Row:
    """`runs`: the newest imports, the newest first, each with how far it is; `kinds` with their labels; `until`: the last day that an import may have, ""
    before the company has gone live; `since`: the day of its first document."""
    row = frappe.db.get_value(CONNECTION, connection, ["company", "go_live_date", "state"], as_dict=True)
    live = row["go_live_date"] and row["state"] != RETIRED
    runs = frappe.get_all(
        history.DOCTYPE, filters={"connection": connection}, fields=FIELDS, order_by="started_at desc, name asc", limit=KEPT
    )
    names = full_names.of([each[field] for each in runs for field in ("started_by", "paused_by") if each[field]])
    return {
        "runs": [_run(dict(each), names) for each in runs],
        "kinds": [{"kind": kind, "label": in_words(PLURALS[kind])} for kind in KINDS],
        "until": history.day_before(str(row["go_live_date"])) if live else "",
        "open": history.open_run(connection),
    }


def _run(row: Row, names: dict[str, str]) -> Row:
    if row["state"] in history.OPEN or row["held"] or row["was_there"]:
        # What waited for a person goes on after the import is through.
        row |= history_counts.standing(row["name"])
    done = row["known"] + row["in_xero"] + row["left_out"] + row["withdrawn"]
    left = max(0, row["documents"] - done - row["held"]) if row["state"] in history.OPEN else 0
    reason = said(row["reason"], row.pop("reason_parts"), "reason")
    return {
        **row,
        "reason": reason,
        "called": in_words(history.called(row)),
        "kinds": [in_words(_label(kind)) for kind in (row["kinds"] or "").splitlines()],
        "started_by": names.get(row["started_by"], row["started_by"]),
        "paused_by": names.get(row["paused_by"] or "", ""),
        "done": done,
        "left": left,
        "seconds_left": _seconds_left(row, left) if row["state"] in history.OPEN else 0,
    }


def _label(kind: str) -> Text:
    return PLURALS[kind]


def _seconds_left(row: Row, left: int) -> int:
    """How long what is left takes, by the requests that the forecast counted for each document."""
    requests = -(-left * (row["forecast_requests"] or 0) // max(1, row["forecast_documents"] or 0))
    return seconds_of(requests, history_budget.a_day(row["connection"]), history_budget.left(row["connection"]))


def expected(connection: str, from_date: str, to_date: str, kinds: tuple[str, ...]) -> Row:
    """The forecast of an import: documents by kind, requests, requests a day, seconds."""
    what = history.range_of(connection, from_date, to_date, kinds)
    found, details = history_forecast.of(connection, what)
    counted = frappe.parse_json(details)
    return {
        "called": in_words(words.called(words.HISTORY, from_date, to_date)),
        "documents": found.documents,
        "requests": found.requests,
        "a_day": found.a_day,
        "seconds": found.seconds,
        "live_a_day": counted["live_a_day"],
        "contacts": counted["contacts"],
        "kinds": [{"label": in_words(_label(kind)), "documents": its["count"]} for kind, its in counted["kinds"].items() if its["count"]],
    }


def opening(connection: str, at: str) -> Row:
    """What the check of opening balances found: `refused` and `cure` ("" where they may go), `receivables` and `payables` in Xero, `owed` (documents here, by
    kind), and `balances`: the other accounts, for the accountant. Asks Xero. Commits."""
    doc = frappe.get_doc(CONNECTION, connection)
    first = opening_balances.first_day(doc.company, at)
    what = history.range_of(connection, first, at, opening_balances.KINDS, words.OPENING)
    found, counted = opening_check.check(connection, at), history_walk.counts(what)
    return {
        "at": at,
        "refused": in_words(found.refused),
        "cure": in_words(found.cure),
        "asks": found.asks,
        "unmapped": found.unmapped,
        "currency": doc.base_currency,
        "receivables": str(found.receivables),
        "payables": str(found.payables),
        "owed": [{"label": in_words(_label(kind)), "documents": counted[kind]} for kind in opening_balances.KINDS],
        "balances": [
            {"account": each.account, "here": str(each.here), "code": each.code, "name": shown(each.name), "there": _shown(each.there)}
            for each in found.balances
        ],
    }


def _shown(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def was_there(run: str) -> list[Row]:
    """The documents of an import that were in Xero already: `linked`, or it `waits` for a person; else a person has
    confirmed it, and it is being linked. `there` is what Xero has for one that waits, each with `number`, `contact`, `date`, `total`, `currency`."""
    return [
        {
            "step": row["step"],
            "doctype": row["reference_doctype"],
            "name": row["reference_name"],
            "date": str(row["posting_date"] or ""),
            "amount": row["amount"],
            "currency": row["currency"],
            "number": shown(row["xero_number"] or ""),
            "linked": bool(row["xero_id"]),
            "waits": not row["xero_id"] and row["state"] == ATTENTION,
            "there": [] if row["xero_id"] else [_found(each) for each in candidates.choices(row["step"])[:SHOWN_OF_XERO]],
        }
        for row in history_counts.was_there(run)
    ]


def _found(record: Row) -> Row:
    return {field: shown(str(record.get(field) or "")) for field in ("number", "contact", "date", "total", "currency")}
