"""Credits that people take off invoices in Xero, of what is linked with documents here, are taken off here as well, once. The link of each is what keeps it from ever
being sent back; what is taken off the other way round is told as everything that vanishes in Xero (judge.py)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import frappe

from ..accounting.texts import _
from ..documents.identity import identity
from ..engine import limits, links, log, outbox
from ..engine.contexts import Context
from ..incoming import credit_facts, facts
from ..incoming.allocation import IncomingAllocation, below, read
from ..incoming.decide import Hold, Later, Match, Nothing
from ..incoming.decide_allocation import Allocate, Credit, decide, to_confirm
from ..incoming.known import ADVANCE, Target
from ..xero.records import xero_element
from ..xero.records.registry import CREDITS, object_at
from . import entering
from .incoming_rows import DOCTYPE, ENTERED, GONE, LEFT_OUT, MATCHED, OPEN, SAVEPOINT, WAITING, Row, allocation_of, list_it, refused, say
from .reconciling import Reconciled, reconcile

Element = dict[str, Any]
JOURNAL = credit_facts.JOURNAL


def notice(context: Context, endpoint: str, elements: Iterable[Element]) -> None:
    """Note the allocations of these credits that no link names and that are of invoices which were sent from here; those that are not there any more need nothing. Part
    of the caller's transaction."""
    if endpoint not in CREDITS or not limits.may_send(context.connection):
        return
    # A credit that was voided or deleted holds none, whatever it shows: Xero voids none that is allocated.
    elements = [{**each, "Allocations": []} if xero_element.gone(each) else each for each in elements]
    elements = [each for each in elements if isinstance(each.get("Allocations"), list)]
    shown = read(endpoint, elements)
    known = links.below(context.connection, sorted({each.endpoint for each in shown}))
    linked = {(str(row["endpoint"]).lower(), str(row["xero_id"]).lower()) for row in known}
    found = [each for each in shown if (each.endpoint.lower(), each.xero_id) not in linked]
    pays = facts.noticed(context.connection, (each.target for each in found))
    for each in found:
        if target := pays.get(each.target):
            list_it(context, each, what="Credit taken off", about=target.name, currency=each.currency or target.currency)
    _gone(context, endpoint, elements, {each.xero_id for each in shown if each.stands})


def _gone(context: Context, endpoint: str, elements: list[Element], there: set[str]) -> None:
    """What waits and was taken back in Xero meanwhile is gone; a list that lags behind what has shown it says nothing."""
    shown = {below((endpoint, xero_element.linked_id(each, object_at(endpoint).id_field))): xero_element.updated(each) for each in elements}
    places = sorted(shown)
    filters = {"connection": context.connection, "endpoint": ("in", places), "state": ("in", OPEN)}
    for row in frappe.get_all(DOCTYPE, filters=filters, fields=["name", "xero_id", "endpoint", "remote_updated"]) if places else []:
        at = shown.get(row["endpoint"])
        if row["xero_id"] not in there and not (at and row["remote_updated"] and at < row["remote_updated"]):
            say(row["name"], GONE)


def decide_row(context: Context, row: Row, submits: bool) -> None:
    """Decide about one row, and do what was decided. Part of the caller's transaction, from incoming_rows.SAVEPOINT on."""
    allocation = allocation_of(row["record"])
    if any(str(each["xero_id"]).lower() == allocation.xero_id for each in links.below(context.connection, [allocation.endpoint])):
        frappe.db.delete(DOCTYPE, {"name": row["name"]})
        return
    (known,) = credit_facts.load(context.connection, [allocation])
    match decide(allocation, known):
        case Later():
            return
        case Nothing():
            say(row["name"], LEFT_OUT)
        case Hold(problem):
            say(row["name"], WAITING, problem)
        case Match(name):
            doctype = known.same[0] if known.same else ADVANCE
            _link(context, allocation, doctype, name)
            say(row["name"], MATCHED, reference_doctype=doctype, reference_name=name)
            entering.release(context, doctype, name)
        case Allocate(credit, invoice, amount):
            if submits:
                _allocate(context, row, allocation, credit, invoice)
            else:
                say(row["name"], WAITING, to_confirm(credit.name, invoice.name, amount, invoice.currency))


def _allocate(context: Context, row: Row, allocation: IncomingAllocation, credit: Credit, invoice: Target) -> None:
    doctype, name = ADVANCE, credit.name
    try:
        own_account = credit.account if credit.account != invoice.account else ""
        sides = (credit.doctype, credit.name), (invoice.doctype, invoice.name)
        reconcile(Reconciled(context.company, invoice.party_type, invoice.party, invoice.account, *sides, allocation.amount, own_account))
        if credit.doctype != ADVANCE:
            target = facts.targets(context.connection, [allocation.credit])[allocation.credit]
            made = credit_facts.journals(context.connection, target, invoice, allocation.amount)
            if not made:
                raise frappe.ValidationError(frappe._("No journal was made"))
            doctype, name = JOURNAL, made[0]
        _link(context, allocation, doctype, name)
    except frappe.ValidationError as error:
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.clear_messages()
        say(row["name"], WAITING, refused(_("the credit taken off {name}").format(name=invoice.name), str(error)))
        return
    say(row["name"], ENTERED, reference_doctype=doctype, reference_name=name)
    said = _("{credit} was taken off {invoice} in Xero by somebody, and here as well").format(credit=credit.name, invoice=invoice.name)
    log.write(context.connection, context.company, identity(entering.named(doctype, name)), "Linked", said)


def _link(context: Context, allocation: IncomingAllocation, doctype: str, name: str) -> None:
    """The link of an allocation: of a journal's first step, of a return's one, or of the step that the advance has just got for it."""
    who = identity(entering.named(doctype, name))
    part, number = ("journal", 1) if doctype == JOURNAL else ("allocation", _number(context, name) if doctype == ADVANCE else 1)
    links.add(
        context.connection,
        context.company,
        who,
        part,
        number,
        allocation.endpoint,
        allocation.xero_id,
        marker=json.dumps({"InvoiceID": allocation.invoice, "Amount": f"{allocation.amount:.2f}"}),
        status="AUTHORISED",
        total=allocation.amount,
        adopted=True,
    )


def _number(context: Context, name: str) -> int:
    """Of the steps of an advance that allocate, the number of the last one that is not linked; a new one where there is none."""
    steps = [
        int(each["role"].partition("-")[2] or 1)
        for each in outbox.of_documents(context.connection, ADVANCE, [name])
        if each["role"].startswith("allocation-")
    ]
    linked = [int(row["sequence"]) for row in links.whole_of_documents(context.connection, ADVANCE, [name]) if row["role"] == "allocation"]
    free = [each for each in steps if each not in linked]
    return max(free) if free else max([*steps, *linked, 0]) + 1
