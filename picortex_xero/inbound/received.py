"""Events that Xero has told of (Xero Inbound Event): one row for each, written by the webhook and by nothing else, and read by the next run.

An event has no effect of its own. It makes it the turn of the list that shows the record (inbound/reader.py), whose one call serves all events of a list;
where that does not show the record, it is read by its id.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import frappe

from ..connection.current import RETIRED
from ..engine.clock import now
from ..engine.standard_columns import standard
from ..engine.wake import wake
from ..xero.records.registry import BANK_TRANSACTION, CONTACT, CREDIT_NOTE, INVOICE, OVERPAYMENT, PAYMENT, PREPAYMENT
from ..xero.webhooks import Event

DOCTYPE = "Xero Inbound Event"
WAITING, READ, NOT_NEEDED = "Waiting", "Read", "Not Needed"
# The lists that show what an event is about, by its category. A payment is not known to come as an event of what it pays: both are read.
LISTS: dict[str, tuple[str, ...]] = {
    "INVOICE": (INVOICE.endpoint,),
    "CREDITNOTE": (CREDIT_NOTE.endpoint,),
    "CONTACT": (CONTACT.endpoint,),
    "PAYMENT": (PAYMENT.endpoint, INVOICE.endpoint, CREDIT_NOTE.endpoint),
    # One that a person has entered is made from the bank transaction that it is there, which names the bank account.
    "PREPAYMENT": (PREPAYMENT.endpoint, BANK_TRANSACTION.endpoint),
    "OVERPAYMENT": (OVERPAYMENT.endpoint, BANK_TRANSACTION.endpoint),
}
# So many of a connection are looked at in one run; the next run goes on.
MOST = 5000
AT_ONCE = 500


def keep(events: Iterable[Event]) -> None:
    """Write one row for each event of a connected organisation, unless it is there; once that is committed a worker is told. Of an organisation that no
    company here is connected to, nothing is kept: the app at Xero may serve other sites as well. Part of the caller's transaction."""
    wanted = list(events)
    tenants = sorted({each.tenant_id for each in wanted})
    if not tenants:
        return
    rows = frappe.get_all(
        "Xero Connection", filters={"tenant_id": ("in", tenants), "state": ("!=", RETIRED)}, fields=["name", "company", "tenant_id"]
    )
    # Columns compare without case.
    of = {str(row["tenant_id"]).lower(): row for row in rows}
    written = [
        {
            **standard(frappe.session.user),
            "name": each.key,
            "connection": of[each.tenant_id]["name"],
            "company": of[each.tenant_id]["company"],
            "category": each.category,
            "event_type": each.type,
            "xero_id": each.xero_id,
            "event_at": each.at,
            "received_at": now(),
            "state": WAITING,
        }
        for each in wanted
        if each.tenant_id in of
    ]
    if not written:
        return
    columns = list(written[0])
    frappe.db.bulk_insert(DOCTYPE, columns, [tuple(row[column] for column in columns) for row in written], ignore_duplicates=True)
    for connection in sorted({row["connection"] for row in written}):
        frappe.db.after_commit.add(lambda connection=connection: wake(connection))


def waiting(connection: str) -> list[dict[str, Any]]:
    """The events that nobody has looked at yet, the oldest first."""
    return frappe.get_all(
        DOCTYPE,
        filters={"connection": connection, "state": WAITING},
        fields=["name", "category", "xero_id", "event_at", "received_at"],
        order_by="received_at asc, name asc",
        limit=MOST,
    )


def happened(row: dict[str, Any]) -> datetime | None:
    """When Xero says that it happened (UTC, without a zone); None where it does not say."""
    try:
        at = datetime.fromisoformat(str(row["event_at"] or "").rstrip("Z"))
    except ValueError:
        return None
    return None if at.tzinfo else at


def lists(rows: Iterable[dict[str, Any]]) -> set[str]:
    """The endpoints that events wait for."""
    return {endpoint for row in rows for endpoint in LISTS.get(row["category"], ())}


def close(names: Iterable[str], state: str = READ) -> None:
    """These events need nothing more. By primary key; part of the caller's transaction."""
    wanted = sorted(names)
    for start in range(0, len(wanted), AT_ONCE):
        frappe.db.sql(
            f"UPDATE `tab{DOCTYPE}` SET `state`=%(state)s, `read_at`=%(at)s WHERE `name` IN %(names)s AND `state`=%(waiting)s",
            {"state": state, "at": now(), "names": tuple(wanted[start : start + AT_ONCE]), "waiting": WAITING},
        )
