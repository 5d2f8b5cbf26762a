"""What the page Xero Reports and the reports call: how each report stands, and reading it anew."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import frappe
from frappe import _

from ..connection import current
from ..engine.screen_texts import html, in_words
from ..engine.wake import read_reports
from ..reporting import chosen, reports, turns
from ..reporting import tiles as shown_tiles
from ..reporting.failing import Failure
from ..reporting.snapshots import DOCTYPE
from ..reports.kinds import ALL
from .arguments import LONGEST_TEXT, asks, from_json, name, one

CONNECTION = "Xero Connection"
MOST_FILTERS = 30


def _may_see_any() -> None:
    """Throws unless the user may read reports of some company."""
    frappe.has_permission(DOCTYPE, "read", throw=True)


def _may_see(company: str, **_arguments: Any) -> None:
    """Throws unless the user may read this company's reports."""
    _may_see_any()
    one(CONNECTION, _connection(company), "read")


def _connection(company: str) -> str:
    found = current.of_company(company)
    if not found:
        frappe.throw(_("Choose a company that is connected to Xero"))
    return str(found)


def _report(label: str, value: Any) -> str:
    """The name of a report."""
    return _one_of(ALL, label, value)


def _host_report(label: str, value: Any) -> str:
    """The name of a report of the host."""
    return _one_of(reports.NAMES, label, value)


def _one_of(known: Container[str], label: str, value: Any) -> str:
    if not isinstance(value, str) or value not in known:
        frappe.throw(_("{0} must be one of Xero's reports").format(html(label)))
    return value


def _filters(label: str, value: Any) -> dict[str, Any]:
    """What is chosen in a report: texts and numbers by name, or their JSON."""
    found = None if isinstance(value, str) and len(value) > LONGEST_TEXT else from_json(value)
    if (
        not isinstance(found, dict)
        or len(found) > MOST_FILTERS
        or not all(isinstance(each, (str, int, type(None))) for each in found.values())
    ):
        frappe.throw(_("{0} must be what is chosen in a report").format(html(label)))
    return dict(found)


@frappe.whitelist(methods=["GET"])
@asks(_may_see_any)
def companies() -> list[dict[str, Any]]:
    """The companies with a connection that the user may see, and whether reports are read for them."""
    return shown_tiles.companies()


@frappe.whitelist(methods=["GET"])
@asks(_may_see, company=name)
def tiles(company: str) -> list[dict[str, Any]]:
    """What the page shows of a company (reporting/tiles.py). Asks Xero nothing."""
    return shown_tiles.of_company(_connection(company))


@frappe.whitelist(methods=["POST"])
@asks(_may_see, company=name, report=_report)
def refresh(company: str, report: str) -> dict[str, str]:
    """Read one report anew, where it was not read within the last minute; why it was not (`why`, `cure`), "" where it was."""
    return _said(turns.press, _connection(company), ALL[report])


@frappe.whitelist(methods=["GET"])
@asks(_may_see, company=name)
def tracking(company: str) -> list[str]:
    """The tracking options that may be chosen in Profit and Loss, as "category: option"."""
    return chosen.options(_connection(company))


@frappe.whitelist(methods=["POST"])
@asks(_may_see, company=name, host_report=_host_report, filters=_filters)
def read_days(company: str, host_report: str, filters: dict[str, Any]) -> dict[str, str]:
    """Read from Xero what was chosen in a report of the host (`filters`), where that was not read within the last minute; why it was not (`why`, `cure`), "" where it was."""
    said = {"why": "", "cure": ""}
    for kind, days in reports.asked(host_report, {**filters, "company": company}):
        said = _said(turns.press, _connection(company), kind, days)
        if said["why"]:
            break
    return said


@frappe.whitelist(methods=["POST"])
@asks(_may_see, company=name)
def refresh_all(company: str) -> None:
    """Read all reports of a company anew, in the background."""
    read_reports(_connection(company), pressed=True)


def _said(press: Any, *arguments: Any) -> dict[str, str]:
    try:
        failure: Failure | None = press(*arguments)
    except turns.Busy:
        return {"why": _("These reports are being read from Xero right now"), "cure": _("Look again in a moment")}
    return {"why": in_words(failure.why), "cure": in_words(failure.cure)} if failure else {"why": "", "cure": ""}
