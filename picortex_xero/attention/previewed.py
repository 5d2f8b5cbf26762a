"""A preview as people see it: its head and footer, its table with what really happened since, and one document with ERPNext on the left and Xero on
the right."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import frappe
import simplejson

from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..accounting.texts import Text, _
from ..connection import plans, xero_lists
from ..documents import registry
from ..documents.fact_types import DOCUMENT
from ..documents.identity import moment
from ..documents.needs import Facts
from ..documents.preview import Previewed
from ..documents.preview_together import IDS_PER_CALL, requests
from ..documents.step import ASIDE
from ..engine import gather, limits, preview_run, slices
from ..engine.clock import now
from ..engine.contexts import books_of
from ..engine.preview import preview
from ..engine.preview_rows import HELD, RANK, UNTOLD
from ..engine.screen_texts import in_words, said, shown
from ..xero.records.base import BATCH_LIMIT
from ..xero.records.lines import rows_of
from ..xero.records.registry import KINDS
from . import wording

PREVIEW, ROW, CONNECTION, STATE = preview_run.PREVIEW, preview_run.ROW, preview_run.CONNECTION, "Xero Connection State"
PAGE = 50
MINUTE = 60
# Calls a day on Xero's smallest developer tier, and on all others (Xero's documentation, "Limits").
DAY_SMALL, DAY = 1000, 5000
HEAD = (
    "name connection company what from_date to_date reference_doctype reference_name state started_at finished_at started_by documents looked_at problems calls "
    "look_in_xero costs reason cure reason_parts seen_by"
).split()
STATES = {
    "Would Go": _("Would go"),
    "Waits for Another": _("Waits for another document"),
    HELD: _("Would be held"),
    "Not Sent": _("Not sent to Xero"),
    "Decided in Xero": _("Decided when Xero shows what is there"),
    UNTOLD: _("Could not be told"),
}


def newest(connection: str) -> str:
    """The name of the newest preview of a connection; "" for none."""
    found = frappe.get_all(PREVIEW, filters={"connection": connection}, pluck="name", order_by="started_at desc", limit=1)
    return found[0] if found else ""


def head(name: str) -> dict[str, Any]:
    """How far a preview is, how many lines there are of each state, and what it would take: `requests`, `minutes`, `days`."""
    row = dict(frappe.db.get_value(PREVIEW, name, HEAD, as_dict=True))
    total = json.loads(row.pop("costs") or "{}")
    count = requests(total, BATCH_LIMIT)
    parts = row.pop("reason_parts")
    plan = plans.of(str(row["connection"]))
    counts = {state: frappe.db.count(ROW, {"preview": name, "state": state}) for state in RANK}
    return {
        **row,
        "reason": said(row["reason"], parts, "reason"),
        "cure": said(row["cure"], parts, "cure"),
        "states": [{"state": state, "said": in_words(STATES[state]), "count": number} for state, number in counts.items() if number],
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
    """Lines of a preview from number `start` on, problems first (all, or those of one `state`), each with what has really become of its document
    (`real`: "" while it is not in Xero)."""
    fields = (
        "name reference_doctype reference_name reference_creation posting_date contact accounts tax tax_here total total_here currency target state problems cure "
        "texts number"
    ).split()
    filters = {"preview": name, **({"state": state} if state else {})}
    rows = frappe.get_all(
        ROW, filters=filters, fields=fields, order_by="`rank` asc, posting_date asc, name asc", limit_start=start, limit=PAGE
    )
    connection = str(frappe.db.get_value(PREVIEW, name, "connection"))
    real = _real(connection, rows)
    return [_line(row, real.get((row["reference_doctype"], row["reference_name"], row["reference_creation"]), {})) for row in rows]


def _line(row: dict[str, Any], real: dict[str, Any]) -> dict[str, Any]:
    parts = row.pop("texts")
    texts = {field: said(row[field], parts, field) for field in ("problems", "cure")}
    texts |= {field: shown(row[field]) for field in ("contact", "accounts", "number")}
    total, there = row["total"], real.get("total")
    differs = there is not None and total != "" and decimal(total) != there
    return {
        **row,
        **texts,
        "said": in_words(STATES.get(row["state"], Text(row["state"]))),
        "becomes": ", ".join(_becomes(each) for each in (row.pop("target") or "").split(",") if each),
        "real": real.get("said", ""),
        "real_number": real.get("number", ""),
        "real_total": "" if there is None else f"{there:f}",
        "differs": differs,
    }


def _becomes(target: str) -> str:
    kind, _colon, status = target.partition(":")
    if kind not in KINDS:
        return target
    its = KINDS[kind].xero_object
    noun = in_words(its.noun)
    return f"{noun} ({in_words(wording.in_xero(its.endpoint, status, None))})" if status else noun


def _real(connection: str, rows: list[dict[str, Any]]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What became of these documents: how it is called, its number and total, by DocType, name and creation."""
    by_doctype: dict[str, list[str]] = {}
    for row in rows:
        by_doctype.setdefault(row["reference_doctype"], []).append(row["reference_name"])
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for doctype, names in by_doctype.items():
        main = registry.own_parts(doctype)
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
                "remote_amount_due",
            ],
            order_by="sequence asc",
        )
        for link in links:
            if link["role"] in main:
                status = wording.in_xero(link["endpoint"], link["remote_status"] or "", link["remote_amount_due"])
                shows = {"said": in_words(status), "number": shown(link["xero_number"]), "total": abs(decimal(link["remote_total"]))}
                found.setdefault((doctype, link["reference_name"], link["reference_creation"]), shows)
    return found


