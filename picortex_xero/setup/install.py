"""What must be there before anything else works; every step may run any number of times."""

from __future__ import annotations

import secrets

import frappe

from ..connection import settings
from ..engine import reserved

ROLES = ("Xero Admin", "Xero Accountant")
INDEXES = {
    "Xero Outbox Entry": (("connection", "state", "due_at"), ("reference_doctype", "reference_name")),
    "Xero Link": (("reference_doctype", "reference_name"),),
}


def after_install() -> None:
    """A fresh site."""
    ensure_all()


def ensure_all() -> None:
    """A fresh or an upgraded site: roles, instance id, callback address, indexes."""
    for role in ROLES:
        if not frappe.db.exists("Role", role):
            frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(ignore_permissions=True)
    ensure_settings()
    for doctype, indexes in INDEXES.items():
        for columns in indexes:
            frappe.db.add_index(doctype, list(columns))


def ensure_settings() -> None:
    """The instance id is made once and kept: it marks everything this site ever sent."""
    doc = frappe.get_doc("Xero Settings")
    doc.instance_id = doc.instance_id or secrets.token_hex(4)
    doc.redirect_uri = settings.redirect_uri()
    with reserved.own_writes():
        doc.save(ignore_permissions=True)
