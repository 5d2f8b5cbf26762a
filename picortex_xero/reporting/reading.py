"""Asking Xero for reports and keeping what it shows: outside a run, without the connection's lease, and nothing is sent. Calls of engine/direct."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import frappe
from frappe.utils import nowdate

from ..accounting.texts import Text, term
from ..connection import tokens, xero_lists
from ..engine import day_calls, direct, limits, open_documents
from ..reports import months, reading
from ..reports.asked import Asked
from ..reports.kinds import OPEN_ITEMS
from ..xero.answers import Answer
from ..xero.client import Request
from ..xero.records.open_items import open_items
from ..xero.report_rows import NotReadable
from . import failing, snapshots
from .failing import Failure

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
Calls = Callable[[Request], Answer]


def read(connection: str, parts: Iterable[Asked]) -> Failure | None:
    """Read these parts of one report, one after the other, and keep each; why one could not be read, which ends it. What was read before stays. Commits."""
    doc = frappe.get_doc(CONNECTION, connection)
    spent, a_day = day_calls.REPORTING.spent(connection), day_calls.REPORTING.a_day(connection)
    with limits.counting() as made:
        once = direct.calls(doc)

        def calls(request: Request) -> Answer:
            if made.calls >= a_day - spent:
                raise _NoneLeft
            return once(request)

        try:
            for asked in parts:
                failure = _items(doc, calls, asked) if asked.kind == OPEN_ITEMS else _report(doc, calls, asked)
                if failure:
                    return failure
        except tokens.Trouble as trouble:
            return failing.sign_in(trouble.problem.message, trouble.problem.resolution)
        except _NoneLeft:
            return failing.used_up(spent + made.calls, a_day)
        finally:
            frappe.db.rollback()
            day_calls.REPORTING.spend(connection, made.calls)
            frappe.db.commit()
    return None


class _NoneLeft(Exception):
    """The day's requests for reports are used up."""


def _report(doc: Any, calls: Calls, asked: Asked) -> Failure | None:
    answer = calls(Request("GET", asked.path))
    if failure := failing.of(answer, named(asked.kind.name)):
        return failure
    try:
        statement = reading.read(asked, answer.data)
    except NotReadable as error:
        return failing.unreadable(str(error))
    snapshots.write_statement(doc.name, doc.company, doc.base_currency or "", asked, statement)
    frappe.db.commit()
    return None


def _items(doc: Any, calls: Calls, asked: Asked) -> Failure | None:
    at = str(asked.last)
    try:
        lists = open_documents.read(calls, at, nowdate())
    except open_documents.NoAnswer as error:
        return failing.of(error.answer, named(asked.kind.name)) or failing.unreadable(str(error.answer.status))
    items = open_items(lists, at, doc.base_currency or "")
    snapshots.write_items(doc.name, doc.company, doc.base_currency or "", asked, items)
    frappe.db.commit()
    return None


def named(report: str) -> Text:
    """A report's name inside a sentence."""
    return term(report)


def year_begins(connection: str, today: date) -> date | Failure:
    """The first day of the organisation's financial year of `today`; asks Xero where its lists do not say yet. Commits."""
    known = _year_end(xero_lists.stored(connection))
    if not known:
        doc = frappe.get_doc(CONNECTION, connection)
        try:
            answer = direct.calls(doc)(Request("GET", "Organisation"))
        except tokens.Trouble as trouble:
            frappe.db.rollback()
            return failing.sign_in(trouble.problem.message, trouble.problem.resolution)
        day_calls.REPORTING.spend(connection, 1)
        frappe.db.commit()
        if failure := failing.of(answer, term("Organisation")):
            return failure
        found = answer.data.get("Organisations") if isinstance(answer.data, dict) else None
        known = _year_end({"organisation": found if isinstance(found, list) else []})
        if not known:
            return failing.unreadable("FinancialYearEndMonth")
        xero_lists.keep_year_end(connection, *known)
        frappe.db.commit()
    return months.year_start(today, *known)


def known_year_begins(connection: str, today: date) -> date | None:
    """The same as far as it is known here; None where it is not."""
    known = _year_end(xero_lists.stored(connection)) if xero_lists.read_at(connection) else None
    return months.year_start(today, *known) if known else None


def _year_end(lists: dict[str, Any]) -> tuple[int, int] | None:
    about = next((each for each in lists.get("organisation", []) if isinstance(each, dict)), {})
    month, day = (about.get(name) for name in xero_lists.YEAR_END)
    return (int(month), int(day)) if isinstance(month, int) and isinstance(day, int) and 1 <= month <= 12 and 1 <= day <= 31 else None
