"""What the scheduler and the queue call. Every job sets its own user: a retried job would otherwise run as nobody in particular."""

from __future__ import annotations

import frappe

from . import dispatch as dispatching
from . import limits, missed, releases
from .wake import started, wake


def dispatch(connection: str) -> None:
    """Queue job: send what is due for one connection."""
    frappe.set_user("Administrator")
    started(connection)
    dispatching.run(connection)


def sweep() -> None:
    """Every minute: wake each connection that has something due, whatever the queue believes."""
    for connection in frappe.get_all("Xero Connection", filters={"state": "Live"}, pluck="name"):
        if not limits.resting(connection) and dispatching.next_due(connection):
            wake(connection)


def find_missed() -> None:
    """Hourly: documents that were submitted or cancelled without a step, and releases of deferred amounts, which have no event."""
    frappe.set_user("Administrator")
    for connection in frappe.get_all("Xero Connection", filters={"state": ("in", ("Live", "Paused"))}, pluck="name"):
        for search in (missed.find, releases.find):
            try:
                search(connection)
            except Exception:
                # One organisation's trouble must not keep the others from being searched; this one goes on from where it began.
                frappe.db.rollback()
                frappe.log_error(title=f"Xero: the hourly search for {connection} stopped and starts again with the next")
                frappe.db.commit()
