"""What Xero has booked itself in a month is worked out by itself, where the company has chosen so, some days after the month is over (month_proposal.py): once for each month. What it
finds waits in Entered in Xero, and people are told. Nothing is entered here by itself, not even a draft."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import frappe
from frappe.utils import nowdate

from ..accounting.texts import Text, _, load
from ..attention import closed_here, notifications
from ..compat import affected_rows
from ..connection import tokens, who_may
from ..engine import day_calls, limits, trial_balance_read
from ..engine.clock import now
from ..engine.screen_texts import shown
from ..incoming.journal import JOURNAL_ENTRY
from ..incoming.month import ENDPOINT, NOT_OFFERED, OFFERED, days
from . import booked_months, month_proposal
from .incoming_rows import DOCTYPE, WAITING
from .people_rows import key

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
# The choice: so many days after its end a month is worked out, at most so many; 0: only where somebody presses.
SETTING, LATEST = "propose_month_after", 28
# When the next try may begin (UTC).
NEXT = "next_month_try"
# Of months that are over so many are worked out: who chooses it later has older ones worked out by pressing.
BACK = 3
# Between two tries, and after one that a missing right has ended.
PAUSE, LONG_PAUSE = timedelta(minutes=5), timedelta(days=1)
# Calls for one month: the organisation, and two trial balances.
CALLS = 3
RIGHTS, TOLD_OFFERED, TOLD_WAITS = "month-rights", "month-offered:", "month-waits:"
# Who makes its draft.
PEOPLE = (who_may.ADMIN, who_may.ACCOUNTANT)


def read_soon(connection: str, last: Mapping[str, datetime]) -> set[str]:
    """The lists to read before their turn, so that a month can be worked out; `last`: when each was read last."""
    month = _due(connection)
    if not month:
        return set()
    return {each for each in month_proposal.unread(connection, days(month)[2]) if each not in last or now() >= last[each] + PAUSE}


def go_on(connection: str) -> None:
    """Work out the next month that is over, where its lists are read and calls for reports are left; and end what was told of months that wait no more. To be called outside a run.
    Commits."""
    _end_of_decided(connection)
    month = _due(connection)
    if not month or not limits.may_send(connection) or month_proposal.unread(connection, days(month)[2]):
        return
    if day_calls.REPORTING.a_day(connection) < day_calls.REPORTING.spent(connection) + CALLS or not _taken(connection):
        return
    try:
        name = month_proposal.propose(connection, month)
    except month_proposal.Refused as refused:
        frappe.db.rollback()
        if not refused.passes:
            _lacks_rights(connection, refused.why)
        return
    except tokens.Trouble:
        # The connection says why; it is tried again.
        frappe.db.rollback()
        return
    notifications.over(connection, RIGHTS)
    _tell(connection, month, name)
    frappe.db.commit()


def _due(connection: str) -> str:
    """The month (yyyy-mm) that is to be worked out now; "" where none is, or what it takes is not allowed."""
    row = frappe.db.get_value(CONNECTION, connection, [SETTING, "go_live_date", "state", "company"], as_dict=True)
    after = int(row[SETTING] or 0)
    if not after or row["state"] != "Live" or not row["go_live_date"] or _waits(connection):
        return ""
    ended = [each for each in over(date.fromisoformat(nowdate()), after) if days(each)[1] >= str(row["go_live_date"])]
    month = next((each for each in ended if _wanted(connection, str(row["company"]), each)), "")
    if not month:
        return ""
    if unasked := trial_balance_read.may_read(frappe.get_doc(CONNECTION, connection)):
        _lacks_rights(connection, unasked.why)
        return ""
    return month


def over(today: date, after: int) -> list[str]:
    """The last months (yyyy-mm) that ended so many days ago at least, the oldest first."""
    found, first = [], today.replace(day=1)
    for _number in range(BACK + 1):
        last = first - timedelta(days=1)
        if last + timedelta(days=after) <= today:
            found.append(last.isoformat()[:7])
        first = last.replace(day=1)
    return sorted(found)[-BACK:]


def _wanted(connection: str, company: str, month: str) -> bool:
    """Whether a month is to be worked out: nobody has, or what it waited for is done; and its journal could be submitted here."""
    _before, first, last = days(month)
    row = frappe.db.get_value(DOCTYPE, key(connection, ENDPOINT, month), ["state", "reason_code", "record"], as_dict=True)
    if row:
        said = json.loads(row["record"] or "{}")
        if row["state"] != WAITING or row["reason_code"] != NOT_OFFERED:
            return False
        if not said.get("unread") and not (said.get("undecided") and not booked_months.undecided(connection, first, last)):
            return False
    return not closed_here.why(JOURNAL_ENTRY, company, last, anybody=True)


def _waits(connection: str) -> bool:
    until = frappe.db.get_value(STATE, connection, NEXT)
    # A time that lies further ahead was written while a clock was ahead.
    return bool(until and now() < until <= now() + LONG_PAUSE)


def _taken(connection: str) -> bool:
    """Whether this try is ours: of two at once one goes on. Commits."""
    frappe.db.commit()
    known = {"name": connection, "now": now(), "ahead": now() + LONG_PAUSE, "next": now() + PAUSE}
    frappe.db.sql(
        f"UPDATE `tab{STATE}` SET `{NEXT}`=%(next)s WHERE `name`=%(name)s AND (`{NEXT}` IS NULL OR `{NEXT}`<=%(now)s OR `{NEXT}`>%(ahead)s)",
        known,
    )
    taken = affected_rows() == 1
    frappe.db.commit()
    return taken


def _lacks_rights(connection: str, why: Text) -> None:
    """Tell once that a right is missing, and ask Xero no more for a day. Commits."""
    cure = _(
        "Tick Read the Trial Balance in Xero on the Xero Connection and press Give More Permissions, as somebody who may see reports in Xero; or set Propose Journal of a Month After to 0 there"
    )
    what = _("What Xero books itself in a month cannot be worked out: {why}").format(why=why)
    notifications.tell_once(connection, RIGHTS, what, cure)
    frappe.db.set_value(STATE, connection, NEXT, now() + LONG_PAUSE, update_modified=False)
    frappe.db.commit()


def _tell(connection: str, month: str, name: str) -> None:
    """Tell people what a month waits for, once. Part of the caller's transaction."""
    row = frappe.db.get_value(DOCTYPE, name, ["state", "reason_code", "reason", "reason_parts", "cure"], as_dict=True)
    if row["state"] != WAITING or json.loads(frappe.db.get_value(DOCTYPE, name, "record") or "{}").get("unread"):
        return
    forms = load(row["reason_parts"])
    reason, cure = (Text(shown(row[each]), forms.get(each)) for each in ("reason", "cure"))
    offered = row["reason_code"] == OFFERED
    notifications.over(connection, (TOLD_WAITS if offered else TOLD_OFFERED) + month)
    code = (TOLD_OFFERED if offered else TOLD_WAITS) + month
    page = f"/app/{frappe.scrub(DOCTYPE).replace('_', '-')}/{name}"
    notifications.tell_once(connection, code, reason, cure, roles=PEOPLE, page=page)


def _end_of_decided(connection: str) -> None:
    """What was told of months that wait no more is over. Commits."""
    codes = [each["code"] for each in notifications.standing(connection)]
    of_months = {each: each.partition(":")[2] for each in codes if each.startswith((TOLD_OFFERED, TOLD_WAITS))}
    ended = [code for code, month in of_months.items() if not _still(connection, month)]
    if ended:
        notifications.over(connection, *ended)
        frappe.db.commit()


def _still(connection: str, month: str) -> bool:
    return bool(frappe.db.get_value(DOCTYPE, key(connection, ENDPOINT, month), "state") == WAITING)