# One document


def document(connection: str, doctype: str, name: str, may_read: bool) -> dict[str, Any]:
    """What one document would become: `steps`, each with its payload, why, and what was assumed; `sides`: figures here and there, with what
    differs; `lines` here. `may_read`: whether the user may read the document itself."""
    steps = preview(connection, doctype, name)
    facts = Facts()
    books = books_of(frappe.get_doc(CONNECTION, connection))
    gather.load(books, DOCUMENT.of([(doctype, name)]), facts)
    doc = facts.get(DOCUMENT, (doctype, name)) or {}
    own = [each for each in steps if (each.who.doctype, each.who.name, each.who.creation) == (doctype, name, moment(doc["creation"]))]
    main = next((each for each in own if each.outcome == "Send"), None)
    accounts = _accounts(connection)
    return {
        "doctype": doctype,
        "name": name,
        "steps": [_step(each, accounts) for each in steps],
        "sides": _sides(doc, main, steps) if may_read else [],
        "lines": _lines_here(doc) if may_read else [],
    }


def _step(step: Previewed, accounts: dict[str, str]) -> dict[str, Any]:
    kind = KINDS.get(step.kind)
    return {
        "document": step.who.name,
        "role": step.role,
        "outcome": step.outcome,
        "what": in_words(kind.xero_object.noun) if kind else "",
        "request": f"{kind.method} {step.path}" if kind else "",
        "json": simplejson.dumps(kind.body([step.body]), use_decimal=True, indent=1, ensure_ascii=False)
        if kind and step.body is not None
        else "",
        "fields": [
            [key, str(value)] for key, value in (step.body or {}).items() if isinstance(value, (str, int, bool, Decimal)) and str(value)
        ],
        "lines": [_line_there(line, accounts) for line in rows_of(step.body or {}) or []],
        "reasons": [[each.line, each.account, each.account_why, each.tax_type, each.tax_why] for each in step.reasons],
        "problems": _told(step.problems),
        "assumptions": _told(step.assumptions),
        "total": "" if step.total is None else f"{step.total:f}",
        "tax": "" if step.tax is None else f"{step.tax:f}",
    }


