"""The report's columns and rows; what they say is decided in attention/ready_to_match.py and, of one record, in ready/."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, nowdate

from picortex_xero.attention import ready_to_match
from picortex_xero.attention.ready_to_match import SHOWS, SUMMARY, Found
from picortex_xero.connection import current
from picortex_xero.engine.screen_texts import html, in_words

CONNECTION, LINK = "Xero Connection", "Xero Link"
# More than a person reads; a table of more does not open in a browser either.
MOST = 10_000
COLOURS = {"Ready": "green", "Not Ready": "orange", "Unreconciled for Long": "red", "No Line in Xero": "grey"}


def execute(filters: Any = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str]:
    """Columns, rows and a message. `filters`: `company`, `show` (one of SHOWS), `days` (how long is long; the company's own choice where it is empty)."""
    filters = filters or {}
    frappe.has_permission(LINK, "report", throw=True)
    connection, company = _asked(filters)
    show = filters.get("show") or SUMMARY
    if show not in SHOWS:
        frappe.throw(_("{0} is nothing that this report shows").format(html(show)))
    after = frappe.utils.cint(filters.get("days")) or frappe.utils.cint(frappe.db.get_value(CONNECTION, connection, "unreconciled_after"))
    found = ready_to_match.look(connection, company, _today(), max(0, after))
    notes = "<br>".join(html(in_words(each)) for each in ready_to_match.notes(found))
    if show == SUMMARY:
        return _columns_of_lines(), _lines(found), notes
    rows = list(islice(ready_to_match.listed(found, show), MOST + 1))
    if len(rows) > MOST:
        notes += "<br>" + _("Only the oldest {0} are shown").format(MOST)
    return _columns_of_records(), rows[:MOST], notes


def _asked(filters: Any) -> tuple[str, str]:
    company = filters.get("company")
    connection = current.of_company(company) if isinstance(company, str) and company else None
    if not connection:
        frappe.throw(_("Choose a company that is connected to Xero"))
    frappe.has_permission(CONNECTION, "read", doc=connection, throw=True)
    return str(connection), str(company)


def _today() -> date:
    found: date = getdate(nowdate())
    return found


def _lines(found: Found) -> list[dict[str, Any]]:
    return [
        {
            "account": line.account or _("Other accounts"),
            "status": in_words(line.what),
            "colour": COLOURS[line.state],
            "count": line.count,
            # What is in several currencies has no sum.
            "total": line.total if line.currency else None,
            "currency": line.currency,
            "oldest": line.oldest,
            "fix": in_words(line.fix),
        }
        for line in ready_to_match.summary(found)
    ]


def _columns_of_lines() -> list[dict[str, Any]]:
    return [
        _column("account", _("Bank Account in Xero"), "Data", 190),
        _column("status", _("Our Estimate"), "Data", 420),
        _column("count", _("Count"), "Int", 90),
        _column("total", _("Total"), "Currency", 130, "currency"),
        _currency(),
        _column("oldest", _("Oldest"), "Date", 110),
        _column("fix", _("What to Do"), "Data", 560),
    ]


def _columns_of_records() -> list[dict[str, Any]]:
    return [
        _column("document", _("Document"), "Dynamic Link", 180, "doctype"),
        _column("account", _("Bank Account in Xero"), "Data", 170),
        _column("date", _("Date in Xero"), "Date", 110),
        _column("days", _("Days"), "Int", 75),
        _column("amount", _("Amount"), "Currency", 120, "currency"),
        _currency(),
        _column("reference", _("Bank's Reference"), "Data", 150),
        _column("status", _("Our Estimate"), "Data", 300),
        _column("reason", _("Reason"), "Data", 420),
        _column("fix", _("What to Do"), "Data", 560),
    ]


def _currency() -> dict[str, Any]:
    """As text: of a Link the Desk asks whether the reader may read Currency, which an auditor may not."""
    return _column("currency", _("Currency"), "Data", 95)


def _column(fieldname: str, label: str, fieldtype: str, width: int, options: str = "") -> dict[str, Any]:
    # A text that looks like a number stands where the other texts of its column stand.
    aligned = {"align": "left"} if fieldtype == "Data" else {}
    return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, "options": options, **aligned}
