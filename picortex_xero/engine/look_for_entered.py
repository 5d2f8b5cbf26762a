"""Xero's bills and manual journals near the days of what an import of history would send and has no number to be found by, without those that this site has made
(documents/history/entered)."""

from __future__ import annotations

from typing import Any

import frappe

from ..documents.base import Plan, Shown
from ..documents.history import entered
from ..xero.records.registry import INVOICE, object_at
from . import links, near_days
from .contexts import Context
from .leases import Lease


def look(context: Context, lease: Lease, plans: list[Plan]) -> dict[str, Shown]:
    """Those near the days of these plans by endpoint, one list for each span of days. Raises reading.Interrupted, send.LeaseLost."""
    found: dict[str, Shown] = {}
    asking = [plan for plan in plans if entered.asks(plan)]
    for endpoint in sorted({plan.kind.endpoint for plan in asking}):
        windows = [entered.days(plan) for plan in asking if plan.kind.endpoint == endpoint]
        shown = near_days.near(context, lease, endpoint, windows, 'Type=="ACCPAY"' if endpoint == INVOICE.endpoint else "")
        found[endpoint] = Shown(_of_others(context.connection, endpoint, shown.elements), shown.complete)
    return found


def _of_others(connection: str, endpoint: str, elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that no document of this site is linked with."""
    field = object_at(endpoint).id_field
    ids = sorted({str(each.get(field)) for each in elements if each.get(field)})
    known = frappe.get_all(links.DOCTYPE, filters={"connection": connection, "xero_id": ("in", ids)}, pluck="xero_id") if ids else []
    linked = {each.casefold() for each in known}
    return [each for each in elements if str(each.get(field)).casefold() not in linked]
