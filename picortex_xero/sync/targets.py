"""The invoices a payment settles: are they in Xero, and what is left of them on both sides?"""

from __future__ import annotations

from typing import Any

import frappe

from ..core import outbox as protocol
from ..core.documents import Identity, moment
from ..core.money import ZERO, decimal
from ..core.problems import Problem
from ..core.translate import payment
from . import links, outbox
from .context import Context
from .outbox import Row
from .work import Work, settle

FIELDS = ["creation", "posting_date", "currency", "conversion_rate", "outstanding_amount", "party_account_currency"]
CREATED = ("invoice", "credit")


def target(context: Context, row: Row, doctype: str, name: str) -> dict[str, Any] | None:
    """An invoice that this payment settles, with its Xero id; None after letting the payment wait for it."""
    if found := in_xero(context, doctype, name):
        return found
    who = Identity(doctype, name, moment(frappe.db.get_value(doctype, name, "creation")))
    step = next(
        (step for step in outbox.steps_of(context.connection, who) if step["role"] in CREATED and step["state"] in protocol.UNFINISHED),
        None,
    )
    if step:
        outbox.postpone(
            row, blocked_on=step["name"], problem=Problem("waits-for-invoice", f"Waits until {name} is in Xero", f"See what stops {name}")
        )
    else:
        settle(
            row,
            [
                Problem(
                    "invoice-not-in-xero",
                    f"It settles {name}, which was never sent to Xero",
                    f"Enter {name} and {row['reference_name']} in Xero by hand, or send {name} first and press Retry",
                    held=True,
                )
            ],
        )
    return None


def in_xero(context: Context, doctype: str, name: str) -> dict[str, Any] | None:
    """An invoice or return with its Xero id and the name of its link; None where it is not in Xero."""
    found = frappe.db.get_value(doctype, name, FIELDS, as_dict=True)
    linked = [link for link in links.of(context.connection, Identity(doctype, name, moment(found["creation"]))) if link["role"] in CREATED]
    return {**found, "doctype": doctype, "name": name, "xero_id": linked[-1]["xero_id"], "link": linked[-1]["name"]} if linked else None


def as_target(found: dict[str, Any], remote: dict[str, Any] | None = None, settles: bool = False) -> payment.Target:
    """The translator's view of `found`, with what Xero shows of it where that was read."""
    remote = remote or {}
    return payment.Target(
        found["xero_id"],
        found["currency"],
        decimal(remote.get("AmountDue")),
        remote.get("Status") or "",
        decimal(found["conversion_rate"]) or decimal(1),
        settles,
    )


def as_targets(context: Context, work: Work, remote: dict[str, dict[str, Any]]) -> list[payment.Target]:
    """The invoices of a payment as Xero shows them now (`remote` by InvoiceID)."""
    return [as_target(found, remote.get(found["xero_id"]), _settles(context, work, found)) for found in work.targets]


def _settles(context: Context, work: Work, found: dict[str, Any]) -> bool:
    """Whether nothing is left of a base-currency receivable of a foreign invoice, and no other payment of it is still to be sent."""
    if found["currency"] == found["party_account_currency"] or decimal(found["outstanding_amount"]) != ZERO:
        return False
    others = frappe.get_all(
        "Payment Entry Reference",
        filters={
            "reference_doctype": found["doctype"],
            "reference_name": found["name"],
            "docstatus": 1,
            "parent": ("!=", work.doc["name"]),
        },
        pluck="parent",
    )
    return all(any(step["state"] == protocol.SYNCED for step in payment_steps(context, name)) for name in set(others))


def payment_steps(context: Context, name: str) -> list[Row]:
    """All steps of one payment entry; none where it has been deleted."""
    creation = frappe.db.get_value("Payment Entry", name, "creation")
    if creation is None:
        return []
    return outbox.steps_of(context.connection, Identity("Payment Entry", name, moment(creation)))
