"""What whoever may only read a screen is told there: that he may, and whom to ask for a change."""

from __future__ import annotations

import frappe
from frappe import _

from ..engine import full_names
from . import people

CONNECTION, SETTINGS = "Xero Connection", "Xero Settings"


def of_connection(connection: str) -> str:
    """A sentence in the reader's language, text and not escaped; "" for whoever may change what concerns this connection."""
    if frappe.has_permission(CONNECTION, "write", doc=connection):
        return ""
    return _sentence(people.admins(frappe.db.get_value(CONNECTION, connection, "company")))


def of_settings() -> str:
    """The same of what serves every company."""
    return "" if frappe.has_permission(SETTINGS, "write") else _sentence(people.admins(""))


def _sentence(admins: list[str]) -> str:
    if not admins:
        return str(_("You can read this. Only a Xero Admin changes it, and nobody has that role yet."))
    names = full_names.of(admins)
    return str(_("You can read this. To change it, ask a Xero Admin: {0}")).format(", ".join(names[each] for each in admins))