def _told(problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    return [{"message": in_words(each.message), "cure": in_words(each.resolution)} for each in problems]


def _line_there(line: dict[str, Any], accounts: dict[str, str]) -> dict[str, str]:
    code = str(line.get("AccountCode") or "")
    tags = ", ".join(f"{each.get('Name')}: {each.get('Option')}" for each in line.get("Tracking") or [])
    figures = {name: str(line[field]) if line.get(field) is not None else "" for name, field in FIGURES.items()}
    return {"description": str(line.get("Description") or ""), "account": accounts.get(code, code), "tracking": tags, **figures}


FIGURES = {
    "quantity": "Quantity",
    "price": "UnitAmount",
    "amount": "LineAmount",
    "tax_type": "TaxType",
    "tax": "TaxAmount",
    "discount": "DiscountRate",
}


def _accounts(connection: str) -> dict[str, str]:
    lists = xero_lists.stored(connection) if xero_lists.read_at(connection) else {}
    return {each["Code"]: f"{each['Code']} {each['Name']}" for each in lists.get("accounts", ()) if each["Code"]}


def _lines_here(doc: dict[str, Any]) -> list[dict[str, str]]:
    rows = doc.get("items") or doc.get("accounts") or doc.get("references") or []
    found = []
    for row in rows:
        what = row.get("item_name") or row.get("user_remark") or row.get("reference_name") or row.get("account") or ""
        account = row.get("income_account") or row.get("expense_account") or row.get("account") or ""
        amount = row.get("net_amount", row.get("allocated_amount", decimal(row.get("debit")) - decimal(row.get("credit"))))
        found.append(
            {
                "description": str(what),
                "quantity": _number(row.get("qty")),
                "price": _number(row.get("net_rate")),
                "amount": _number(amount),
                "account": str(account),
                "cost_center": str(row.get("cost_center") or ""),
            }
        )
    return found


def _number(value: Any) -> str:
    return "" if value is None else f"{decimal(value):f}"


def _sides(doc: dict[str, Any], main: Previewed | None, steps: list[Previewed]) -> list[dict[str, Any]]:
    body = (main.body or {}) if main else {}
    worth = registry.shown_worth(doc)
    contact = (body.get("Contact") or {}).get("Name") or next(
        (each.body["Name"] for each in steps if each.role == "contact" and each.body), ""
    )
    party = doc.get("customer_name") or doc.get("supplier_name") or doc.get("party_name") or ""
    if not contact and (found := (body.get("Contact") or {}).get("ContactID")):
        contact = shown(frappe.db.get_value("Xero Link", {"xero_id": found, "endpoint": "Contacts"}, "xero_number") or "")
    rate = (
        doc.get("conversion_rate")
        if doc.get("currency") != frappe.db.get_value("Company", doc.get("company"), "default_currency")
        else None
    )
    its = KINDS[main.kind].xero_object if main else None
    pairs = [
        (_("Contact"), party, contact),
        (_("Number"), doc.get("name"), its.number(body) if its else ""),
        (_("Date"), doc.get("posting_date"), body.get("Date")),
        (_("Due date"), doc.get("due_date"), body.get("DueDate")),
        (_("Currency"), worth.currency, body.get("CurrencyCode")),
        (_("Exchange rate"), rate, body.get("CurrencyRate")),
        (_("Tax"), _amount(doc.get("total_taxes_and_charges")), _amount(main.tax) if main else ""),
        (_("Total"), _amount(worth.amount), _amount(main.total if main.total is not None else body.get("Amount")) if main else ""),
    ]
    return [
        {"label": in_words(label), "here": str(here or ""), "there": str(there or ""), "differs": _differs(here, there)}
        for label, here, there in pairs
        if here or there
    ]


def _amount(value: Any) -> str:
    return "" if value is None else f"{abs(decimal(value)).normalize():f}"


def _differs(here: Any, there: Any) -> bool:
    """Whether both are shown and are not the same; the rate of the document stands the other way round in Xero."""
    if here in (None, "") or there in (None, ""):
        return False
    return str(here)[:10] != str(there)[:10] if hasattr(here, "isoformat") else str(here) != str(there)


def looking_costs(connection: str, what: str, from_date: str, to_date: str, doctype: str, name: str) -> dict[str, int]:
    """Before a preview is begun: how many `documents` it would look at, and how many `calls` it takes to look in Xero, too."""
    found = preview_run.documents(connection, what, from_date, to_date, doctype, name)
    sales = sum(each == "Sales Invoice" for each, _name in found)
    plan = plans.of(connection)
    months = len({str(each)[:7] for each in (from_date, to_date) if each}) or 1
    counted = months * (int(bool(plan.invoices)) + int(bool(plan.bills)))
    return {"documents": len(found), "calls": -(-sales // IDS_PER_CALL) + counted}


def seen(name: str) -> None:
    """Somebody who decides has looked at a finished preview. Part of the caller's transaction."""
    row = frappe.db.get_value(PREVIEW, name, ["state", "seen_by"], as_dict=True)
    if row["state"] == slices.DONE and not row["seen_by"]:
        frappe.db.set_value(PREVIEW, name, "seen_by", frappe.session.user, update_modified=False)


def step(connection: str) -> dict[str, str]:
    """The step Preview of the guided setup: `state` (green, amber, red) and one sentence."""
    done = frappe.get_all(
        PREVIEW,
        filters={"connection": connection, "state": slices.DONE},
        fields=["name", "problems", "looked_at"],
        order_by="started_at desc",
        limit=1,
    )
    if not done:
        return {"state": "amber", "message": in_words(_("Nothing was previewed yet: see what would be posted before anything is"))}
    row = done[0]
    if row["problems"]:
        what = _("The last preview looked at {count} documents; {problems} of them would not go").format(
            count=row["looked_at"], problems=row["problems"]
        )
        return {"state": "amber", "message": in_words(what)}
    return {
        "state": "green",
        "message": in_words(_("The last preview looked at {count} documents, and all would go").format(count=row["looked_at"])),
    }
