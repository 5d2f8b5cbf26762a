"""The jobs that Frappe's scheduler and queue call. Each sets its own user: a job that is retried would otherwise run without one."""

from __future__ import annotations

import time
from collections.abc import Callable

import frappe
from frappe.utils import getdate, nowdate

from ..attention import approvers_told, notifications, standing
from ..attention import digest as daily
from ..cash_flow import kept as forecasts_kept
from ..cash_flow import settings as forecast_settings
from ..compat import give_up_locks_when_stopped, let_pass, lost_race, out_of_time
from ..configuration import importing
from ..connection import daily_look, keeping
from ..connection.current import RETIRED, WATCH_ONLY, watches_only
from ..inbound import comparison, month_by_itself, standstill
from ..monthly_pack import sending as packs
from ..reconciling import making as bank_lines
from ..reconciling import settings as bank_settings
from ..reporting import standing as reports_standing
from ..reporting import turns as report_turns
from ..statement_import import work as statement_import
from . import (
    asking,
    cash_anew,
    cash_summaries,
    clock,
    contact_reading,
    deferred_search,
    duplicate_search,
    heartbeat,
    history,
    history_claim,
    history_work,
    limits,
    lists_search,
    missed_search,
    release,
    run,
    set_back,
    sign_of_life,
    slices,
    trying,
    undoing,
    watch,
    watch_look,
)
from .wake import read_contacts as queue_contacts
from .wake import read_reports as queue_reports
from .wake import started, wake

# The hourly searches end well within the long queue's 1,500 seconds; each connection gets an equal share.
SEARCH_SECONDS = 1200
# Before them, sign-ins are renewed for so long at most.
SIGN_IN_SECONDS = 150
# Reports are read for so long at most; the next job goes on.
REPORT_SECONDS = 200
# For so long at most a stopped worker may keep rows locked; no call to Xero is made inside a transaction that has written.
LOCKED_SECONDS = 60
# Works that go on in slices, by their DocType.
SLICES: dict[str, Callable[[str, float], None]] = {
    "Xero Question Run": asking.go_on,
    "Xero Preview Run": watch_look.go_on,
    "Xero Test Run": trying.go_on,
    history.DOCTYPE: history_work.go_on,
    "Xero Undo Run": undoing.go_on,
    "Xero Statement Import": statement_import.go_on,
}
BANK_JOB = "picortex_xero.engine.jobs.make_bank_proposals"
FORECAST_JOB = "picortex_xero.engine.jobs.keep_forecast"
PACK_JOB = "picortex_xero.engine.jobs.send_monthly_pack"
MONTHS = "what Xero has booked itself in a month"
IN_USE = {"state": ("!=", RETIRED)}


def dispatch(connection: str) -> None:
    """Queue job: send what is due for one connection."""
    frappe.set_user("Administrator")
    give_up_locks_when_stopped(LOCKED_SECONDS)
    started(connection)
    if watches_only(connection):
        watch.look(connection)
        return
    run.run(connection)
    _apart(connection, "the undo that waits for what was sent", undoing.sent)
    _apart(connection, "cash summaries that are made anew", cash_anew.make_anew)
    # Its lists may just have been read.
    _apart(connection, MONTHS, month_by_itself.go_on)


def sweep() -> None:
    """Every minute: release what waited for something that has changed, wake a worker for each live connection that has something due,
    whatever the queue says, and tell people what needs attention, whatever state a connection is in."""
    clock.synchronise()
    sign_of_life.note()
    for connection in frappe.get_all("Xero Connection", pluck="name"):
        # Of connections in every state: a gap counts also where one is paused meanwhile, or goes live only after it.
        _apart(connection, "the sign of life", heartbeat.beat)
    for connection in frappe.get_all("Xero Connection", filters=IN_USE, pluck="name"):
        _apart(connection, "the minute's sweep", _sweep)
        _apart(connection, "the turn of reports", _reports)
    for doctype, name in [*slices.due(), *((history.DOCTYPE, name) for name in history_work.stopping())]:
        slices.queue(doctype, name)


