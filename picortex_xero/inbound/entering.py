"""Writes what came from Xero as ERPNext's own documents: the voucher and its link in one transaction, or nothing and why ERPNext does not take it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents import step
from ..documents.decisions import MakeAnew
from ..documents.identity import identity
from ..documents.settlement.entered_too import CODE as ENTERED_THERE_TOO
from ..documents.settlement.settlement import PAYMENT_ENTRY
from ..engine import apply, causes, changes, links, log, outbox, says
from ..engine.contexts import Context
from ..incoming.known import OwnPayment
from ..xero.records.base import GONE
from ..xero.records.registry import object_at
from . import dimensions
from .incoming_rows import DRAFT, ENTERED, SAVEPOINT, WAITING, Row, say

# What is a draft here stands where it cannot be submitted.
MADE = "picortex_xero_made"
# So many steps are released in one go; the next run goes on.
MOST_HELD = 1000


def enter(
    context: Context,
    row: Row,
    voucher: dict[str, Any],
    submits: bool,
    link: Callable[[Row], bool],
    refused: Callable[[str], Problem],
    after: Callable[[Any], None] | None = None,
) -> None:
    """Make a Payment Entry; `link` links it and tells whether it did, `after` is done with it once it is submitted. It stays a draft where an accounting dimension lacks that ERPNext
    demands. Part of the caller's transaction, from SAVEPOINT on."""
    problem = None
    try:
        made = as_host(dimensions.filled(voucher))
        rows = made.pop("references")
        doc = frappe.get_doc(made)
        for each in rows:
            doc.append("references", each)
        doc.insert(ignore_permissions=True)
        if not link(doc.as_dict()):
            # Somebody linked it meanwhile.
            frappe.db.rollback(save_point=SAVEPOINT)
            return
        if submits:
            problem = _submitted(context, row, doc, after)
    except frappe.ValidationError as error:
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.clear_messages()
        say(row["name"], WAITING, refused(str(error)))
        return
    state = ENTERED if submits and not problem else DRAFT
    say(row["name"], state, problem, reference_doctype=PAYMENT_ENTRY, reference_name=doc.name)
    said = _("Entered in Xero by somebody; here it is {name}").format(name=doc.name)
    log.write(context.connection, context.company, identity(doc.as_dict()), "Linked", said)


def _submitted(context: Context, row: Row, doc: Any, after: Callable[[Any], None] | None) -> Problem | None:
    """Submit what was made; why it stays a draft, if so. Raises what else ERPNext does not take."""
    frappe.db.savepoint(MADE)
    try:
        doc.submit()
        if after:
            after(doc)
        agrees(context, doc.name)
    except frappe.ValidationError:
        if not (labels := dimensions.lacking(doc)):
            raise
        frappe.db.rollback(save_point=MADE)
        frappe.clear_messages()
        return dimensions.lacks(_("What was paid in Xero ({about})").format(about=str(row["about"])), doc.name, labels)
    return None


def as_host(value: Any) -> Any:
    """Amounts as the host's documents hold them."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {name: as_host(each) for name, each in value.items()}
    return [as_host(each) for each in value] if isinstance(value, list) else value


def named(doctype: str, name: str) -> Row:
    """A document as far as its link needs it."""
    return {"doctype": doctype, **frappe.db.get_value(doctype, name, ["name", "creation"], as_dict=True)}


def not_in_summaries(context: Context, name: str, doctype: str = PAYMENT_ENTRY) -> None:
    """A cash summary that counts the payment is made anew without it (engine/cash_anew.py): Xero has the payment itself."""
    counts = {"reference_doctype": doctype, "reference_name": name, "docstatus": 1}
    summaries = frappe.get_all("Xero Cash Summary Row", filters=counts, pluck="parent", distinct=True, order_by="parent asc")
    apply.write(context.connection, context.company, [MakeAnew(each) for each in summaries])


def revision_for(context: Context, name: str, doctype: str = PAYMENT_ENTRY) -> int:
    """Under which revision a Payment Entry, or a journal, that is here is linked with a payment that people entered: that of its newest step. A former record, which was removed in Xero, is kept
    for the history only. Part of the caller's transaction."""
    for row in links.whole_of_documents(context.connection, doctype, [name]):
        if row["role"] == "payment" and int(row["sequence"]) < step.ASIDE and row["remote_status"] in GONE:
            changes.agrees(context.connection, row["name"])
            links.set_aside(row["name"])
    steps = [each for each in outbox.of_documents(context.connection, doctype, [name]) if each["role"] == "payment"]
    return max((int(each["generation"]) for each in steps), default=1)


def agrees(context: Context, name: str, doctype: str = PAYMENT_ENTRY) -> None:
    """A Payment Entry, or a journal, says what its payment, overpayment or prepayment in Xero says: what is changed here from now on is noticed by that."""
    rows = links.whole_of_documents(context.connection, doctype, [name])
    if theirs := [row["name"] for row in rows if _of_people(step.link(row))]:
        content = says.fingerprint(context.books, doctype, name)
        for each in theirs:
            links.seen(each, content=content)


def _of_people(link: step.Link) -> bool:
    return link.live and (link.entered_by_people or (link.adopted and object_at(link.endpoint).is_advance))


def release(context: Context, doctype: str, name: str) -> None:
    """What was to be sent of a document is in Xero: its steps are decided anew, and find that."""
    for each in outbox.of_documents(context.connection, doctype, [name]):
        outbox.decide_anew(each)


def release_others(context: Context, own: Iterable[OwnPayment]) -> None:
    """What waited here because it might have been the payment in Xero is decided anew: that one is known now."""
    mine = list(own)
    steps = [
        step
        for doctype in sorted({each.doctype for each in mine})
        for step in outbox.of_documents(context.connection, doctype, [each.name for each in mine if each.doctype == doctype])
    ]
    for each in steps:
        if each["state"] == step.HELD and each["reason_code"] == ENTERED_THERE_TOO:
            outbox.decide_anew(each)


def release_of(context: Context, party: str) -> None:
    """What was made of a payment of this party is submitted, and is that payment: others of the party that wait to know whether it is theirs are decided anew."""
    waiting = held(context.connection, ENTERED_THERE_TOO)
    names = sorted({str(each["reference_name"]) for each in waiting if each["reference_doctype"] == PAYMENT_ENTRY})
    mine = set(frappe.get_all(PAYMENT_ENTRY, filters={"name": ("in", names), "party": party}, pluck="name")) if names else set()
    for each in waiting:
        # A journal that is a payment names its party in its rows.
        if each["reference_doctype"] != PAYMENT_ENTRY or each["reference_name"] in mine:
            outbox.decide_anew(each)


def held(connection: str, code: str) -> list[Row]:
    """The steps that a problem holds."""
    rows = frappe.get_all(causes.DOCTYPE, filters={"connection": connection, "code": code}, pluck="step", limit=MOST_HELD)
    return [each for each in outbox.named(sorted(set(rows))) if each["state"] == step.HELD] if rows else []
