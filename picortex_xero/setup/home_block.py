"""The block of companies on the home page. Frappe reads no Custom HTML Block from an app's files, so it is written here on install and after every
migrate, and taken away on uninstall."""

from __future__ import annotations

from pathlib import Path

import frappe

from ..connection import who_may

NAME = "Xero Companies"
SCRIPT = Path(__file__).resolve().parents[1] / "public" / "js" / "xero_home.js"
HTML = '<div class="xero-companies"></div>'
STYLE = """
.xero-company { border: 1px solid var(--border-color); border-radius: var(--border-radius-md); padding: 12px 16px; margin-bottom: 8px; }
.xero-head, .xero-figures, .xero-next { margin: 2px 0; }
.xero-figures > * { margin-right: 10px; }
.xero-companies { padding: 4px 0; }
.xero-company .btn { margin-left: 8px; }
.xero-none { color: var(--text-muted); }
.xero-next a { font-weight: 600; text-decoration: underline; }
a { color: inherit; }
button.btn-primary.xero-go { color: var(--neutral, #fff); }
"""


def ensure() -> None:
    """Make the block, or bring it up to this release."""
    wanted = {"html": HTML, "script": SCRIPT.read_text("utf-8"), "style": STYLE, "private": 0}
    if not frappe.db.exists("Custom HTML Block", NAME):
        frappe.get_doc({"doctype": "Custom HTML Block", "name": NAME, **wanted, "roles": _roles()}).insert(ignore_permissions=True)
        return
    doc = frappe.get_doc("Custom HTML Block", NAME)
    roles = _roles()
    if any(doc.get(field) != value for field, value in wanted.items()) or [row.role for row in doc.roles] != [row["role"] for row in roles]:
        doc.update({**wanted, "roles": roles})
        doc.save(ignore_permissions=True)


def _roles() -> list[dict[str, str]]:
    """Who sees the companies: an approver finds his page on the home page, and none of them. A role that an update brings may come after this, and is added with the
    next one."""
    known = frappe.get_all("Role", filters={"name": ("in", who_may.SEES)}, pluck="name")
    return [{"role": role} for role in who_may.SEES if role in known]


def remove() -> None:
    """Take the block away, with the rows that say who sees it."""
    frappe.db.delete("Has Role", {"parenttype": "Custom HTML Block", "parent": NAME})
    frappe.db.delete("Custom HTML Block", {"name": NAME})