def _sweep(connection: str) -> None:
    notifications.tell(connection)
    standing.tell(connection)
    if contact_reading.unfinished(connection):
        queue_contacts(connection)
    if watches_only(connection):
        watch.look_if_due(connection)
        return
    if frappe.db.get_value("Xero Connection", connection, "state") != "Live":
        return
    set_back.due_at_once(connection)
    cash_anew.make_anew(connection)
    release.release(connection)
    history_claim.count_live(connection)
    if not limits.resting(connection) and run.next_due(connection):
        wake(connection)


def _reports(connection: str) -> None:
    if reports_standing.due(connection):
        queue_reports(connection)


def find_missed() -> None:
    """Hourly, in the long queue: keep the sign-ins alive; search for documents without a step, for releases of deferred amounts, for second
    records in Xero, and for what has changed in Xero's lists."""
    frappe.set_user("Administrator")
    clock.synchronise()
    if not _keep_sign_ins():
        return
    for sign_in in daily_look.due():
        if not _apart(sign_in, "the daily look at which organisations it opens", daily_look.look):
            return
    _apart("", "what is compared of former organisations", lambda _none: standstill.end_of_left())
    gone_live = {**IN_USE, "go_live_date": ("is", "set")}
    connections = frappe.get_all("Xero Connection", filters=gone_live, pluck="name", order_by="name asc")
    connections += frappe.get_all("Xero Connection", filters={"state": WATCH_ONLY}, pluck="name", order_by="name asc")
    share = SEARCH_SECONDS / max(1, len(connections))
    begun = time.monotonic()
    for number, connection in enumerate(connections, start=1):
        if not _search(connection, begun + number * share):
            return


def _keep_sign_ins() -> bool:
    """Renew the sign-ins that are due; False where the job's time is up."""
    begun = time.monotonic()
    for sign_in in keeping.due():
        if time.monotonic() - begun > SIGN_IN_SECONDS:
            break  # the next hour goes on
        if not _apart(sign_in, "the hourly renewal", keeping.keep):
            return False
    return True


def _search(connection: str, stop: float) -> bool:
    """The hourly searches of one connection; False where the job's time is up. Of one that only watches nothing is in Xero yet that could be searched for."""
    if watches_only(connection):
        return _apart(connection, "the hourly search for missed documents", lambda name: missed_search.find(name, stop))
    return (
        _apart(connection, "the hourly search for missed documents", lambda name: missed_search.find(name, stop))
        and _apart(connection, "the hourly search for releases", lambda name: deferred_search.find(name, stop))
        and _apart(connection, "the search for what is in Xero twice", lambda name: duplicate_search.find(name, stop))
        and _apart(connection, "the hourly look at Xero's lists", lists_search.look)
        and _apart(connection, "cash without a document", lambda name: cash_summaries.find(name, stop))
        and _apart(connection, "what is left of undos", lambda name: undoing.catch_up(name, stop))
        and _apart(connection, "the comparison with Xero", lambda name: comparison.go_on(name, stop))
        and _apart(connection, MONTHS, month_by_itself.go_on)
    )


def digest() -> None:
    """In the morning, by the site's time: tell people in one message what waits for them."""
    frappe.set_user("Administrator")
    clock.synchronise()
    connections = frappe.get_all("Xero Connection", filters={**IN_USE, "go_live_date": ("is", "set")}, pluck="name", order_by="company asc")
    _apart("", "the daily message", lambda _none: daily.send(connections))
    _apart("", "what waits for approval", lambda _none: approvers_told.send(connections))


def bank_proposals() -> None:
    """Every ten minutes: queue the companies whose bank lines or vouchers have changed since proposals were made."""
    for company in bank_settings.companies():
        if bank_lines.outdated(bank_settings.of(company)):
            queue_bank_proposals(company)


def bank_proposals_nightly() -> None:
    """At night: all companies that match bank lines, whatever was noticed."""
    for company in bank_settings.companies():
        queue_bank_proposals(company, again=True)


def queue_bank_proposals(company: str, again: bool = False) -> None:
    """Queue a company's proposals; while one job is at them another does nothing. Where the queue server does not answer, the next ten minutes do."""
    try:
        frappe.enqueue(BANK_JOB, queue="long", timeout=SEARCH_SECONDS + 300, company=company, again=again)
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"Could not queue the bank proposals of {company}: {error}")


