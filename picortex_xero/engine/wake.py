"""Telling a worker that something is due. Never raises. Nothing depends on it: `jobs.sweep` finds every minute what was not told."""

from __future__ import annotations

import frappe

from ..compat import let_pass

WAITING_SECONDS = 60
# Frappe tries for 4 seconds to reach a Redis that is down (observed on Frappe 15), and after-commit callbacks run inside the user's
# request: after one failure nobody else tries for this long.
QUIET_SECONDS = 20
DISPATCH = "picortex_xero.engine.jobs.dispatch"
QUEUE = "short"
JOB_SECONDS = 280


def wake(connection: str) -> None:
    """Queue one job (`jobs.dispatch`) for `connection`, unless one is queued that has not started yet, which will see the same rows.

    The job clears the mark before it reads, so no mark hides a row. Call it after the commit, outside any transaction.
    """
    try:
        mark = _mark(connection)
        if not frappe.cache.set(mark, 1, nx=True, ex=WAITING_SECONDS):
            return
        try:
            frappe.enqueue(DISPATCH, queue=QUEUE, timeout=JOB_SECONDS, connection=connection)
        except Exception as error:
            let_pass(error)
            frappe.cache.set(mark, 1, ex=QUIET_SECONDS)
            raise
    except Exception as error:
        let_pass(error)
        # Redis is down: the document is submitted and its step committed; `jobs.sweep` wakes a worker when Redis is back.
        frappe.logger("picortex_xero").warning(f"Could not wake {connection}: {error}")


def started(connection: str) -> None:
    """A job begins: whoever commits from now on queues a new one."""
    try:
        frappe.cache.delete(_mark(connection))
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"Could not clear the wake mark of {connection}: {error}")


def _mark(connection: str) -> str:
    return frappe.cache.make_key(f"picortex_xero:wake:{connection}")
