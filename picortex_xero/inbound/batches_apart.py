"""Batch payments of several customers or suppliers, or with documents that were never sent from here: ERPNext has one party in a Payment Entry, so each payment of such a batch comes
back for itself. It has an id and a link of its own in Xero."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from ..engine import links
from ..engine.contexts import Context
from ..incoming import facts
from ..incoming.payment import IncomingPayment, alone
from ..xero.records.registry import BATCH_PAYMENT, PAYMENT
from .incoming_rows import DOCTYPE, GONE, OPEN, Row, key, list_it, say


def was(context: Context, payment: IncomingPayment) -> bool:
    """Whether payments of a batch have come back for themselves: the rest of it does, too."""
    if payment.endpoint != BATCH_PAYMENT.endpoint:
        return False
    ids = [part.payment_id for part in payment.parts]
    if frappe.db.exists(DOCTYPE, {"name": ("in", _rows(context.connection, payment))}):
        return True
    return any(each["endpoint"] == PAYMENT.endpoint for each in links.by_records(context.connection, ids))


def take(context: Context, row: Row, payment: IncomingPayment) -> None:
    """Note each payment of a batch that pays what was sent from here, instead of the batch. Part of the caller's transaction."""
    pays = facts.noticed(context.connection, (part.target for part in payment.parts))
    for part in payment.parts:
        if target := pays.get(part.target):
            list_it(context, alone(payment, part), what=payment.reference or "Payment", about=target.name, currency=target.currency)
    frappe.db.delete(DOCTYPE, {"name": row["name"]})


def removed(context: Context, payments: Iterable[IncomingPayment]) -> None:
    """Of batches that were removed in Xero, what waits of their payments is gone. Part of the caller's transaction."""
    names = [name for payment in payments if not payment.stands for name in _rows(context.connection, payment)]
    for name in frappe.get_all(DOCTYPE, filters={"name": ("in", names), "state": ("in", OPEN)}, pluck="name") if names else []:
        say(name, GONE)


def records(payment: IncomingPayment) -> list[tuple[str, str]]:
    """Under which records (endpoint, id) a row may stand for a payment or a batch, or for a part of that."""
    own = [(payment.endpoint, payment.xero_id)]
    return own + [(PAYMENT.endpoint, part.payment_id) for part in payment.parts if payment.endpoint == BATCH_PAYMENT.endpoint]


def _rows(connection: str, payment: IncomingPayment) -> list[Any]:
    return [key(connection, *each) for each in records(payment)[1:]]
