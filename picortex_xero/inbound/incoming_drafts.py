"""Drafts that were made of payments in Xero: one that is deleted is decided anew, one that was changed before it was submitted is a person's, one whose payment was removed
in Xero is to be deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..accounting.texts import _
from ..compat import let_pass
from ..documents.settlement.settlement import PAYMENT_ENTRY
from ..documents.step import IN_FLIGHT, PENDING
from ..engine import apply, links, outbox
from ..engine.contexts import Context
from ..incoming import facts
from ..incoming.decide import Bank
from ..incoming.payment import IncomingPayment, read
from ..xero.records import xero_element
from . import people_entries
from .incoming_rows import DOCTYPE, DRAFT, ENTERED, MOST, TO_DECIDE, WAITING, key, payment_of, say

Element = dict[str, Any]


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
    rows = frappe.get_all(
        DOCTYPE,
        filters={"connection": context.connection, "state": DRAFT, "endpoint": ("not in", people_entries.NO_PAYMENTS)},
        fields=["name", "record", "reference_name"],
        order_by="name asc",
        limit=MOST,
    )
    names = [row["reference_name"] for row in rows]
    there = frappe.get_all(PAYMENT_ENTRY, filters={"name": ("in", names)}, fields=["name", "docstatus"]) if names else []
    states = {row["name"]: int(row["docstatus"]) for row in there}
    for row in rows:
        payment, status = payment_of(row["record"]), states.get(row["reference_name"])
        if status is None:
            _unlink(context.connection, payment)
            say(row["name"], TO_DECIDE, reference_doctype=None, reference_name=None)
        elif status == 1:
            name = str(row["reference_name"])
            steps = [each for each in outbox.of_documents(context.connection, PAYMENT_ENTRY, [name]) if each["role"] == "payment"]
            if any(each["state"] in (PENDING, *IN_FLIGHT) for each in steps):
                continue  # decided in this run; the next one compares
            say(row["name"], ENTERED)
            if _was_changed(context, payment, name):
                for step in steps:
                    apply.raise_problem(step["name"], _edited(name))


def _unlink(connection: str, payment: IncomingPayment) -> None:
    for linked in links.by_records(connection, [payment.xero_id]):
        if linked["endpoint"] == payment.endpoint:
            links.forget(linked["name"])


def _was_changed(context: Context, payment: IncomingPayment, name: str) -> bool:
    """Whether a draft was changed before it was submitted: it is another payment than the one in Xero, then."""
    pays = facts.targets(context.connection, (part.target for part in payment.parts))
    bank = facts.banks(context.connection, [payment.account])[payment.account]
    wanted_rows = {(pays[part.target].doctype, pays[part.target].name, part.amount) for part in payment.parts if part.target in pays}
    doc = frappe.get_doc(PAYMENT_ENTRY, name)
    made = {(row.reference_doctype, row.reference_name, abs(decimal(row.allocated_amount))) for row in doc.references}
    ours = doc.paid_to if payment.comes_in else doc.paid_from
    money = decimal(doc.paid_amount if payment.comes_in else doc.received_amount)
    other_bank = isinstance(bank, Bank) and bank.account != ours
    return made != wanted_rows or money != payment.amount or other_bank


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
    for payment in read(each for each in elements if xero_element.gone(each)):
        name = key(context.connection, payment)
        row = frappe.db.get_value(DOCTYPE, name, ["state", "reference_name"], as_dict=True)
        if row and row["state"] == DRAFT:
            say(name, WAITING, _draft_of_removed(str(row["reference_name"])))
            # Should somebody submit the draft all the same, its step finds that.
            for linked in links.by_records(context.connection, [payment.xero_id]):
                links.seen(linked["name"], remote_status="DELETED")


def _draft_of_removed(name: str) -> Problem:
    return Problem(
        "removed-draft",
        _("The payment was removed in Xero, and {name} is a draft of it here").format(name=name),
        _("Delete {name}; then press Retry").format(name=name),
        held=True,
    )
