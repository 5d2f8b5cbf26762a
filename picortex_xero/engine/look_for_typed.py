"""What is like journals, invoices and bills that go to Xero, where what people enter there comes back (documents/typed_there.py): of journals and money Xero's own near their days,
without those that stand for a document here; of invoices and credit notes the drafts here that came from Xero."""

from __future__ import annotations

import json
from typing import Any

import frappe

from ..documents import typed_there
from ..documents.base import Plan, Shown
from ..documents.facts import by_doctype
from ..documents.history import coded
from ..incoming import perhaps_here
from ..xero.records.registry import object_at
from . import links, near_days
from .contexts import Context
from .leases import Lease

# So many drafts are compared.
MOST = 2000


def look(context: Context, lease: Lease, plans: list[Plan]) -> dict[str, Shown]:
    """Those near the days of these plans by endpoint, one list for each span of days. Raises reading.Interrupted, send.LeaseLost."""
    found: dict[str, Shown] = {}
    asking = [plan for plan in plans if typed_there.asks(plan, context.come_back)]
    for kind in dict.fromkeys(plan.kind for plan in asking):
        windows = [typed_there.days(plan) for plan in asking if plan.kind is kind]
        if kind in typed_there.DOCUMENTS:
            spans = coded.together(windows)
            found[kind.endpoint] = Shown([each for span in spans for each in _drafts(context.connection, kind.endpoint, span)])
            continue
        shown = near_days.near(context, lease, kind.endpoint, windows, f'Status=="{typed_there.STANDS[kind][0]}"')
        found[kind.endpoint] = Shown(_of_nobody(context.connection, kind.endpoint, shown.elements), shown.complete)
    return found


def _drafts(connection: str, endpoint: str, span: tuple[str, str]) -> list[dict[str, Any]]:
    """The records, as their rows keep them, that are drafts here dated in this span of days, but those of which a person has said that they are another one."""
    mine = {"connection": connection, "endpoint": endpoint, "state": "Draft Here", "date": ("between", list(span))}
    rows = frappe.get_all(perhaps_here.ROW, filters=mine, pluck="record", limit=MOST)
    return [json.loads(record) for record in rows if not perhaps_here.is_another(record)]


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
