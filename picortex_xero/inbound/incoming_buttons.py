"""What a person says of a payment, an advance or a credit that was entered in Xero (Xero Incoming Record), by the buttons of its row. All part of the caller's transaction, which holds the
row (api/incoming.py)."""

from __future__ import annotations

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import NONE, _
from ..documents.settlement.settlement import PAYMENT_ENTRY
from ..engine import full_names
from ..engine.wake import wake
from ..incoming import facts
from ..incoming.known import Bank
from ..incoming.words import MOVED
from . import grown_batches, people_entries
from .incoming_rows import BY_HAND, DOCTYPE, DRAFT, ENTER_HERE, LEFT_OUT, NOT_CHOSEN, OPEN, TO_DECIDE, UNWANTED, WAITING, payment_of, say


def retry(name: str) -> None:
    """Decide anew what waits or was left out; in the next run, which is told."""
    row = frappe.db.get_value(DOCTYPE, name, ["state", "connection"], as_dict=True)
    if not grown_batches.decided(name) and row["state"] in (WAITING, LEFT_OUT):
        say(name, TO_DECIDE, None, **NOT_CHOSEN)
        frappe.db.after_commit.add(lambda: wake(row["connection"]))


def enter_here(name: str) -> None:
    """A person has looked at what waits: it is entered here, whatever else is like it. In the next run, which is told."""
    row = frappe.db.get_value(DOCTYPE, name, ["state", "connection"], as_dict=True)
    if row["state"] in (WAITING, LEFT_OUT):
        say(name, TO_DECIDE, reason_code=ENTER_HERE)
        frappe.db.after_commit.add(lambda: wake(row["connection"]))


def move_here(name: str) -> None:
    """Cancel the payments here that were moved to another document in Xero, by the right of whoever presses; then decide anew."""
    row = frappe.db.get_value(DOCTYPE, name, ["state", "connection", "company", "record", "reason_code"], as_dict=True)
    if (row["state"], row["reason_code"]) != (WAITING, MOVED):
        return
    payment = payment_of(row["record"])
    bank = facts.banks(row["connection"], [payment.account])[payment.account]
    pays = facts.targets(row["connection"], (part.target for part in payment.parts))
    moved = facts.moved_from(row["connection"], row["company"], payment, bank.account, pays.values()) if isinstance(bank, Bank) else ()
    for each in moved:
        doc = frappe.get_doc(PAYMENT_ENTRY, each.name)
        # As its Cancel does, with the right of whoever presses.
        doc.docstatus = 2
        doc.save()
    retry(name)


def done_by_hand(name: str) -> None:
    """A person has done it, or does not want the draft that was made of a payment: nothing is made of it any more, and who said so stands there."""
    row = frappe.db.get_value(DOCTYPE, name, ["state", "endpoint", "reference_doctype", "reference_name"], as_dict=True)
    is_payment = row["endpoint"] not in people_entries.NO_PAYMENTS
    made = row["reference_name"] if is_payment and row["reference_doctype"] == PAYMENT_ENTRY else None
    is_draft = bool(made) and frappe.db.get_value(PAYMENT_ENTRY, made, "docstatus") == 0
    if not grown_batches.decided(name) and (row["state"] in OPEN or (is_payment and row["state"] == DRAFT)):
        said = _("{user} did it by hand").format(user=full_names.mine())
        say(name, LEFT_OUT, Problem(UNWANTED if is_draft else BY_HAND, said, NONE))
