"""What the form of a document calls that somebody has changed or removed in Xero (Xero Changed Record)."""

from __future__ import annotations

from typing import Any

import frappe

from ..attention import assigning, changed, changing
from .arguments import asks, name, one
from .to_fix import _presses, _why, _why_or_nothing

ROW = "Xero Changed Record"


def _may_read(change: str, **_arguments: Any) -> None:
    one(ROW, change, "read")
    one("Xero Connection", str(frappe.db.get_value(ROW, change, "connection")), "read")


def _may_press(change: str, **_arguments: Any) -> None:
    """Throws unless the user decides what goes on between these books, and may read the document itself."""
    _may_read(change)
    _presses()
    doctype, document = frappe.db.get_value(ROW, change, ["reference_doctype", "reference_name"]) or ("", "")
    if doctype and frappe.db.exists(doctype, document):
        one(doctype, document, "read")


def _may_read_the_document(change: str) -> bool:
    doctype, document = frappe.db.get_value(ROW, change, ["reference_doctype", "reference_name"]) or ("", "")
    if not doctype or not frappe.db.exists(doctype, document):
        return True
    return bool(frappe.has_permission(doctype, "read", doc=document))


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_read, change=name)
def show(change: str) -> dict[str, Any]:
    """Both sides, field by field, and what may be chosen (attention/changed.py)."""
    return changed.show(change, _may_read_the_document(change))


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_press, change=name)
def people(change: str) -> list[dict[str, str]]:
    """Who may be told of it: `user`, `name`."""
    return assigning.possible(str(frappe.db.get_value(ROW, change, "connection")))


@frappe.whitelist(methods=["POST"])
@asks(_may_press, change=name)
def take_over(change: str) -> dict[str, Any]:
    """Make the document here what Xero has; returns the draft that was made, `doctype` and `name`, both "" where it was cancelled."""
    return changing.take_over(change)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, change=name)
def put_back(change: str) -> None:
    """Have Xero's record made again what the document is here."""
    changing.put_back(change)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, change=name, reason=_why)
def leave(change: str, reason: str) -> None:
    """Let both sides be as they are, for a reason in words."""
    changing.leave(change, reason)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, change=name, user=name, note=_why_or_nothing)
def tell(change: str, user: str, note: str = "") -> bool:
    """Give it to somebody to look at; False where he has it already."""
    return changing.tell(change, user, note)
