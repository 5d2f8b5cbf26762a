"""A preview as people see it: its head and footer, its table with what really happened since, and one document with ERPNext on the left and Xero on
the right."""

from __future__ import annotations

import json
from collections import Counter
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
from ..documents.preview import Preview, Previewed
from ..documents.preview_together import IDS_PER_CALL, requests
from ..documents.step import ASIDE
from ..documents.translation import Reason
from ..engine import gather, limits, preview_run, slices
from ..engine.clock import now
from ..engine.contexts import books_of
from ..engine.preview import whole
from ..engine.preview_rows import HELD, RANK, UNTOLD
from ..engine.screen_texts import in_words, said, shown
from ..xero.records.base import BATCH_LIMIT, XeroObject
from ..xero.records.registry import KINDS, MANUAL_JOURNAL
from . import as_in_xero, wording
from .as_in_xero import Names
from .xero_names import XeroNames

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
        "becomes": _all_become((row.pop("target") or "").split(","), row["reference_doctype"]),
        "real": real.get("said", ""),
        "real_number": real.get("number", ""),
        "real_total": "" if there is None else f"{there:f}",
        "differs": differs,
    }


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
    """What one document would become: `steps`, each as Xero's screen shows it (as_in_xero.py), with its payload, why, and what was assumed; `sides`:
    figures here and there, with what differs; `lines` here, in `currency`. Values are unformatted, with `as` beside them. `may_read`: whether the user may
    read the document itself."""
    found = whole(connection, doctype, name)
    facts = Facts()
    books = books_of(frappe.get_doc(CONNECTION, connection))
    gather.load(books, DOCUMENT.of([(doctype, name)]), facts)
    doc = facts.get(DOCUMENT, (doctype, name)) or {}
    own = [each for each in found.steps if (each.who.doctype, each.who.name, each.who.creation) == (doctype, name, moment(doc["creation"]))]
    main = next((each for each in own if each.body), None)
    shows = _Shows(connection, doc, found, books.mapping.base_currency)
    return {
        "doctype": doctype,
        "name": name,
        "currency": registry.shown_worth(doc).currency or books.mapping.base_currency,
        "steps": [_step(each, shows) for each in found.steps],
        "sides": _sides(doc, main, shows) if may_read else [],
        "lines": _lines_here(doc) if may_read else [],
    }


class _Shows:
    """What stands behind Xero's codes and ids in one preview: its lists, what was sent before, and what this document would make first."""

    def __init__(self, connection: str, doc: dict[str, Any], found: Preview, base_currency: str) -> None:
        self.lists = XeroNames(connection)
        self._connection, self._base = connection, base_currency
        self._own = registry.shown_worth(doc).currency or base_currency
        self._made = {each.xero_id: each for each in found.links}
        self._kept: dict[str, dict[str, Any]] = {}

    def names(self, its: XeroObject, body: dict[str, Any]) -> Names:
        """The names for one record, with the currency of its amounts."""
        return Names(self.lists.account, self.lists.tax, self.record, self._currency(its, body))

    def record(self, xero_id: str) -> str:
        """How the record with this id is called: a contact's name, an invoice's number; the document's name where it has none."""
        if made := self._made.get(xero_id):
            return made.xero_number or made.who.name
        known = self._link(xero_id)
        return shown(known.get("xero_number") or known.get("reference_name") or "")

    def _currency(self, its: XeroObject, body: dict[str, Any]) -> str:
        if code := body.get("CurrencyCode"):
            return str(code)
        if its is MANUAL_JOURNAL:
            return self._base
        if as_in_xero.moves_a_bank(its) or as_in_xero.account_ids(body) and not as_in_xero.settled_ids(body):
            return next((code for each in as_in_xero.account_ids(body) if (code := self.lists.currency(each))), self._base)
        for xero_id in as_in_xero.settled_ids(body):
            if code := self._link(xero_id).get("currency"):
                return str(code)
        return self._own

    def _link(self, xero_id: str) -> dict[str, Any]:
        if xero_id not in self._kept:
            fields = ["xero_number", "reference_name", "currency"]
            row = frappe.db.get_value("Xero Link", {"connection": self._connection, "xero_id": xero_id}, fields, as_dict=True)
            self._kept[xero_id] = dict(row or {})
        return self._kept[xero_id]


