"""What the document forms ask on request: why a document is booked in Xero as it is, and what cancelling it would do there."""

from __future__ import annotations

from typing import Any

import frappe

from ..attention import before_cancel as outlook
from ..attention import status
from ..attention import why as reasons
from ..connection import current
from .arguments import asks, name, one
from .home import MOST_NAMES, _names
from .status import _only_the_roles, _sees_details, _sent


def _may_read(doctype: str, name: str, **_arguments: Any) -> None:
    one(doctype, name, "read")


def _may_read_such(doctype: str, **_arguments: Any) -> None:
    frappe.has_permission(doctype, "read", throw=True)


def _may_ask_why(doctype: str, name: str, **_arguments: Any) -> None:
    one(doctype, name, "read")
    if not _sees_details(doctype, name):
        _only_the_roles()


@frappe.whitelist(methods=["GET"])
@asks(_may_ask_why, doctype=_sent, name=name)
def lines(doctype: str, name: str) -> dict[str, Any]:
    """Each line of what the document becomes in Xero, with the choice that gives it its account and its tax; `problems` are what keeps it."""
    connection, _who = status.of_document(doctype, name)
    return reasons.of(connection, doctype, name) if connection else {"lines": [], "problems": []}


@frappe.whitelist(methods=["GET"])
@asks(_may_read, doctype=_sent, name=name)
def before_cancel(doctype: str, name: str) -> dict[str, Any]:
    """What cancelling the document would do in Xero, record by record; numbers and what to do only for the Xero roles. {} where it does nothing there."""
    connection, who = status.of_document(doctype, name)
    return outlook.of(connection, who, with_details=_sees_details(doctype, name)) if connection else {}


@frappe.whitelist(methods=["POST"])
@asks(_may_read_such, doctype=_sent, names=_names)
def before_bulk_cancel(doctype: str, names: list[str]) -> list[dict[str, Any]]:
    """What cancelling these documents would do in Xero, by company: how many records of each fate, and the names of those of which something is left to a
    person. Of documents that the user may not read nothing is said."""
    fields = ["name", "creation", "company", "posting_date"]
    asked = {"name": ("in", names or [""]), "docstatus": 1}
    by_company: dict[str, list[dict[str, Any]]] = {}
    for doc in frappe.get_list(doctype, filters=asked, fields=fields, limit=MOST_NAMES):
        by_company.setdefault(doc["company"], []).append(doc)
    found = []
    for company, docs in sorted(by_company.items()):
        if connection := current.of_company(company):
            found.append({"company": company, **outlook.of_many(connection, doctype, docs)})
    return [each for each in found if len(each) > 1]
