"""The jobs that Frappe's scheduler and queue call. Each sets its own user: a job that is retried would otherwise run without one."""

from __future__ import annotations

import time
from collections.abc import Callable

import frappe

from ..attention import notifications
from ..compat import give_up_locks_when_stopped, lost_race, out_of_time
from . import clock, deferred_search, duplicate_search, heartbeat, limits, missed_search, run
from .wake import started, wake

# The hourly searches end well within the long queue's 1,500 seconds; each connection gets an equal share.
SEARCH_SECONDS = 1200
# For so long at most a stopped worker may keep rows locked; no call to Xero is made inside a transaction that has written.
LOCKED_SECONDS = 60


def dispatch(connection: str) -> None:
    """Queue job: send what is due for one connection."""
    frappe.set_user("Administrator")
    give_up_locks_when_stopped(LOCKED_SECONDS)
    started(connection)
    run.run(connection)


def sweep() -> None:
    """Every minute: wake a worker for each live connection that has something due, whatever the queue says, and tell people what needs
    attention, of paused connections too."""
    clock.synchronise()
    for connection in frappe.get_all("Xero Connection", pluck="name"):
        # Of connections in every state: a gap counts also where one is paused meanwhile, or goes live only after it.
        _apart(connection, "the sign of life", heartbeat.beat)
    for connection in frappe.get_all("Xero Connection", filters={"state": ("in", ("Live", "Paused"))}, pluck="name"):
        _apart(connection, "the minute's sweep", _sweep)


def _sweep(connection: str) -> None:
    notifications.tell(connection)
    if frappe.db.get_value("Xero Connection", connection, "state") != "Live":
        return
    if not limits.resting(connection) and run.next_due(connection):
        wake(connection)


def find_missed() -> None:
    """Hourly, in the long queue: search for documents without a step, for releases of deferred amounts, and for second records in Xero."""
    frappe.set_user("Administrator")
    clock.synchronise()
    connections = frappe.get_all("Xero Connection", filters={"state": ("in", ("Live", "Paused"))}, pluck="name", order_by="name asc")
    share = SEARCH_SECONDS / max(1, len(connections))
    begun = time.monotonic()
    for number, connection in enumerate(connections, start=1):
        if not _search(connection, begun + number * share):
            return


def _search(connection: str, stop: float) -> bool:
    """The hourly searches of one connection; False where the job's time is up."""
    return (
        _apart(connection, "the hourly search for missed documents", lambda name: missed_search.find(name, stop))
        and _apart(connection, "the hourly search for releases", lambda name: deferred_search.find(name, stop))
        and _apart(connection, "the search for what is in Xero twice", lambda name: duplicate_search.find(name, stop))
    )


def _apart(connection: str, what: str, work: Callable[[str], object]) -> bool:
    """Do something for one connection so that a failure does not keep the others from their turn; False where the job's time is up."""
    try:
        work(connection)
    except Exception as error:
        frappe.db.rollback()
        if out_of_time(error):
            # Each page was committed; the next hour goes on from there.
            return False
        if not lost_race(error):
            frappe.log_error(title=f"Xero: {what} of {connection} stopped and starts again with the next"[:140])
            frappe.db.commit()
    return True
