"""Telling a worker that something is due. Never raises and carries no truth: the minute's sweep finds what a wake missed."""

from __future__ import annotations

import frappe

from ..compat import let_pass

WAITING_SECONDS = 60
# Frappe tries for 4 seconds to reach a queue server that is down (measured), and an after-commit callback is still in the user's
# request: after one failure nobody else tries for this long.
QUIET_SECONDS = 20
DISPATCH = "picortex_xero.engine.jobs.dispatch"
QUEUE = "short"
JOB_SECONDS = 280


def wake(connection: str) -> None:
    """Queue one dispatch of `connection`, unless one is queued that has not started yet (that one will see our row).

    The dispatch clears the mark before it reads, so a mark never hides a row. Called after commit, outside any transaction.
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
        # Redis is down: the document is submitted and its row committed; the sweep sends it when Redis is back.
        frappe.logger("picortex_xero").warning(f"Could not wake {connection}: {error}")


def started(connection: str) -> None:
    """A dispatch begins: whoever commits from now on queues a new one."""
    try:
        frappe.cache.delete(_mark(connection))
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"Could not clear the wake mark of {connection}: {error}")


def _mark(connection: str) -> str:
    return frappe.cache.make_key(f"picortex_xero:wake:{connection}")
