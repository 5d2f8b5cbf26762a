"""Is a cancel ready to go? What was never sent is superseded, what is in flight is waited for, what is in Xero has to be undone.

Nothing here talks to Xero.
"""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.problems import Problem
from ..documents.identity import INVOICE_DOCTYPES, identity
from ..engine import kept, links, log, outbox, protocol
from ..engine.context import Context
from ..engine.outbox import Row
from ..extras.note_texts import CANCEL
from ..xero.records.registry import is_extra, object_at
from .work import Work, supersede

# The code of a cancel that only a person can finish in Xero: an overpayment's. The invoices it settled are free all the same.
STAYS = "overpayment-stays"
CANCELLED = 2
# What a document becomes besides itself: the record that goes last is never one of these.
FURTHER = ("release", "writeoff")


def void(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """The work of taking one record back, or None after moving or postponing it. Part of the caller's transaction.

    The step "void" is a cancelled document's own: it asks for all its other records to be taken back too ("void-payment-2"), and
    takes the last one itself. An "undo-payment-2" takes a single record of a submitted document back.
    """
    who = identity(doc)
    # What says "cancelled" comes after this; a note or file on its way does no harm and is not waited for.
    steps = [step for step in outbox.steps_of(context.connection, who) if not step["role"].startswith(CANCEL)]
    for step in steps:
        if not takes_back(step) and step["state"] in protocol.IN_FLIGHT and not is_extra(step["role"]):
            outbox.postpone(row, blocked_on=step["name"])
            return None
    if undecided := kept.waiting(steps):
        outbox.postpone(row, blocked_on=undecided["name"], problem=kept.waits_for(undecided))
        return None
    if doc["docstatus"] == CANCELLED:
        for step in steps:
            if not takes_back(step) and step["state"] in protocol.UNSENT:
                supersede(step, f"{who.name} was cancelled before it was sent")
    linked = links.of(context.connection, who)
    last = _last(linked)
    mine = last if row["role"] == "void" else next((link for link in linked if _names(row, link)), None)
    if mine is None:
        supersede(row, f"{who.name} was cancelled before it was sent")
        return None
    if mine["remote_status"] in links.ENDED:
        outbox.move(row, "recorded")
        return None
    if row["role"] == "void":
        for link in linked:
            if link is not mine and link["remote_status"] not in links.ENDED:
                outbox.add_sibling(row, f"void-{link['role']}-{link['sequence']}", generation=link["generation"])
    if _waits_for_lower(context, row, mine, linked):
        return None
    if doc["doctype"] in INVOICE_DOCTYPES and mine is last and waits_for_cancels(context, row, doc["doctype"], doc["name"]):
        return None
    kind = object_at(mine["endpoint"]).undone_by
    if kind is None:
        raise RuntimeError(f"Nothing takes back what is at {mine['endpoint']}")
    path = f"{mine['endpoint']}/{mine['xero_id']}" if kind.nested else ""
    chain = {who.digest, mine["xero_id"], *mine["endpoint"].split("/")[1:2]}
    return Work(row, doc, kind, chain, xero_id=mine["xero_id"], path=path, linked=mine)


def takes_back(step: Row) -> bool:
    """Whether a step takes something back."""
    return step["role"].partition("-")[0] in protocol.TAKES_BACK


def finish_undo(context: Context, row: Row, doc: dict[str, Any], link: str, status: str) -> None:
    """The record is gone from Xero's books: say so on the link and close the step."""
    links.seen(link, remote_status=status, remote_amount_due=0)
    outbox.move(row, "recorded")
    log.write(context.connection, context.company, identity(doc), "Undone", f"{doc['name']} is {status.lower()} in Xero")


def _rank(link: dict[str, Any]) -> int:
    return object_at(link["endpoint"]).undo_rank


def _last(linked: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The record that goes last: of the newest generation the first one that nothing else hangs on."""
    return max(linked, key=lambda link: (link["generation"], _rank(link), link["role"] not in FURTHER, -link["sequence"]), default=None)


def _names(step: Row, link: dict[str, Any]) -> bool:
    """Whether a step takes this record back."""
    named = step["role"].partition("-")[2]
    return bool(named) and takes_back(step) and named == f"{link['role']}-{link['sequence']}" and step["generation"] == link["generation"]


def _waits_for_lower(context: Context, row: Row, mine: dict[str, Any], linked: list[dict[str, Any]]) -> bool:
    """What hangs on a record of the same document goes first: a credit note that is applied somewhere cannot be voided."""
    lower = [link for link in linked if _rank(link) < _rank(mine) and link["remote_status"] not in links.ENDED]
    for step in outbox.steps_of(context.connection, outbox.identity(row)) if lower else []:
        if step["state"] in protocol.UNFINISHED and any(_names(step, link) for link in lower):
            name = row["reference_name"]
            problem = Problem(
                "waits-for-cancel", f"Waits until what {name} settled is taken back in Xero", f"See what stops {name} in the outbox"
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
            if takes_back(step) and step["state"] in protocol.UNFINISHED and step["reason_code"] != STAYS:
                problem = Problem(
                    "waits-for-cancel", f"Waits until {name} is cancelled in Xero", f"See why {name} is not cancelled in Xero yet"
                )
                return outbox.postpone(row, blocked_on=step["name"], problem=problem)
    return False


def _parents(child: str, filters: dict[str, Any]) -> list[str]:
    return sorted(set(frappe.get_all(child, filters=filters, pluck="parent")))
