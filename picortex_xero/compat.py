"""The only place that knows Frappe 15 from 16, and the one that reaches for what Frappe offers no public name for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import frappe
from frappe.utils.background_jobs import get_workers
from frappe.utils.scheduler import is_scheduler_inactive
from rq.timeouts import BaseTimeoutException

# MariaDB: a deadlock, a lock that was waited for too long, a record that changed since it was read (1020, from 11.6 on by default), and a
# connection that was ended because it had written and then said nothing (1927, 2006, 2013, 4031): a worker that stood still.
LOST = (1213, 1205, 1020, 1927, 2006, 2013, 4031)


def affected_rows() -> int:
    """How many rows the last statement changed. Frappe has no public name for it in 15 or 16."""
    return int(frappe.db._cursor.rowcount)


def lost_race(error: BaseException) -> bool:
    """Whether another worker's or a user's transaction was faster. The database has undone ours: nothing of it may be used any more.

    Frappe names these errors since MariaDB reports them; where one comes by a path that does not name it, its number tells."""
    if isinstance(error, (frappe.QueryDeadlockError, frappe.QueryTimeoutError)):
        return True
    return type(error).__module__.split(".")[0] in ("pymysql", "MySQLdb") and bool(error.args) and error.args[0] in LOST


def out_of_time(error: BaseException) -> bool:
    """Whether the queue's worker says that the job has run for too long: it says so inside whatever is going on then."""
    return isinstance(error, BaseTimeoutException)


class OfTheConnection(Exception):
    """What concerns a whole connection (its sign-in gives no token, another worker is the sender), never the document at which it came up."""


def let_pass(error: BaseException) -> None:
    """The first thing in every handler of any exception: what is no failing of the work at hand goes on to whoever runs the job."""
    if lost_race(error) or out_of_time(error) or isinstance(error, OfTheConnection):
        raise error


def give_up_locks_when_stopped(seconds: int) -> None:
    """Let the database end this connection's transaction where it has written and then says nothing for so long: a worker that is stopped
    (a suspended machine) must not keep others from rows that it has locked. For the rest of this connection, which is a job's own."""
    frappe.db.sql(f"SET SESSION idle_write_transaction_timeout={int(seconds)}")


def scheduler_stands() -> bool:
    """Whether the site's scheduler is switched on (no maintenance, not paused in its configuration). Whether it runs is another matter."""
    return not is_scheduler_inactive(verbose=False)


def queues_served() -> set[str]:
    """The queues that some background worker takes jobs from: "short", "default", "long". Raises where the queue server does not answer."""
    # Frappe puts the bench's id before the queue's name.
    return {name.rpartition(":")[2] for worker in get_workers() for name in worker.queue_names()}


def printed(doctype: str, name: str) -> bytes:
    """A document's PDF as the Desk prints it: with the default print format of its DocType, by that format's generator, else by the one in
    Print Settings (Frappe 16). Left to itself `get_print` looks for the generator of no format, and takes that of the print before it in the
    same job (observed on Frappe 15.72 and 16.10)."""
    layout = frappe.get_meta(doctype).default_print_format or ""
    frappe.local.form_dict.pop("pdf_generator", None)
    generator = _pdf_generator(layout)
    if not generator:  # Older Frappe 15 knows no choice of generators.
        return bytes(frappe.get_print(doctype, name, print_format=layout or None, as_pdf=True))
    return bytes(frappe.get_print(doctype, name, print_format=layout or None, as_pdf=True, pdf_generator=generator))


def _pdf_generator(layout: str) -> str:
    """The generator that an admin chose; "" where there is no choice."""
    if layout and frappe.get_meta("Print Format").has_field("pdf_generator"):
        return frappe.db.get_value("Print Format", layout, "pdf_generator") or ""
    if not layout and frappe.get_meta("Print Settings").has_field("pdf_generator"):
        return frappe.db.get_single_value("Print Settings", "pdf_generator") or ""
    return ""


def at_site(context: Any) -> Callable[[], None]:
    """Open the site that a bench command was called for, as Administrator; returned is what closes it. Frappe 15 hands over a dict, 16 an object with the same
    names; what opens a site is in no manifest, since the stand-in's sites are opened by itself."""
    sites = context.get("sites") if isinstance(context, dict) else context.sites
    host = importlib.import_module("frappe")
    host.init((sites or [""])[0])
    host.connect()
    frappe.set_user("Administrator")
    return lambda: host.destroy()


def raw_body() -> bytes:
    """The body of the current request, byte for byte: what a signature is of. `form_dict` holds what Frappe has made of it."""
    return bytes(frappe.local.request.get_data())


def announced_bytes() -> int:
    """How long the body is, as the request says; 0 where it does not."""
    return int(frappe.local.request.content_length or 0)


def header(name: str) -> str:
    """A header of the current request; "" where it has none of that name."""
    return str(frappe.local.request.headers.get(name) or "")


def answer_without_cookies() -> None:
    """Leave out the five cookies that Frappe adds to every answer (observed on Frappe 15.72)."""
    frappe.local.cookie_manager.cookies.clear()
