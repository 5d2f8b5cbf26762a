"""Cleaning up on uninstall: Frappe drops the app's own tables, this removes what is left in others."""

from __future__ import annotations

import json
from pathlib import Path

import frappe

from . import home_block

APP = "picortex_xero"
# Frappe's tables with rows about a DocType, made by people or for them, which Frappe leaves when the DocType is deleted (observed on
# 15 and 16), and the fields that name the DocType.
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
    """Remove the app's roles (and who had them), its scheduled jobs, its block of the home page, and all rows about its DocTypes."""
    for role in _roles():
        frappe.db.delete("Has Role", {"role": role})
        frappe.db.delete("Custom DocPerm", {"role": role})
        frappe.db.delete("Role", {"name": role})
    _scheduled_jobs()
    home_block.remove()
    doctypes = _doctypes()
    for table, fields in ABOUT_A_DOCTYPE.items():
        for field in fields if frappe.db.table_exists(table) else ():
            frappe.db.delete(table, {field: ("in", doctypes)})
    frappe.db.delete("Singles", {"doctype": "Xero Settings"})
    frappe.db.commit()


def _scheduled_jobs() -> None:
    """Frappe makes these rows from hooks.py and removes them only with the next install or migrate; until then each would fail whenever it
    is due."""
    jobs = frappe.get_all("Scheduled Job Type", filters={"method": ("like", f"{APP}.%")}, pluck="name")
    if jobs:
        frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": ("in", jobs)})
        frappe.db.delete("Scheduled Job Type", {"name": ("in", jobs)})


def _roles() -> list[str]:
    """The app's roles, from its fixtures."""
    return [role["name"] for role in json.loads((Path(__file__).resolve().parents[1] / "fixtures" / "role.json").read_text("utf-8"))]


def _doctypes() -> list[str]:
    """The names of the app's DocTypes, from its files: their own rows are gone by now."""
    folder = Path(__file__).resolve().parents[1] / APP / "doctype"
    return sorted(json.loads(file.read_text("utf-8"))["name"] for file in folder.glob("*/*.json"))
