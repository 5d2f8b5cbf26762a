"""Who finds the app on the Desk's screen of apps: whoever may see a connection to Xero; and the page Approvals whoever only approves."""

from __future__ import annotations

import frappe

from picortex_xero.connection import who_may


def has_permission() -> bool:
    """Whether this user has something to do in the app."""
    return bool(frappe.has_permission("Xero Connection", "read"))


def only_approves() -> bool:
    """Whether this user approves what goes to Xero, and sees nothing else of the app."""
    return who_may.approves(frappe.get_roles()) and not has_permission()
