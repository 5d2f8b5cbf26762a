"""Telling a worker that something is due. Never raises. Nothing depends on it: `jobs.sweep` finds every minute what was not told."""

from __future__ import annotations

import frappe

from ..accounting.causes import PARTY, party
from ..compat import let_pass
from .screen_texts import stored

WAITING_SECONDS = 60
# Frappe tries for 4 seconds to reach a Redis that is down (observed on Frappe 15), and after-commit callbacks run inside the user's
# request: after one failure nobody else tries for this long.
QUIET_SECONDS = 20
DISPATCH, COMPARE = "picortex_xero.engine.jobs.dispatch", "picortex_xero.engine.jobs.compare"
CONTACTS = "picortex_xero.engine.jobs.read_contacts"
REPORTS = "picortex_xero.engine.jobs.read_reports"
PACK = "picortex_xero.engine.jobs.send_monthly_pack"
QUEUE = "short"
JOB_SECONDS = 280
CAUSE = "Xero Step Cause"


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


def wake_waiting(connection: str) -> None:
    """Queue a job where something waits for a choice or for what Xero's lists say: it begins by releasing what need not wait any more
    (engine/release.py). Call it after the commit; never raises."""
    try:
        waits = frappe.db.exists(CAUSE, {"connection": connection})
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"Could not see whether something of {connection} waits: {error}")
        return
    if waits:
        wake(connection)


def compare(connection: str) -> None:
    """Queue the job that compares everything with Xero; where that fails the hourly job begins. Call it after the commit; never raises."""
    try:
        frappe.enqueue(COMPARE, queue="long", timeout=1500, connection=connection)
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"Could not queue the comparison of {connection}: {error}")


def read_contacts(connection: str) -> None:
    """Queue the job that reads the organisation's contacts, unless one was queued within the last minute; where that fails, the job of every minute
    queues it. Call it after the commit; never raises."""
    try:
        if frappe.cache.set(frappe.cache.make_key(f"picortex_xero:contacts:{connection}"), 1, nx=True, ex=WAITING_SECONDS):
            frappe.enqueue(CONTACTS, queue="long", timeout=1500, connection=connection)
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"Could not queue the reading of contacts of {connection}: {error}")


def read_reports(connection: str, pressed: bool = False) -> None:
    """Queue the job that reads the organisation's reports, unless one was queued within the last minute; where that fails, the job of every minute
    queues it. Call it after the commit; never raises."""
    try:
        if frappe.cache.set(frappe.cache.make_key(f"picortex_xero:reports:{connection}:{int(pressed)}"), 1, nx=True, ex=WAITING_SECONDS):
            frappe.enqueue(REPORTS, queue="default", timeout=JOB_SECONDS, connection=connection, pressed=pressed)
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"Could not queue the reading of reports of {connection}: {error}")


def send_pack(connection: str) -> None:
    """Queue the job that sends a monthly pack; where that fails, the job of every hour does. Call it after the commit; never raises."""
    try:
        frappe.enqueue(PACK, queue="long", connection=connection)
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"Could not queue the monthly pack of {connection}: {error}")


def after_saving(connection: str) -> None:
    """A choice of this connection is being saved: once that is committed, what waited for it goes within seconds."""
    frappe.db.after_commit.add(lambda: wake_waiting(connection))


def after_saving_party(doctype: str, name: str) -> None:
    """The same for a customer or supplier that is being saved."""
    frappe.db.after_commit.add(lambda: _wake_for_party(doctype, name))


def _wake_for_party(doctype: str, name: str) -> None:
    try:
        waiting = frappe.get_all(
            CAUSE, filters={"kind": PARTY, "cause_key": stored(party(doctype, name).key)}, pluck="connection", limit=50
        )
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"Could not see whether something waits for {doctype} {name}: {error}")
        return
    for connection in sorted(set(waiting)):
        wake(connection)


def started(connection: str) -> None:
    """A job begins: whoever commits from now on queues a new one."""
    try:
        frappe.cache.delete(_mark(connection))
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"Could not clear the wake mark of {connection}: {error}")


def _mark(connection: str) -> str:
    return frappe.cache.make_key(f"picortex_xero:wake:{connection}")
