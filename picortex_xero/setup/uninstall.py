"""Leaving a site as it was: Frappe drops our tables, this removes what lies outside them."""

from __future__ import annotations

import json
from pathlib import Path

import frappe

APP = "picortex_xero"
# Tables of Frappe with rows that a person, or Frappe for one, has made about a DocType, which it leaves when the DocType goes (tried on
# 15 and 16): the field names that DocType.
ABOUT_A_DOCTYPE = {
    "Logs To Clear": ("ref_doctype",),
    "Custom Field": ("dt",),
    "Property Setter": ("doc_type",),
    "Custom DocPerm": ("parent",),
    "User Permission": ("allow", "applicable_for"),
    "DocShare": ("share_doctype",),
    "Notification Log": ("document_type",),
    "Notification Subscribed Document": ("document",),
    "Document Follow": ("ref_doctype",),
    "List View Settings": ("name",),
    "List Filter": ("reference_doctype",),
    "Tag Link": ("document_type",),
    "ToDo": ("reference_type",),
    "Comment": ("reference_doctype",),
    "Version": ("ref_doctype",),
}


def after_uninstall() -> None:
    """Roles (and who had them), our scheduled jobs, and all that is about a DocType of ours."""
    for role in _roles():
        frappe.db.delete("Has Role", {"role": role})
        frappe.db.delete("Custom DocPerm", {"role": role})
        frappe.db.delete("Role", {"name": role})
    _scheduled_jobs()
    doctypes = _doctypes()
    for table, fields in ABOUT_A_DOCTYPE.items():
        for field in fields if frappe.db.table_exists(table) else ():
            frappe.db.delete(table, {field: ("in", doctypes)})
    frappe.db.delete("Singles", {"doctype": "Xero Settings"})
    frappe.db.commit()


def _scheduled_jobs() -> None:
    """Frappe makes them from hooks.py and takes them away with the next app that is installed or the next migrate; until then each fails
    whenever it is due."""
    jobs = frappe.get_all("Scheduled Job Type", filters={"method": ("like", f"{APP}.%")}, pluck="name")
    if jobs:
        frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": ("in", jobs)})
        frappe.db.delete("Scheduled Job Type", {"name": ("in", jobs)})


def _roles() -> list[str]:
    """Ours, which are fixtures."""
    return [role["name"] for role in json.loads((Path(__file__).resolve().parents[1] / "fixtures" / "role.json").read_text("utf-8"))]


def _doctypes() -> list[str]:
    """Ours by name, from the files that they were made from: their own rows are gone by now."""
    folder = Path(__file__).resolve().parents[1] / APP / "doctype"
    return sorted(json.loads(file.read_text("utf-8"))["name"] for file in folder.glob("*/*.json"))
