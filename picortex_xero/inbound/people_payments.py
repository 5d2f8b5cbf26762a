"""What was paid in Xero of an invoice or bill that somebody has entered there, before its draft here was submitted: read by the ids that the document shows, and noted as any
payment that comes back is (inbound/coming_back.py)."""

from __future__ import annotations

from functools import partial
from typing import Any

import frappe

from ..engine import reading
from ..engine.contexts import Context
from ..engine.isolation import read_alone
from ..engine.leases import Lease
from ..xero.records.registry import PAYMENT
from . import coming_back
from .incoming_rows import DOCTYPE, ENTERED, say
from .people_rows import UNREAD

# So many documents in one run; the next one goes on.
MOST = 20


def read(context: Context, lease: Lease) -> None:
    """Read the payments of documents that were submitted since the last run; none where payments stay in Xero. What Xero does not show now is read in the next run. Commits."""
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
    there, found = read_alone(context, lease, partial(reading.one, context, lease, endpoint, xero_id))
    if not there:
        return False
    shown = (found or {}).get("Payments")
    ids = [str(each.get("PaymentID") or "") for each in shown if isinstance(each, dict)] if isinstance(shown, list) else []
    payments: list[dict[str, Any]] = []
    for payment_id in filter(None, ids):
        there, payment = read_alone(context, lease, partial(reading.one, context, lease, PAYMENT.endpoint, payment_id))
        if not there:
            return False
        payments += [payment] if payment else []
    coming_back.notice(context, payments, payments)
    return True