def make_bank_proposals(company: str, again: bool = False) -> None:
    """Queue job: what a company's bank lines are about, and what is matched without a person, as far as the time goes; the next job goes on."""
    frappe.set_user("Administrator")
    clock.synchronise()
    _apart(company, "the matching of bank lines", lambda name: bank_lines.make(name, time.monotonic() + SEARCH_SECONDS, again))


def forecasts() -> None:
    """Every morning: queue a forecast of each company that keeps them."""
    for company in forecast_settings.companies():
        try:
            frappe.enqueue(FORECAST_JOB, queue="long", company=company)
        except Exception as error:
            let_pass(error)
            frappe.logger("picortex_xero").warning(f"Could not queue the forecast of {company}: {error}")


def keep_forecast(company: str) -> None:
    """Queue job: a company's forecast of the day, and whoever is told when little is left."""
    frappe.set_user("Administrator")
    _apart(company, "the forecast of cash", lambda name: forecasts_kept.keep(name, getdate(nowdate())))
    frappe.db.commit()


def monthly_packs() -> None:
    """Every hour: queue the packs that are due, and those that could not be sent before."""
    for connection in packs.connections():
        try:
            frappe.enqueue(PACK_JOB, queue="long", connection=connection)
        except Exception as error:
            let_pass(error)
            frappe.logger("picortex_xero").warning(f"Could not queue the monthly pack of {connection}: {error}")


def send_monthly_pack(connection: str) -> None:
    """Queue job: the pack that is due, or that a person wants now. Of several at once one sends it."""
    frappe.set_user("Administrator")
    _apart(connection, "the monthly pack", packs.go_on)


def compare(connection: str) -> None:
    """Queue job: the comparison that somebody has started, as far as it comes; the hourly job goes on with it."""
    frappe.set_user("Administrator")
    clock.synchronise()
    _apart(connection, "the comparison with Xero", lambda name: comparison.go_on(name, time.monotonic() + SEARCH_SECONDS))


def go_on(doctype: str, name: str) -> None:
    """Queue job: a work that somebody has started (slices), as far as it comes; the sweep takes up what is left."""
    frappe.set_user("Administrator")
    clock.synchronise()
    stop = time.monotonic() + SEARCH_SECONDS
    _apart(name, f"the {doctype}", lambda each: SLICES[doctype](each, stop))


def read_contacts(connection: str) -> None:
    """Queue job: go on reading the organisation's contacts, as far as it comes; the job of every minute goes on with it."""
    frappe.set_user("Administrator")
    clock.synchronise()
    _apart(connection, "the reading of contacts", lambda name: contact_reading.go_on(name, time.monotonic() + SEARCH_SECONDS))


def read_reports(connection: str, pressed: bool = False) -> None:
    """Queue job: read the reports whose turn it is, or all of them where a person has pressed, as far as the time goes; the job of every minute goes on."""
    frappe.set_user("Administrator")
    clock.synchronise()
    work = report_turns.all_out_of_turn if pressed else report_turns.go_on
    _apart(connection, "the reading of reports", lambda name: work(name, time.monotonic() + REPORT_SECONDS))


def import_configuration(connection: str, upload: str, user: str, with_ties: bool, gone: bool) -> None:
    """Queue job: take over a long configuration file that somebody has uploaded, all of it or nothing. Run again, it does nothing twice."""
    frappe.set_user(user)
    clock.synchronise()
    if not importing.is_there(connection, upload):
        return  # taken over already
    try:
        importing.take(connection, upload, with_ties, gone)
    except Exception as error:
        frappe.db.rollback()
        importing.stopped(connection, error)
        frappe.db.commit()
        let_pass(error)
        if not isinstance(error, frappe.ValidationError):
            raise


def _apart(connection: str, what: str, work: Callable[[str], object]) -> bool:
    """Do something for one connection (or sign-in) so that a failure does not keep the others from their turn; False where the job's time is
    up."""
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
