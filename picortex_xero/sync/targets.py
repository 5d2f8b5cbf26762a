"""What a payment settles or pays back: is it in Xero, and what is left of it on both sides?"""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.money import ZERO, decimal
from ..accounting.problems import Problem
from ..documents.identity import INVOICE_DOCTYPES, Identity, moment
from ..documents.payment_entry.settlement import party_account_currency
from ..documents.settlement import payment
from ..engine import links, outbox, protocol, reading
from ..engine.context import Context
from ..engine.lease import Lease
from ..engine.outbox import Row
from ..xero.records.registry import INVOICE, object_at
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
    """An invoice or return with its Xero id and endpoint and the name of its link; None where it is not in Xero, or no invoice."""
    if doctype not in INVOICE_DOCTYPES:
        return None
    found = frappe.db.get_value(doctype, name, FIELDS, as_dict=True)
    linked = [link for link in links.of(context.connection, Identity(doctype, name, moment(found["creation"]))) if link["role"] in CREATED]
    return {**found, **_known(doctype, name, linked[-1])} if linked else None


def advance(context: Context, row: Row, name: str) -> dict[str, Any] | None:
    """The advance that a refund pays back, with its Xero id; None after letting the refund wait for it."""
    fields = ["creation", "posting_date", "payment_type", "paid_from_account_currency", "paid_to_account_currency"]
    found = frappe.db.get_value("Payment Entry", name, fields, as_dict=True)
    who = Identity("Payment Entry", name, moment(found["creation"]))
    linked = [link for link in links.live(context.connection, who) if link["role"] == "payment" and object_at(link["endpoint"]).is_advance]
    if linked:
        currency = party_account_currency(found)
        same = {"currency": currency, "party_account_currency": currency, "conversion_rate": 1, "outstanding_amount": 0}
        return {**found, **same, **_known("Payment Entry", name, linked[-1])}
    step = next((step for step in payment_steps(context, name) if step["role"] == "payment" and step["state"] in protocol.UNFINISHED), None)
    if step:
        problem = Problem("waits-for-payment", f"Waits until {name}, which it pays back, is in Xero", f"See what stops {name}")
        outbox.postpone(row, blocked_on=step["name"], problem=problem)
        return None
    problem = Problem(
        "advance-not-in-xero",
        f"It pays back {name}, which is no overpayment or prepayment in Xero",
        f"In Xero, open {name} and refund it by hand from the bank account; nothing is left to do here",
        held=True,
    )
    settle(row, [problem])
    return None


def _known(doctype: str, name: str, link: dict[str, Any]) -> dict[str, Any]:
    return {"doctype": doctype, "name": name, "xero_id": link["xero_id"], "link": link["name"], "endpoint": link["endpoint"]}


def shown(context: Context, lease: Lease, targets: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What Xero shows of invoices and credits now, by their ids; it is noted on their links, too."""
    remote = reading.invoices(context, lease, [found["xero_id"] for found in targets if found["endpoint"] == INVOICE.endpoint])
    credits = {found["xero_id"]: found["endpoint"] for found in targets if found["endpoint"] != INVOICE.endpoint}
    for endpoint in dict.fromkeys(credits.values()):
        ids = [xero_id for xero_id, where in credits.items() if where == endpoint]
        remote |= {xero_id: element or {} for xero_id, element in zip(ids, reading.each(context, lease, endpoint, ids))}
    for found in targets:
        if element := remote.get(found["xero_id"]):
            links.seen(found["link"], remote_status=element.get("Status", ""), remote_amount_due=object_at(found["endpoint"]).left(element))
    return remote


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


def as_targets(context: Context, work: Work, remote: dict[str, dict[str, Any]]) -> list[payment.Target]:
    """What a payment settles as Xero shows it now (`remote` by id)."""
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
