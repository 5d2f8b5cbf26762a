"""What was paid in Xero of an invoice or bill that somebody has entered there, or taken off it, before its draft here was submitted: read by the ids that the document shows, and
noted as any payment (inbound/coming_back.py) and any credit (inbound/allocations_back.py) that comes back is."""

from __future__ import annotations

from functools import partial
from typing import Any

import frappe

from ..engine import reading
from ..engine.contexts import Context
from ..engine.isolation import read_alone
from ..engine.leases import Lease
from ..xero.records.registry import CREDITS, PAYMENT, object_at
from . import allocations_back, coming_back
from .incoming_rows import DOCTYPE, ENTERED, say
from .people_rows import UNREAD

Element = dict[str, Any]
# So many documents in one run; the next one goes on.
MOST = 20


def read(context: Context, lease: Lease) -> None:
    """Read the payments of documents that were submitted since the last run, and what was taken off them; none where payments stay in Xero. What Xero does not show now is read in the next run. Commits."""
    rows = frappe.get_all(
        DOCTYPE,
        filters={"connection": context.connection, "state": ENTERED, "reason_code": UNREAD},
        fields=["name", "endpoint", "xero_id"],
        order_by="found_at asc, name asc",
        limit=MOST,
    )
    back = coming_back.wanted(context.connection) != coming_back.STAY
    for row in rows:
        if back and not _read(context, lease, row["endpoint"], row["xero_id"]):
            continue
        say(row["name"], ENTERED)
        frappe.db.commit()


def _read(context: Context, lease: Lease, endpoint: str, xero_id: str) -> bool:
    one = _Reads(context, lease)
    document = one.read(endpoint, xero_id)
    payments = [each for number in _ids(document, "Payments", PAYMENT.id_field) if (each := one.read(PAYMENT.endpoint, number))]
    # An invoice names the credits that were taken off it, a credit what it was taken off.
    credits: dict[str, list[Element]] = {endpoint: [document]} if document and endpoint in CREDITS else {}
    for place in CREDITS if endpoint not in CREDITS else ():
        shown = [one.read(place, number) for number in _ids(document, place, object_at(place).id_field)]
        credits[place] = [credit for credit in shown if credit]
    if not one.all_shown:
        return False
    coming_back.notice(context, payments, payments)
    for place, elements in credits.items():
        allocations_back.notice(context, place, elements)
    return True


def _ids(document: Element, field: str, id_field: str) -> list[str]:
    """The ids of what a document shows under a field."""
    shown = document.get(field)
    ids = [str(each.get(id_field) or "") for each in shown if isinstance(each, dict)] if isinstance(shown, list) else []
    return [each for each in dict.fromkeys(ids) if each]


class _Reads:
    """Records by their ids. `all_shown`: whether Xero has answered about each."""

    def __init__(self, context: Context, lease: Lease) -> None:
        self.context, self.lease = context, lease
        self.all_shown = True

    def read(self, endpoint: str, xero_id: str) -> Element:
        """One record; {} where there is none, or Xero does not answer. Commits."""
        if not self.all_shown:
            return {}
        there, found = read_alone(self.context, self.lease, partial(reading.one, self.context, self.lease, endpoint, xero_id))
        self.all_shown = self.all_shown and there
        return found or {}
