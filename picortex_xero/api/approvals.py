"""What the page Approvals calls, and Approve and Return on documents that a rule holds back. Whose leave is wanted, and whether this user may give it, is decided for
each document anew (documents/approvals)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..attention import approving
from ..connection import who_may
from ..engine.approvals import LONGEST_NOTE
from ..engine.screen_texts import html
from .arguments import asks, count, listed, name, one, text_or_nothing
from .status import _sent

MOST = 200


def _may_see() -> None:
    frappe.has_permission("Xero Approval", "read", throw=True)


def _may_approve(**_arguments: Any) -> None:
    _may_see()
    if not who_may.approves(frappe.get_roles()):
        # An auditor reads who agreed.
        raise frappe.PermissionError


def _may_list(company: str = "", **_arguments: Any) -> None:
    _may_approve()
    if company:
        one("Company", company, "read")


def _may_look(doctype: str, name: str) -> None:
    _may_approve()
    one(doctype, name, "read")


def _items(label: str, value: Any) -> list[dict[str, str]]:
    found = listed(label, value, MOST)
    if any(not isinstance(each, dict) or set(each) != {"doctype", "name", "seen"} for each in found):
        frappe.throw(_("{0} must be the documents that the page shows").format(html(label)))
    return [
        {"doctype": _sent("doctype", each["doctype"]), "name": name("name", each["name"]), "seen": name("seen", each["seen"])}
        for each in found
    ]


def _any_name(label: str, value: Any) -> str:
    return "" if value in ("", None) else name(label, value)


def _any_sent(label: str, value: Any) -> str:
    return "" if value in ("", None) else _sent(label, value)


def _turn(label: str, value: Any) -> str:
    if value not in approving.TURNS:
        frappe.throw(_("{0} must be one of those that the page offers").format(html(label)))
    return str(value)


def _outcome(label: str, value: Any) -> str:
    if value not in approving.OUTCOMES:
        frappe.throw(_("{0} must be one of those that the page offers").format(html(label)))
    return str(value)


def _note(label: str, value: Any) -> str:
    found = text_or_nothing(label, value).strip()
    if len(found) > LONGEST_NOTE:
        frappe.throw(_("{0} is too long").format(html(label)))
    return found


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_look, doctype=_sent, name=name)
def waiting(doctype: str, name: str) -> dict[str, Any]:
    """What of one document waits for approval, and whether it waits for this user"""
    return approving.waiting(doctype, name)


@frappe.whitelist(methods=["GET"])
@asks(_may_list, company=_any_name, doctype=_any_sent, turn=_turn, start=count)
def page(company: str = "", doctype: str = "", turn: str = approving.MINE, start: int = 0) -> dict[str, Any]:
    """One page of what waits for approval, of the documents that the user may read"""
    return approving.page(company, doctype, turn, start)


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_see)
def mine() -> dict[str, Any]:
    """How many documents wait for this user's approval"""
    approves = who_may.approves(frappe.get_roles())
    opens = {"route": ["xero-approvals"], "route_options": {}} if approves else {}
    return {"value": approving.count() if approves else 0, "fieldtype": "Float", "precision": "0", **opens}


@frappe.whitelist(methods=["GET"])
@asks(_may_look, doctype=_sent, name=name)
def preview(doctype: str, name: str) -> list[dict[str, Any]]:
    """What a document that waits for approval becomes in Xero once it has it, record by record"""
    return approving.preview(doctype, name)


@frappe.whitelist(methods=["POST"])
@asks(_may_approve, items=_items, outcome=_outcome, note=_note)
def decide(items: list[dict[str, str]], outcome: str, note: str = "") -> list[dict[str, Any]]:
    """Approve documents as they were shown, or return them with a note; says of each whether it counts"""
    if outcome == approving.RETURNED and not note:
        frappe.throw(_("Say why: whoever entered it reads your note"))
    return approving.decide(items, outcome, note)
