"""Xero's manual journals and bank transactions near the days of journals that go there, where what people enter in Xero comes back, without those that stand for a document here
(documents/typed_there.py)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import frappe

from ..documents import typed_there
from ..documents.base import Plan, Shown
from ..documents.facts import by_doctype
from ..documents.history import coded
from ..incoming import perhaps_here
from ..xero.records import xero_element
from ..xero.records.registry import object_at
from . import links, reading
from .contexts import Context
from .leases import Lease


def look(context: Context, lease: Lease, plans: list[Plan]) -> dict[str, Shown]:
    """Those near the days of these plans by endpoint, one list for each span of days. Raises reading.Interrupted, send.LeaseLost."""
    found: dict[str, Shown] = {}
    asking = [plan for plan in plans if typed_there.asks(plan, context.entries_come_back)]
    for kind in dict.fromkeys(plan.kind for plan in asking):
        elements, complete = list[dict[str, Any]](), True
        for first, last in coded.together(typed_there.days(plan) for plan in asking if plan.kind is kind):
            days = f"Date>={xero_element.asked_day(first)} AND Date<={xero_element.asked_day(last)}"
            where = f'Status=="{typed_there.STANDS[kind]}" AND {days}'
            shown = reading.listing(context, lease, kind.endpoint, f"where={quote(where, safe='')}", True, "")
            elements += shown.elements
            complete = complete and shown.complete
        found[kind.endpoint] = Shown(_of_nobody(context.connection, kind.endpoint, elements), complete)
    return found


def _of_nobody(connection: str, endpoint: str, elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that stand for no document here: linked with none, or with what was made of them and is a draft, was cancelled or deleted. What is a draft here is perhaps the same
    as what goes, unless a person has said that it is another one."""
    field = object_at(endpoint).id_field
    rows = links.by_records(connection, sorted({str(each.get(field)) for each in elements if each.get(field)}))
    made = {(row["reference_doctype"], row["reference_name"]) for row in rows if row["adopted"]}
    submitted = {
        (doctype, name)
        for doctype, names in by_doctype(made)
        for name in frappe.get_all(doctype, filters={"name": ("in", names), "docstatus": 1}, pluck="name")
    }
    stand = {
        str(row["xero_id"]).casefold()
        for row in rows
        if not row["adopted"] or (row["reference_doctype"], row["reference_name"]) in submitted
    }
    stand |= perhaps_here.another_one(connection, sorted({str(row["xero_id"]).casefold() for row in rows} - stand))
    return [each for each in elements if str(each.get(field)).casefold() not in stand]
