"""A preview as people see it: its head and footer, its table with what really happened since, and one document with ERPNext on the left and Xero on
the right."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import frappe

from ..accounting.money import decimal
from ..accounting.texts import Text, _
from ..connection import current, plans, xero_lists
from ..documents import registry
from ..documents.identity import INVOICE_DOCTYPES, Identity
from ..documents.preview_together import requests
from ..documents.step import ASIDE
from ..engine import limits, openings, preview_calls, preview_documents, preview_run, slices, watch
from ..engine.clock import now
from ..engine.preview_rows import GO, HELD, PART, RANK, UNTOLD
from ..engine.screen_texts import in_words, said, shown
from ..xero.records.base import BATCH_LIMIT
from ..xero.records.registry import KINDS
from . import as_in_xero, wording
from .records import paid_before

PREVIEW, ROW, CONNECTION, STATE = preview_run.PREVIEW, preview_run.ROW, preview_run.CONNECTION, "Xero Connection State"
PAGE = 50
MINUTE = 60
# Calls a day on Xero's smallest developer tier, and on all others (Xero's documentation, "Limits").
DAY_SMALL, DAY = 1000, 5000
HEAD = (
    "name connection company what from_date to_date reference_doctype reference_name state started_at finished_at started_by documents looked_at problems calls "
    "look_in_xero counts_in_xero costs reason cure reason_parts seen_by"
).split()
STATES = {
    GO: _("Would go"),
    PART: _("Would go, a part of it held"),
    "Waits for Another": _("Waits for another document"),
    HELD: _("Would be held"),
    "Not Sent": _("Not sent to Xero"),
    "Decided in Xero": _("Decided when Xero shows what is there"),
    UNTOLD: _("Could not be told"),
}


# What would have been stopped first, and would go since its cause was cured.
CURED = {"stopped_until": ("is", "set"), "rank": RANK[GO]}


def newest(connection: str) -> str:
    """The name of the newest preview of a connection, while it only watches of what it sees; "" for none."""
    if current.watches_only(connection):
        return watch.of(connection)
    filters = {"connection": connection, "what": ("!=", preview_run.WATCH)}
    found = frappe.get_all(PREVIEW, filters=filters, pluck="name", order_by="started_at desc", limit=1)
    return found[0] if found else ""


def head(name: str) -> dict[str, Any]:
    """How far a preview is, how many lines there are of each state, how many of what only was watched would have been stopped first and were `cured` since,
    and what it would take: `requests`, `minutes`, `days`."""
    row = dict(frappe.db.get_value(PREVIEW, name, HEAD, as_dict=True))
    total = json.loads(row.pop("costs") or "{}")
    count = requests(total, BATCH_LIMIT)
    parts = row.pop("reason_parts")
    plan = plans.of(str(row["connection"]))
    counts = {state: frappe.db.count(ROW, {"preview": name, "rank": rank}) for state, rank in RANK.items()}
    return {
        **row,
        "reason": said(row["reason"], parts, "reason"),
        "cure": said(row["cure"], parts, "cure"),
        "states": [{"state": state, "said": in_words(STATES[state]), "count": number} for state, number in counts.items() if number],
        "cured": frappe.db.count(ROW, {"preview": name, **CURED}),
        "requests": count,
        "minutes": -(-count // (MINUTE - limits.MINUTE_RESERVE)),
        "days": days(str(row["connection"]), count),
        "plan": {"name": plan.name, "invoices": plan.invoices, "bills": plan.bills, "known": plan.known},
        "lists_read_at": xero_lists.read_at(str(row["connection"])),
    }


def days(connection: str, count: int) -> int:
    """On how many days so many calls are made, with what is left of today's; 0 where there is nothing to send."""
    known = frappe.db.get_value(STATE, connection, ["day_calls_left", "last_good_call"], as_dict=True) or {}
    fresh = bool(known.get("last_good_call")) and (now() - known["last_good_call"]).days < 1
    left = int(known.get("day_calls_left") or 0) if fresh else DAY_SMALL
    each = (DAY if left > DAY_SMALL else DAY_SMALL) - limits.DAY_SPARE
    today = max(0, left - limits.DAY_SPARE)
    return 0 if not count else 1 if count <= today else 1 + -(-(count - today) // each)


def table(name: str, start: int, state: str) -> list[dict[str, Any]]:
    """Lines of a preview from number `start` on, problems first (all, or those of one `state`, or "Cured"), each with what has really become of its document
    (`real`: "" while it is not in Xero). Of what was only watched: when it would have been stopped first (`stopped_at`, UTC), why (`stopped_by`), and when
    that was found cured (`stopped_until`)."""
    fields = (
        "name reference_doctype reference_name reference_creation posting_date contact accounts tax tax_here total total_here currency target state problems cure "
        "texts number parts_kept stopped_at stopped_until stopped_by"
    ).split()
    filters = {"preview": name, **(CURED if state == "Cured" else {"state": state} if state else {})}
    rows = frappe.get_all(
        ROW, filters=filters, fields=fields, order_by="`rank` asc, posting_date asc, name asc", limit_start=start, limit=PAGE
    )
    connection = str(frappe.db.get_value(PREVIEW, name, "connection"))
    real = _real(connection, rows)
    return [_line(row, real.get((row["reference_doctype"], row["reference_name"], row["reference_creation"]), {})) for row in rows]


def watched_line(connection: str, who: Identity) -> dict[str, str] | None:
    """What would become of a document by what its connection saw while it only watched: `said` (its state), `problems`, `cure`; None where it was not looked
    at yet."""
    filters = {
        "preview": watch.of(connection),
        "reference_doctype": who.doctype,
        "reference_name": who.name,
        "reference_creation": who.creation,
    }
    row = frappe.db.get_value(ROW, filters, ["state", "parts_kept", "problems", "cure", "texts"], as_dict=True)
    if not row:
        return None
    texts = {field: said(row[field], row["texts"], field) for field in ("problems", "cure")}
    return {"said": in_words(_said(row["state"], row["parts_kept"])), **texts}


def _line(row: dict[str, Any], real: dict[str, Any]) -> dict[str, Any]:
    parts = row.pop("texts")
    texts = {field: said(row[field], parts, field) for field in ("problems", "cure", "stopped_by")}
    texts |= {field: str(row[field] or "")[:19] for field in ("stopped_at", "stopped_until")}
    texts |= {field: shown(row[field]) for field in ("contact", "accounts", "number")}
    total, there = row["total"], real.get("total")
    differs = there is not None and total != "" and decimal(total) != there
    if differs and real["whole"]:
        differs = not paid_before(real["whole"], decimal(total))
    return {
        **row,
        **texts,
        "said": in_words(_said(row["state"], row.pop("parts_kept"))),
        "becomes": _all_become((row.pop("target") or "").split(","), row["reference_doctype"]),
        "real": real.get("said", ""),
        "real_number": real.get("number", ""),
        "real_total": "" if there is None else f"{there:f}",
        "differs": differs,
    }


def _said(state: str, parts_kept: int) -> Text:
    """The state of a line; of what goes with how many parts of it do not."""
    if parts_kept and state == PART:
        return _("Would go, of it {count} held").format(count=parts_kept)
    if parts_kept and state == GO:
        return _("Would go, of it {count} waiting").format(count=parts_kept)
    return STATES.get(state, Text(state))


def _all_become(targets: list[str], doctype: str) -> str:
    counts = Counter(_becomes(each, doctype) for each in targets if each)
    return ", ".join(what if count == 1 else f"{count} × {what}" for what, count in counts.items())


def _becomes(target: str, doctype: str) -> str:
    """A record as it was kept, in Xero's words: the kind of request, the status and the type that it is made with."""
    kind, status, type_ = [*target.split(":"), "", ""][:3]
    if kind not in KINDS:
        return target
    its = KINDS[kind].xero_object
    what = in_words(as_in_xero.called(its, type_, doctype))
    return f"{what} ({in_words(wording.in_xero(its.endpoint, status, None))})" if status else what


def _real(connection: str, rows: list[dict[str, Any]]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What became of these documents: how it is called, its number and total, by DocType, name and creation."""
    by_doctype: dict[str, list[str]] = {}
    for row in rows:
        by_doctype.setdefault(row["reference_doctype"], []).append(row["reference_name"])
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for doctype, names in by_doctype.items():
        main = registry.own_parts(doctype)
        filters = {"name": ("in", names), "is_opening": "Yes"}
        opening = set(frappe.get_all(doctype, filters=filters, pluck="name")) if doctype in INVOICE_DOCTYPES else set()
        opening |= openings.names(connection, doctype, names)
        links = frappe.get_all(
            "Xero Link",
            filters={"connection": connection, "reference_doctype": doctype, "reference_name": ("in", names), "sequence": ("<", ASIDE)},
            fields=[
                "reference_name",
                "reference_creation",
                "role",
                "endpoint",
                "xero_number",
                "remote_status",
                "remote_total",
                "adopted",
                "remote_amount_due",
                "reading_again",
            ],
            order_by="sequence asc",
        )
        for link in links:
            if link["role"] in main:
                status = wording.in_xero(link["endpoint"], shown(link["remote_status"]), link["remote_amount_due"], link["reading_again"])
                shows = {"said": in_words(status), "number": shown(link["xero_number"]), "total": abs(decimal(link["remote_total"]))}
                # An opening invoice that Xero had already was linked for what is open of it, and has its whole total there.
                whole = int(link["adopted"] or 0) and link["reference_name"] in opening
                shows["whole"] = link if whole else None
                found.setdefault((doctype, link["reference_name"], link["reference_creation"]), shows)
    return found


def looking_costs(
    connection: str, what: str, from_date: str, to_date: str, doctype: str, name: str, look_in_xero: bool, may_ask: bool
) -> dict[str, int]:
    """Before a preview is begun: how many `documents` it would look at, and how many `calls` it makes: where somebody begins it who may have Xero asked
    (`may_ask`) what is approved there counts, and with `look_in_xero` numbers are looked up, too."""
    found = preview_documents.documents(connection, what, from_date, to_date, doctype, name)
    return {"documents": len(found), "calls": preview_calls.calls(connection, found, look_in_xero) if may_ask else 0}


def seen(name: str) -> None:
    """Somebody who decides has looked at a finished preview. Part of the caller's transaction."""
    row = frappe.db.get_value(PREVIEW, name, ["state", "seen_by"], as_dict=True)
    if row["state"] in (slices.DONE, preview_run.WATCHING) and not row["seen_by"]:
        frappe.db.set_value(PREVIEW, name, "seen_by", frappe.session.user, update_modified=False)


def step(connection: str) -> dict[str, str]:
    """The step Preview of the guided setup: `state` (green, amber, red) and one sentence."""
    done = frappe.get_all(
        PREVIEW,
        filters={"connection": connection, "state": ("in", (slices.DONE, preview_run.WATCHING))},
        fields=["name", "problems", "looked_at"],
        order_by="started_at desc",
        limit=1,
    )
    if not done:
        return {"state": "amber", "message": in_words(_("Nothing was previewed yet: see what would be posted before anything is"))}
    row = done[0]
    if row["problems"]:
        what = _("The last preview looked at one document, which would not go")
    if row["problems"] and row["looked_at"] > 1:
        what = _("The last preview looked at {count} documents; {problems} of them would not go").format(
            count=row["looked_at"], problems=row["problems"]
        )
        return {"state": "amber", "message": in_words(what)}
    if parts := frappe.db.count(ROW, {"preview": row["name"], "state": PART}):
        what = _("The last preview looked at {count} documents, and all would go; of {parts} a part would be held").format(
            count=row["looked_at"], parts=parts
        )
        if row["looked_at"] == 1:
            what = _("The last preview looked at one document, which would go; a part of it would be held")
        return {"state": "amber", "message": in_words(what)}
    return {
        "state": "green",
        "message": in_words(
            _("The last preview looked at one document, which would go")
            if row["looked_at"] == 1
            else _("The last preview looked at {count} documents, and all would go").format(count=row["looked_at"])
        ),
    }
