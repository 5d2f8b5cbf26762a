"""The hourly look at Xero's lists, while something waits for what they say: a lock that was moved there, a currency that was switched on, an
account that was restored. Nobody has to press Refresh From Xero for that."""

from __future__ import annotations

from datetime import timedelta

import frappe

from ..accounting.causes import OF_LISTS
from ..connection import connecting, xero_lists
from . import causes, limits
from .clock import now

# The search runs every hour, not always to the minute.
OLD = timedelta(minutes=50)


def look(connection: str) -> bool:
    """Read Xero's lists anew, if something waits for them and calls are left; returns whether they were read. Commits."""
    read_at = xero_lists.read_at(connection)
    if not (set(causes.kinds(connection)) & set(OF_LISTS)) or (read_at and timedelta() <= now() - read_at < OLD):
        return False
    if not (limits.may_send(connection) and limits.to_spare(connection)):
        return False
    try:
        connecting.refresh(connection, by_hand=False)
    except (*connecting.TROUBLE, frappe.ValidationError):
        # Xero or the sign-in does not work now, which is told where it matters: the next hour tries again.
        frappe.db.rollback()
        return False
    return True
