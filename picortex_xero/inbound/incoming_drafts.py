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
from ..incoming.advance import IncomingAdvance
from ..incoming.known import Bank
from ..incoming.payment import IncomingPayment, read
from ..incoming.voucher import allocated
from ..xero.records import xero_element
from ..xero.records.registry import object_at
from . import advances_back, entering, people_entries
from .incoming_rows import ADVANCES, DOCTYPE, DRAFT, ENTERED, MOST, TO_DECIDE, WAITING, Row, advance_of, key, payment_of, say

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
    rows = frappe.get_all(
        DOCTYPE,
        filters={"connection": context.connection, "state": DRAFT, "endpoint": ("not in", people_entries.NO_PAYMENTS)},
        fields=["name", "record", "reference_name", "endpoint"],
        order_by="name asc",
        limit=MOST,
    )
    names = [row["reference_name"] for row in rows]
    there = frappe.get_all(PAYMENT_ENTRY, filters={"name": ("in", names)}, fields=["name", "docstatus"]) if names else []
    states = {row["name"]: int(row["docstatus"]) for row in there}
    for row in rows:
        payment, status = shown_of(row), states.get(row["reference_name"])
        if status is None:
            _unlink(context.connection, payment)
            say(row["name"], TO_DECIDE, reference_doctype=None, reference_name=None)
        elif status == 1:
            name = str(row["reference_name"])
            steps = [each for each in outbox.of_documents(context.connection, PAYMENT_ENTRY, [name]) if each["role"] == "payment"]
            if any(each["state"] in (PENDING, *IN_FLIGHT) for each in steps):
                continue  # decided in this run; the next one compares
            say(row["name"], ENTERED)
            problem = _edited(name) if _was_changed(context, payment, name) else _paid_back(context, payment, name)
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
    frappe.db.savepoint(entering.SAVEPOINT)
    try:
        advances_back.pays_back(context, frappe.get_doc(PAYMENT_ENTRY, name), back)
    except frappe.ValidationError as error:
        frappe.db.rollback(save_point=entering.SAVEPOINT)
        frappe.clear_messages()
        return entering.refused_here(back.name, str(error))
    return None


def _unlink(connection: str, payment: Shown) -> None:
    for linked in links.by_records(connection, [payment.xero_id]):
        if linked["endpoint"] == payment.endpoint:
            links.forget(linked["name"])


def _was_changed(context: Context, payment: Shown, name: str) -> bool:
    """Whether a draft was changed before it was submitted: it is another payment than the one in Xero, then."""
    if isinstance(payment, IncomingAdvance):
        return _advance_changed(context, payment, frappe.get_doc(PAYMENT_ENTRY, name))
    pays = facts.targets(context.connection, (part.target for part in payment.parts))
    bank = facts.banks(context.connection, [payment.account])[payment.account]
    settled = [(pays[part.target], part.amount) for part in payment.parts if part.target in pays]
    wanted_rows = {(each.doctype, each.name, abs(allocated(each, paid))) for each, paid in settled if each.doctype != PAYMENT_ENTRY}
    doc = frappe.get_doc(PAYMENT_ENTRY, name)
    made = {(row.reference_doctype, row.reference_name, abs(decimal(row.allocated_amount))) for row in doc.references}
    ours = doc.paid_to if payment.comes_in else doc.paid_from
    money = decimal(doc.paid_amount if payment.comes_in else doc.received_amount)
    other_bank = isinstance(bank, Bank) and bank.account != ours
    at_bank = decimal(doc.received_amount if payment.comes_in else doc.paid_amount)
    # Of documents whose party is kept in company currency, what the bank moved tells.
    other_money = money != payment.amount if not any(each.converted for each, _paid in settled) else at_bank != payment.bank_amount
    return made != wanted_rows or other_money or other_bank


def _advance_changed(context: Context, advance: IncomingAdvance, doc: Any) -> bool:
    """An advance settles nothing when it is entered: what it is taken for is said after it was submitted, as in Xero."""
    bank = facts.banks(context.connection, [advance.account])[advance.account]
    ours = doc.paid_to if advance.comes_in else doc.paid_from
    money = decimal(doc.paid_amount if advance.comes_in else doc.received_amount)
    return bool(doc.references) or money != advance.amount or (isinstance(bank, Bank) and bank.account != ours)


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
    _removed(context, [(each.endpoint, each.xero_id) for each in payments])


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
                # Submitted before this was read: its step tells (judge.py).
                say(name, ENTERED)
            else:
                say(name, WAITING, _draft_of_removed(str(row["reference_name"])))
            # Should somebody submit the draft all the same, its step finds that.
            for linked in links.by_records(context.connection, [xero_id]):
                links.seen(linked["name"], remote_status="DELETED")


def _draft_of_removed(name: str) -> Problem:
    return Problem(
        "removed-draft",
        _("The payment was removed in Xero, and {name} is a draft of it here").format(name=name),
        _("Delete {name}; then press Retry").format(name=name),
        held=True,
    )
