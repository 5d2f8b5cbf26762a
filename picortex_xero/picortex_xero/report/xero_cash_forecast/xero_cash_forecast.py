"""The report's columns and rows; what is expected when is decided in cash_flow/."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, getdate, nowdate

from picortex_xero.cash_flow import kept, reading, shown
from picortex_xero.cash_flow.curve import WEEK, Curve
from picortex_xero.cash_flow.shown import LONGEST_DELAY, Asked
from picortex_xero.cash_flow.values import Line
from picortex_xero.engine.screen_texts import html, in_words


def execute(filters: Any = None) -> tuple[Any, ...]:
    """Columns, rows, a message, a chart and a summary. `filters`: `company`, `currency` (only what is in it, in it), the scenarios `later` (days), `later_customer`, `lost`, `open_too`, and `beyond`: what
    no day of the curve has."""
    filters = filters or {}
    frappe.has_permission(kept.DOCTYPE, "report", throw=True)
    asked = _asked(filters)
    try:
        expected, under = shown.both(asked)
    except reading.NoRate as trouble:
        frappe.throw(html(in_words(trouble.said)))
        raise
    curve = under.curve(asked.currency)
    currency = asked.currency or under.base
    if filters.get("beyond"):
        found = [each for each in under.beyond() if not asked.currency or each.item.currency == asked.currency]
        return _columns(False), [_row(each, curve, currency) for each in found], None, None, None
    rows, balance = [_first(asked.today, curve.opening, currency)], curve.opening
    for each in shown.listed(under, asked.currency):
        balance += curve.amount(each)
        rows.append({**_row(each, curve, currency), "balance": balance})
    said = "<br>".join(html(in_words(each)) for each in expected.opening.said) or None
    return _columns(True), rows, said, _chart(curve, expected.curve(asked.currency), bool(under.scenarios)), _summary(curve, currency)


def _asked(filters: Any) -> Asked:
    company = filters.get("company")
    if not isinstance(company, str) or not frappe.db.exists("Company", company):
        frappe.throw(_("Choose a company"))
    frappe.has_permission("Company", "read", doc=company, throw=True)
    later = cint(filters.get("later"))
    if not 0 <= later <= LONGEST_DELAY:
        frappe.throw(_("Choose between 0 and {0} days").format(html(LONGEST_DELAY)))
    named = {name: str(filters.get(name) or "") for name in ("currency", "later_customer", "lost")}
    today: date = getdate(nowdate())
    return Asked(str(company), today, named["currency"], later, named["later_customer"], named["lost"], bool(cint(filters.get("open_too"))))


def _first(today: date, opening: Decimal, currency: str) -> dict[str, Any]:
    return {"expected": today, "kind": _("Held now"), "amount": None, "own": None, "balance": opening, "curve_currency": currency}


def _row(each: Line, curve: Curve, currency: str) -> dict[str, Any]:
    found = shown.line(each, curve)
    return {
        "expected": each.expected,
        "kind": in_words(shown.WORDS[each.item.kind]),
        "amount": curve.amount(each),
        "curve_currency": currency,
        "own": each.amount,
        "currency": each.item.currency,
        "doctype": found["doctype"],
        "document": found["name"] if found["doctype"] else "",
        "party": found["party"],
        "part": each.item.part,
        "due": each.item.due,
        "why": found["why"],
        "book": each.item.book,
    }


def _chart(curve: Curve, plain: Curve, scenario: bool) -> dict[str, Any]:
    weeks, without = curve.buckets(WEEK), plain.buckets(WEEK)
    datasets = [{"name": _("Left at the End of the Week"), "values": [each.closing for each in weeks]}]
    if scenario:
        datasets.append({"name": _("Without the Scenario"), "values": [each.closing for each in without]})
    return {
        "data": {"labels": [frappe.utils.formatdate(each.last) for each in weeks], "datasets": datasets},
        "type": "line",
        "fieldtype": "Currency",
    }


def _summary(curve: Curve, currency: str) -> list[dict[str, Any]]:
    lowest = curve.lowest()
    figures = (
        (_("Held now"), curve.opening),
        (_("Least, on {0}").format(frappe.utils.formatdate(lowest.day)), lowest.balance),
        (_("At the end"), curve.balances()[-1][1]),
    )
    return [
        {"label": label, "value": value, "datatype": "Currency", "currency": currency, "indicator": "Red" if value < 0 else "Blue"}
        for label, value in figures
    ]


def _columns(with_balance: bool) -> list[dict[str, Any]]:
    found = [
        _column("expected", _("Expected"), "Date", 105),
        _column("kind", _("What"), "Data", 130),
        _column("document", _("Document"), "Dynamic Link", 170, "doctype"),
        _column("party", _("Party"), "Data", 170),
        _column("amount", _("Amount"), "Currency", 125, "curve_currency"),
        *([_column("balance", _("Left After It"), "Currency", 130, "curve_currency")] if with_balance else []),
        _column("due", _("Due"), "Date", 105),
        _column("why", _("Why That Day"), "Data", 420),
        _column("own", _("In Its Currency"), "Currency", 125, "currency"),
        _column("currency", _("Currency"), "Data", 85),
        _column("part", _("Part"), "Data", 90),
        _column("book", _("Open In"), "Data", 90),
    ]
    return found


def _column(fieldname: str, label: str, fieldtype: str, width: int, options: str = "") -> dict[str, Any]:
    aligned = {"align": "left"} if fieldtype == "Data" else {}
    return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, "options": options, **aligned}
