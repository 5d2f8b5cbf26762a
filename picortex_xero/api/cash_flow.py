"""What the page Cash Forecast calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, nowdate

from ..cash_flow import kept, reading, settings, shown
from ..cash_flow.shown import LONGEST_DELAY, Asked
from ..engine.screen_texts import html, in_words
from .arguments import asks, count, day, name, name_or_nothing, one


def _may_see(company: str, **_arguments: Any) -> None:
    """Throws unless the user may read this company's forecasts: who reads its books through the app."""
    frappe.has_permission(kept.DOCTYPE, "read", throw=True)
    one("Company", company, "read")


def _days_later(label: str, value: Any) -> int:
    found = count(label, value)
    if found > LONGEST_DELAY:
        frappe.throw(_("{0} must be at most {1} days").format(html(label), html(LONGEST_DELAY)))
    return found


def _said(function: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What keeps a forecast from being made is one of its answers: the page shows it in its place."""
    try:
        return function()
    except reading.NoRate as trouble:
        return {"trouble": in_words(trouble.said)}


@frappe.whitelist(methods=["GET"])
@asks(
    _may_see,
    company=name,
    currency=name_or_nothing,
    later=_days_later,
    later_customer=name_or_nothing,
    lost=name_or_nothing,
    open_too=count,
)
def forecast(
    company: str, currency: str = "", later: int = 0, later_customer: str = "", lost: str = "", open_too: int = 0
) -> dict[str, Any]:
    """The curve by week and month, the lowest day with what causes it, and what is not in it; `trouble`: why there is none. `setting`: the company's Xero Forecast Setting."""
    asked = Asked(company, _today(), currency, later, later_customer, lost, bool(open_too))
    return {"setting": frappe.db.get_value(settings.DOCTYPE, {"company": company}, "name"), **_said(lambda: shown.page(asked))}


@frappe.whitelist(methods=["GET"])
@asks(
    _may_see,
    company=name,
    first=day,
    last=day,
    currency=name_or_nothing,
    later=_days_later,
    later_customer=name_or_nothing,
    lost=name_or_nothing,
    open_too=count,
)
def lines(
    company: str, first: str, last: str, currency: str = "", later: int = 0, later_customer: str = "", lost: str = "", open_too: int = 0
) -> dict[str, Any]:
    """The lines that are expected from one day to another: what a part of the curve is made of."""
    asked = Asked(company, _today(), currency, later, later_customer, lost, bool(open_too))
    return _said(lambda: shown.lines(asked, date.fromisoformat(first), date.fromisoformat(last)))


@frappe.whitelist(methods=["GET"])
@asks(_may_see, company=name)
def compared(company: str) -> list[dict[str, Any]]:
    """The last weeks: what was held at their end, beside what was expected one, two, four, eight and thirteen weeks before."""
    return kept.figures(kept.compared(company, _today()))


def _today() -> date:
    found: date = getdate(nowdate())
    return found
