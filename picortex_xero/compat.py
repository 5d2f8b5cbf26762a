"""The only place that knows Frappe 15 from 16, and the one that reaches for what Frappe offers no public name for."""

from __future__ import annotations

import frappe
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


def let_pass(error: BaseException) -> None:
    """The first thing in every handler of any exception: what is no failing of the work at hand goes on to whoever runs the job."""
    if lost_race(error) or out_of_time(error):
        raise error


def give_up_locks_when_stopped(seconds: int) -> None:
    """Let the database end this connection's transaction where it has written and then says nothing for so long: a worker that is stopped
    (a suspended machine) must not keep others from rows that it has locked. For the rest of this connection, which is a job's own."""
    frappe.db.sql(f"SET SESSION idle_write_transaction_timeout={int(seconds)}")
