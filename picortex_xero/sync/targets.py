"""What a payment settles or pays back: is it in Xero, and what is left of it on both sides?"""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..documents.identity import INVOICE_DOCTYPES, Identity, moment
from ..documents.settlement import payment
from ..engine import links, outbox, protocol
from ..engine.context import Context
from ..engine.outbox import Row
from ..xero.records.registry import object_at
from .work import settle

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
    """An invoice or return with its Xero id and endpoint and the name of its link; None where it is not in Xero, or no invoice."""
    if doctype not in INVOICE_DOCTYPES:
        return None
    found = frappe.db.get_value(doctype, name, FIELDS, as_dict=True)
    linked = [link for link in links.of(context.connection, Identity(doctype, name, moment(found["creation"]))) if link["role"] in CREATED]
    return {**found, **_known(doctype, name, linked[-1])} if linked else None


def _known(doctype: str, name: str, link: dict[str, Any]) -> dict[str, Any]:
    return {"doctype": doctype, "name": name, "xero_id": link["xero_id"], "link": link["name"], "endpoint": link["endpoint"]}




def as_target(found: dict[str, Any], remote: dict[str, Any] | None = None, settles: bool = False) -> payment.Target:
    """The translator's view of `found`, with what Xero shows of it where that was read."""
    remote, settled = remote or {}, object_at(found["endpoint"])
    return payment.Target(
        found["xero_id"],
        found["currency"],
        settled.left(remote),
        remote.get("Status") or "",
        decimal(found["conversion_rate"]) or decimal(1),
        settles,
        settled.named_in_payments,
    )
