"""Who finds the app on the Desk's screen of apps: whoever may see a connection to Xero, or approves what goes there."""

from __future__ import annotations

import frappe

from ..connection import who_may


def has_permission() -> bool:
    """Whether this user has something to do in the app."""
    return bool(frappe.has_permission("Xero Connection", "read")) or who_may.approves(frappe.get_roles())
