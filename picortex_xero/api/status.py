"""What the document forms ask: where this document stands, and trying again."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..sync import capture, status

XERO_ROLES = {"Xero Admin", "Xero Accountant", "System Manager"}


@frappe.whitelist(methods=["GET", "POST"])
def document_status(doctype: str, name: str) -> dict[str, Any]:
    """The indicator of one document for whoever may read it; reason, cure and number only for the Xero roles."""
    _known(doctype)
    frappe.has_permission(doctype, "read", doc=name, throw=True)
    return status.of(doctype, name, with_details=_has_xero_role())


@frappe.whitelist(methods=["POST"])
def retry(doctype: str, name: str) -> int:
    """Send a held or failed document again; returns how many steps."""
    _known(doctype)
    frappe.has_permission(doctype, "read", doc=name, throw=True)
    if not _has_xero_role():
        frappe.throw(_("Only the Xero roles may send documents again"), exc=frappe.PermissionError)
    return status.retry(doctype, name)


@frappe.whitelist(methods=["POST"])
def retry_step(name: str) -> int:
    """Send one held or failed step of the outbox again (a contact's belongs to no single document); returns 1, or 0 where it moved meanwhile."""
    frappe.has_permission("Xero Outbox Entry", "read", doc=name, throw=True)
    if not _has_xero_role():
        frappe.throw(_("Only the Xero roles may send documents again"), exc=frappe.PermissionError)
    return status.retry_step(name)


def _has_xero_role() -> bool:
    return bool(XERO_ROLES & set(frappe.get_roles()))


def _known(doctype: str) -> None:
    if doctype not in capture.DOCTYPES:
        frappe.throw(_("{0} is not sent to Xero").format(doctype))