def _step(step: Previewed, shows: _Shows) -> dict[str, Any]:
    kind = KINDS.get(step.kind)
    found: dict[str, Any] = {
        "document": step.who.name,
        "outcome": step.outcome,
        "what": in_words(wording.of_role(step.role, step.who.doctype)),
        "status": "",
        "fields": [],
        "lines": {"columns": [], "rows": []},
        "totals": [],
        "currency": "",
        "request": "",
        "json": "",
        "reasons": [_reason(each, shows) for each in step.reasons],
        "problems": _told(step.problems),
        "assumptions": _told(step.assumptions),
    }
    if not kind or step.body is None:
        return found
    its, body = kind.xero_object, step.body
    names = shows.names(its, body)
    return {
        **found,
        "what": in_words(as_in_xero.called(its, str(body.get("Type") or ""), step.who.doctype)),
        "status": in_words(as_in_xero.status(its, body)),
        "fields": _said(as_in_xero.fields(its, body, names)),
        "lines": _table(as_in_xero.lines(its, body, names)),
        "totals": _said(as_in_xero.totals(its, body, step.total, step.tax)),
        "currency": names.currency,
        "request": f"{kind.method} {step.path}",
        "json": simplejson.dumps(kind.body([body]), use_decimal=True, indent=1, ensure_ascii=False),
    }


def _said(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "label": in_words(each["label"]), "value": in_words(each["value"])} for each in found]


def _table(found: dict[str, Any]) -> dict[str, Any]:
    return {"columns": [{**each, "label": in_words(each["label"])} for each in found["columns"]], "rows": found["rows"]}


def _reason(reason: Reason, shows: _Shows) -> list[str]:
    account, tax = shows.lists.account(reason.account), shows.lists.tax(reason.tax_type)
    return [reason.line, account, in_words(reason.account_why), tax, in_words(reason.tax_why)]


def _told(problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    return [{"message": in_words(each.message), "cure": in_words(each.resolution)} for each in problems]


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
                "quantity": _value(row.get("qty"), as_in_xero.NUMBER),
                "amount": _number(amount),
                "account": str(account),
                "cost_center": str(row.get("cost_center") or ""),
            }
        )
    return found


def _number(value: Any) -> str:
    return "" if value is None else f"{decimal(value):f}"


def _sides(doc: dict[str, Any], main: Previewed | None, shows: _Shows) -> list[dict[str, Any]]:
    """The figures of a document beside those of its own record: `label`, `here`, `there`, `as`, and whether they differ."""
    body = (main.body or {}) if main else {}
    worth = registry.shown_worth(doc)
    contact = shows.record(str((body.get("Contact") or {}).get("ContactID") or ""))
    rate = (
        doc.get("conversion_rate")
        if doc.get("currency") != frappe.db.get_value("Company", doc.get("company"), "default_currency")
        else None
    )
    its = KINDS[main.kind].xero_object if main else None
    status = as_in_xero.status(its, body) if its else ""
    total = main and (main.total if main.total is not None else body.get("Amount"))
    pairs = [
        (_("Contact"), doc.get("customer_name") or doc.get("supplier_name") or doc.get("party_name"), contact, as_in_xero.TEXT),
        # Of a bill Xero shows the supplier's number.
        (
            _("Number"),
            (doc["doctype"] == "Purchase Invoice" and doc.get("bill_no")) or doc.get("name"),
            its.number(body) if its else "",
            as_in_xero.TEXT,
        ),
        (_("Date"), doc.get("posting_date"), body.get("Date"), as_in_xero.DATE),
        (_("Due date"), doc.get("due_date"), body.get("DueDate"), as_in_xero.DATE),
        (_("Currency"), worth.currency, body.get("CurrencyCode"), as_in_xero.TEXT),
        (_("Exchange rate"), rate, body.get("CurrencyRate"), as_in_xero.NUMBER),
        (_("Tax"), doc.get("total_taxes_and_charges"), main.tax if main else None, as_in_xero.MONEY),
        (_("Total"), worth.amount, total, as_in_xero.MONEY),
        (_("Arrives as"), "", status and in_words(status), as_in_xero.TEXT),
    ]
    found = []
    for label, here, there, kind in pairs:
        one, other = _value(here, kind), _value(there, kind)
        # The rate of the document stands the other way round in Xero.
        differs = bool(one and other) and one != other and label != "Exchange rate"
        if one or other:
            found.append({"label": in_words(label), "here": one, "there": other, "as": kind, "differs": differs})
    return found


def _value(value: Any, kind: str) -> str:
    """A value of either side in one spelling, so that the same is the same; "" for none."""
    if value is None or value == "":
        return ""
    if kind in (as_in_xero.MONEY, as_in_xero.NUMBER):
        number = decimal(value).normalize()
        return f"{abs(number) if kind == as_in_xero.MONEY else number:f}"
    return str(value)[:10] if kind == as_in_xero.DATE else str(value)


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
