"""A batch payment of which Xero's list of payments has shown a part only is read whole, before anything is made of it."""

from __future__ import annotations

from functools import partial

import frappe

from ..engine import reading
from ..engine.contexts import Context
from ..engine.isolation import read_alone
from ..engine.leases import Lease
from ..incoming.payment import with_all_of
from ..xero.records.registry import BATCH_PAYMENT
from .incoming_rows import DOCTYPE, Row, kept, payment_of

IN_PART = '"whole": false'


def complete(context: Context, lease: Lease, row: Row) -> None:
    """Let the row of a batch in part say all of it, as Xero shows the batch itself; it stays as it is where Xero does not show it. Commits. Raises reading.Interrupted,
    send.LeaseLost."""
    if row["endpoint"] != BATCH_PAYMENT.endpoint or IN_PART not in row["record"]:
        return
    there, batch = read_alone(context, lease, partial(reading.one, context, lease, BATCH_PAYMENT.endpoint, row["xero_id"]))
    if there and batch:
        whole = with_all_of(payment_of(row["record"]), batch)
        row["record"] = kept(whole)
        frappe.db.set_value(DOCTYPE, row["name"], {"record": row["record"], "amount": whole.amount}, update_modified=False)
        frappe.db.commit()
