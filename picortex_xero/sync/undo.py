"""Is a cancel ready to go? What was never sent is superseded, what is in flight is waited for, what is in Xero has to be undone.

Nothing here talks to Xero.
"""

from __future__ import annotations

from typing import Any

import frappe

from ..core import outbox as protocol
from ..core.documents import INVOICE_DOCTYPES, identity
from ..core.kinds import KINDS, UNDO_BY_ENDPOINT, is_extra
from ..core.notes import CANCEL
from ..core.problems import Problem
from . import links, log, outbox
from .context import Context
from .outbox import Row
from .work import Work, supersede

# The code of a cancel that only a person can finish in Xero: an overpayment's. The invoices it settled are free all the same.
STAYS = "overpayment-stays"


def void(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """The work of a cancelled document's undo, or None after moving or postponing it. Part of the caller's transaction."""
    who = identity(doc)
    # What says "cancelled" comes after this; a note or file on its way does no harm and is not waited for.
    others = [step for step in outbox.steps_of(context.connection, who) if not step["role"].startswith(("void", CANCEL))]
    for step in others:
        if step["state"] in protocol.IN_FLIGHT and not is_extra(step["role"]):
            outbox.postpone(row, blocked_on=step["name"])
            return None
        if step["state"] in protocol.UNSENT:
            supersede(step, f"{who.name} was cancelled before it was sent")
    linked = sorted(links.of(context.connection, who), key=lambda link: (link["role"] == "allocation", link["sequence"]))
    mine = next((link for at, link in enumerate(linked) if _role(link, at) == row["role"]), None)
    if mine is None:
        supersede(row, f"{who.name} was cancelled before it was sent")
        return None
    if mine is linked[0] and _waits_for_others(context, row, linked[1:]):
        return None
    if mine is linked[0] and doc["doctype"] in INVOICE_DOCTYPES and waits_for_cancels(context, row, doc["doctype"], doc["name"]):
        return None
    kind = KINDS[UNDO_BY_ENDPOINT[mine["endpoint"].rpartition("/")[2]]]
    path = f"{mine['endpoint']}/{mine['xero_id']}" if kind.nested else ""
    chain = {who.digest, mine["xero_id"], *mine["endpoint"].split("/")[1:2]}
    return Work(row, doc, kind, chain, xero_id=mine["xero_id"], path=path, linked=mine)


def finish_undo(context: Context, row: Row, doc: dict[str, Any], link: str, status: str) -> None:
    """The record is gone from Xero's books: say so on the link and close the step."""
    links.seen(link, remote_status=status, remote_amount_due=0)
    outbox.move(row, "recorded")
    log.write(context.connection, context.company, identity(doc), "Undone", f"{doc['name']} is {status.lower()} in Xero")


def _role(link: dict[str, Any], at: int) -> str:
    """The role of the step that undoes a link: the first one's is the captured cancel itself."""
    return "void" if at == 0 else f"void-{link['role']}-{link['sequence']}"


def _waits_for_others(context: Context, row: Row, others: list[dict[str, Any]]) -> bool:
    """What else the document became goes first: a credit note that is applied somewhere cannot be voided."""
    who = outbox.identity(row)
    for at, link in enumerate(others, start=1):
        facts = {name: row[name] for name in ("generation", "posting_date", "amount", "currency")}
        step = outbox.get(step_key=outbox.add(context.connection, context.company, who, _role(link, at), **facts))
        if step and step["state"] in protocol.UNFINISHED and link["role"] == "allocation":
            problem = Problem(
                "waits-for-cancel", f"Waits until {who.name} is taken off its invoice in Xero", f"See what stops {who.name} in the outbox"
            )
            return outbox.postpone(row, blocked_on=step["name"], problem=problem)
    return False


def waits_for_cancels(context: Context, row: Row, doctype: str, invoice: str) -> bool:
    """Whether a step had to be postponed because something that settled this invoice is still being cancelled in Xero.

    Xero voids no invoice that is paid or applied, and shows no amount due for what settles it anew: the former goes first, as it did in
    the host.
    """
    mine = {"reference_name": invoice}
    settling = [
        *(("Payment Entry", name) for name in _parents("Payment Entry Reference", {**mine, "reference_doctype": doctype})),
        *(("Journal Entry", name) for name in _parents("Journal Entry Account", {**mine, "reference_type": doctype})),
        *((doctype, name) for name in frappe.get_all(doctype, filters={"return_against": invoice}, pluck="name")),
    ]
    for settler, name in settling:
        for step in outbox.steps_named(context.connection, settler, name):
            if step["role"].startswith("void") and step["state"] in protocol.UNFINISHED and step["reason_code"] != STAYS:
                problem = Problem(
                    "waits-for-cancel", f"Waits until {name} is cancelled in Xero", f"See why {name} is not cancelled in Xero yet"
                )
                return outbox.postpone(row, blocked_on=step["name"], problem=problem)
    return False


def _parents(child: str, filters: dict[str, Any]) -> list[str]:
    return sorted(set(frappe.get_all(child, filters=filters, pluck="parent")))
