"""The report's columns and rows; what they say is decided in attention/sync_report.py."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, nowdate

from picortex_xero.attention import sync_report
from picortex_xero.attention.sync_report import SUBMITTED, Asked
from picortex_xero.connection import current
from picortex_xero.engine.screen_texts import html, in_words

CONNECTION, STEP = "Xero Connection", "Xero Outbox Entry"
# More than a person reads; a table of more does not open in a browser either.
MOST = 10_000


def execute(filters: Any = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str | None]:
    """Columns, rows and a message. `filters`: `company`, `from_date` and `to_date`, `kind` (a DocType, all without), `only_problems`, `documents` (one row
    for each)."""
    filters = filters or {}
    frappe.has_permission(STEP, "report", throw=True)
    asked = _asked(filters)
    if not filters.get("documents"):
        return _columns_of_kinds(), [_of_kind(line) for line in sync_report.summary(asked)], None
    wanted = (one for one in sync_report.documents(asked) if one.problem or not asked.only_problems)
    rows = [_of_document(one) for one in islice(wanted, MOST + 1)]
    more = _("Only the first {0} documents are shown: choose a shorter period, or one kind of document").format(MOST)
    return _columns_of_documents(), rows[:MOST], more if len(rows) > MOST else None


def _asked(filters: Any) -> Asked:
    company = filters.get("company")
    connection = current.of_company(company) if isinstance(company, str) and company else None
    if not connection:
        frappe.throw(_("Choose a company that is connected to Xero"))
    frappe.has_permission(CONNECTION, "read", doc=connection, throw=True)
    live_from = frappe.db.get_value(CONNECTION, connection, "go_live_date")
    if not live_from:
        frappe.throw(_("The company has not gone live with Xero yet"))
    first, last = _day(filters, "from_date"), _day(filters, "to_date")
    if first > last:
        frappe.throw(_("The period ends before it begins"))
    kind = filters.get("kind")
    if kind and kind not in SUBMITTED:
        frappe.throw(_("{0} is no kind of document that is sent to Xero").format(html(kind)))
    return Asked(
        str(connection),
        str(company),
        frappe.get_cached_value("Company", company, "default_currency") or "",
        str(live_from),
        first.isoformat(),
        last.isoformat(),
        (kind,) if kind else SUBMITTED,
        bool(frappe.utils.cint(filters.get("only_problems"))),
    )


def _day(filters: Any, name: str) -> date:
    found: date = getdate(filters.get(name) or nowdate())
    return found


def _of_kind(line: sync_report.Line) -> dict[str, Any]:
    return {
        "kind": in_words(line.kind),
        "doctype": line.doctype,
        "currency": line.currency,
        "here": line.here,
        "total_here": line.total_here,
        "in_xero": line.in_xero,
        "total_in_xero": line.total_in_xero,
        "total_left_out": line.total_left_out,
        "difference": line.difference,
        "not_compared": line.not_compared,
        "left_out": line.left_out,
        "on_its_way": line.on_its_way,
        "stopped": line.stopped,
        "before_go_live": line.before_go_live,
        "status": sync_report.status_of(line),
        "colour": sync_report.colour_of(line),
    }


def _of_document(one: sync_report.Compared) -> dict[str, Any]:
    return {
        "doctype": one.doctype,
        "document": one.doc["name"],
        "kind": in_words(one.kind),
        "date": one.doc["posting_date"],
        "party": sync_report.party(one),
        "currency": one.currency,
        "here": None if one.cancelled else one.here,
        "in_xero": one.total,
        "difference": one.difference,
        "number": ", ".join(one.numbers),
        "status": sync_report.status(one),
        "colour": "grey" if one.before_go_live else one.place.colour,
        "reason": sync_report.reason(one),
    }


def _columns_of_kinds() -> list[dict[str, Any]]:
    return [
        _column("kind", _("Kind of Document"), "Data", 150),
        _column("status", _("Status"), "Data", 130),
        _column("difference", _("Difference"), "Currency", 115, "currency"),
        _currency(),
        _column("here", _("Number Here"), "Int", 115),
        _column("in_xero", _("Number in Xero"), "Int", 130),
        _column("total_here", _("Total Here"), "Currency", 120, "currency"),
        _column("total_left_out", _("Total Left Out"), "Currency", 125, "currency"),
        _column("total_in_xero", _("Total in Xero"), "Currency", 120, "currency"),
        _column("not_compared", _("Not Compared"), "Int", 120),
        _column("left_out", _("Left Out"), "Int", 95),
        _column("on_its_way", _("On Its Way"), "Int", 105),
        _column("stopped", _("Waiting or to Fix"), "Int", 140),
        _column("before_go_live", _("From Before Go-Live"), "Int", 160),
    ]


def _columns_of_documents() -> list[dict[str, Any]]:
    return [
        _column("document", _("Document"), "Dynamic Link", 200, "doctype"),
        _column("status", _("Status"), "Data", 300),
        _column("difference", _("Difference"), "Currency", 115, "currency"),
        _column("date", _("Date"), "Date", 115),
        _column("party", _("Customer or Supplier"), "Data", 170),
        _column("here", _("Total Here"), "Currency", 120, "currency"),
        _column("in_xero", _("Total in Xero"), "Currency", 120, "currency"),
        _currency(),
        _column("number", _("Number in Xero"), "Data", 150),
        _column("kind", _("Kind of Document"), "Data", 150),
        _column("reason", _("Reason"), "Data", 400),
    ]


def _currency() -> dict[str, Any]:
    """As text: of a Link the Desk asks whether the reader may read Currency, which an auditor may not."""
    return _column("currency", _("Currency"), "Data", 95)


def _column(fieldname: str, label: str, fieldtype: str, width: int, options: str = "") -> dict[str, Any]:
    # A text that looks like a number stands where the other texts of its column stand.
    aligned = {"align": "left"} if fieldtype == "Data" else {}
    return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, "options": options, **aligned}
