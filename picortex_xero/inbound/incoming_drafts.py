"""Drafts that were made of payments in Xero: one that is deleted is decided anew, one that was changed before it was submitted is a person's, one whose payment was removed
in Xero is to be deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..compat import let_pass
from ..documents.settlement.settlement import PAYMENT_ENTRY
from ..documents.step import IN_FLIGHT, PENDING
from ..engine import apply, links, outbox
from ..engine.contexts import Context
from ..incoming import advance_facts, decide_advance, edited, facts
from ..incoming.advance import IncomingAdvance
from ..incoming.payment import IncomingPayment, read
from ..incoming.voucher import voucher
from ..xero.records import xero_element
from ..xero.records.registry import object_at
from . import advances_back, batches_apart, entering, linked_rows, people_entries
from .incoming_rows import (
    ADVANCES,
    DOCTYPE,
    DRAFT,
    ENTERED,
    SAVEPOINT,
    TO_DECIDE,
    WAITING,
    Row,
    advance_of,
    decided_by_people,
    key,
    payment_of,
    refused,
    say,
)

Element = dict[str, Any]
Shown = IncomingPayment | IncomingAdvance


def shown_of(row: Row) -> Shown:
    """What a row that became a Payment Entry shows."""
    return advance_of(row["record"]) if row["endpoint"] in ADVANCES else payment_of(row["record"])


def look(context: Context) -> None:
    """What became of the drafts; a failure is logged, and the rest goes on. Commits."""
    frappe.db.commit()
    try:
        _drafts(context)
    except Exception as error:
        let_pass(error)
        frappe.db.rollback()
        frappe.log_error(title=f"Xero: what became of drafts of payments from Xero could not be looked at ({context.connection})"[:140])
    frappe.db.commit()


def _drafts(context: Context) -> None:
    """What became of drafts that were made of payments in Xero: deleted, and decided anew; or submitted, and compared with what Xero has. Part of the caller's transaction."""
    rows = decided_by_people(
        context.connection,
        PAYMENT_ENTRY,
        ["name", "record", "reference_name", "endpoint"],
        without=people_entries.NO_PAYMENTS,
        ended=(1,),
        changed=True,
    )
    names = [row["reference_name"] for row in rows]
    there = frappe.get_all(PAYMENT_ENTRY, filters={"name": ("in", names)}, fields=["name", "docstatus"]) if names else []
    states = {row["name"]: int(row["docstatus"]) for row in there}
    for row in rows:
        payment, status = shown_of(row), states.get(row["reference_name"])
        if status is None:
            if not linked_rows.settle(row, _links(context.connection, payment)):
                say(row["name"], TO_DECIDE, reference_doctype=None, reference_name=None)
        elif status == 1:
            name = str(row["reference_name"])
            steps = [each for each in outbox.of_documents(context.connection, PAYMENT_ENTRY, [name]) if each["role"] == "payment"]
            if any(each["state"] in (PENDING, *IN_FLIGHT) for each in steps):
                continue  # decided in this run; the next one compares
            say(row["name"], ENTERED)
            if linked_rows.are_gone(_links(context.connection, payment)):
                continue  # its step says that it was removed in Xero
            problem = _edited(name) if _was_changed(context, payment, name) else _paid_back(context, payment, name)
            entering.agrees(context, name)
            if not problem:
                entering.release_of(context, str(frappe.db.get_value(PAYMENT_ENTRY, name, "party") or ""))
            for step in steps:
                if problem:
                    apply.raise_problem(step["name"], problem)


def _paid_back(context: Context, payment: Shown, name: str) -> Problem | None:
    """A refund that was submitted pays back its advance; why it does not, in ERPNext's words."""
    if isinstance(payment, IncomingAdvance):
        return None
    pays = facts.targets(context.connection, (part.target for part in payment.parts))
    back = next((each for each in pays.values() if each.doctype == PAYMENT_ENTRY), None)
    if back is None:
        return None
    frappe.db.savepoint(SAVEPOINT)
    try:
        advances_back.pays_back(context, frappe.get_doc(PAYMENT_ENTRY, name), back)
    except frappe.ValidationError as error:
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.clear_messages()
        return refused(_("the refund of {name}").format(name=back.name), str(error))
    return None


def _links(connection: str, payment: Shown) -> list[Row]:
    return [each for each in links.by_records(connection, [payment.xero_id]) if each["endpoint"] == payment.endpoint]


def _was_changed(context: Context, payment: Shown, name: str) -> bool:
    """Whether a draft was changed before it was submitted: it is another payment than the one in Xero, then. What it is compared with is what would be made of it now."""
    doc = frappe.get_doc(PAYMENT_ENTRY, name).as_dict()
    base = context.mapping.base_currency
    if isinstance(payment, IncomingAdvance):
        (party,) = advance_facts.load(context.connection, context.company, base, [payment])
        # Which of several it is, a person has chosen; without any, the contact is linked with nobody here any more.
        mine = (str(doc["party_type"]), str(doc["party"]))
        if isinstance(party.bank, Problem) or not party.parties:
            return bool(str(doc["posting_date"]) != payment.date or doc["references"])
        wanted = decide_advance.voucher(payment, replace(party, parties=(mine,) if mine in party.parties else party.parties), party.bank)
        return edited.is_another(doc, wanted, "")
    (known,) = facts.load(context.connection, context.company, base, [payment])
    settled = [known.targets.get(part.target) for part in payment.parts]
    there = [each for each in settled if each and not each.deleted]
    if isinstance(known.bank, Problem) or len(there) != len(settled):
        # A mapping or a document that it was made of is gone since.
        return bool(str(doc["posting_date"]) != payment.date)
    return edited.is_another(doc, voucher(payment, there, known.bank, known), known.exchange_account, there[0].converted)


def _edited(name: str) -> Problem:
    return Problem(
        "edited-draft",
        _("{name} came from Xero as a draft and was changed before it was submitted: Xero has another payment").format(name=name),
        _(
            "See who is right: cancel {name} here and enter it as it is in Xero, or change the payment in Xero; then press Done by Hand"
        ).format(name=name),
    )


def removed(context: Context, elements: Sequence[Element]) -> None:
    """A payment that is a draft here was removed in Xero: somebody deletes the draft. (What was submitted has a step, and waits under it: judge.py.) Part of the
    caller's transaction."""
    payments = read(each for each in elements if xero_element.gone(each))
    _removed(context, [place for each in payments for place in batches_apart.records(each)])


def removed_advances(context: Context, endpoint: str, elements: Sequence[Element]) -> None:
    """The same of over- and prepayments, in the list of those."""
    of = object_at(endpoint)
    _removed(context, [(endpoint, xero_element.linked_id(each, of.id_field).lower()) for each in elements if xero_element.gone(each)])


def _removed(context: Context, records: list[tuple[str, str]]) -> None:
    for endpoint, xero_id in records:
        name = key(context.connection, endpoint, xero_id)
        row = frappe.db.get_value(DOCTYPE, name, ["state", "reference_name"], as_dict=True)
        if row and row["state"] == DRAFT:
            if frappe.db.get_value(PAYMENT_ENTRY, row["reference_name"], "docstatus"):
                # Submitted before this was read: its step tells (judge.py, documents/deciding.py).
                say(name, ENTERED)
            else:
                say(name, WAITING, linked_rows.draft_of_removed(str(row["reference_name"])))
            # Should somebody submit the draft all the same, its step finds that.
            for linked in links.by_records(context.connection, [xero_id]):
                links.seen(linked["name"], remote_status="DELETED")
