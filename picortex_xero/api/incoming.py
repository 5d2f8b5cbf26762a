"""What the form of a payment that was entered in Xero calls (Xero Incoming Record)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.utils import nowdate

from ..connection import tokens
from ..engine.screen_texts import html, in_words
from ..inbound import incoming_buttons, incoming_choice, month_proposal, people_entries, people_own
from ..inbound import this_one as people_this_one
from ..inbound.incoming_choice import ANOTHER
from ..inbound.incoming_rows import WAITING
from .arguments import asks, day_or_nothing, name, one
from .to_fix import _presses

ROW, PAYMENT_ENTRY, JOURNAL_ENTRY = "Xero Incoming Record", "Payment Entry", "Journal Entry"


# Why a row waits that may be entered here although something is like it, or ERPNext has no draft of it; its form shows the button for these.
ENTERS = ("credit-to-confirm", "moved-in-xero", "to-be-entered-here", "advance-perhaps-here")


def _may_press(incoming: str, payment: str = "", voucher: str = "", **_more: Any) -> None:
    """Throws unless the user decides what goes on between these books, and may read what was made of the record here and the payment that is chosen."""
    one(ROW, incoming, "read")
    _presses()
    row = frappe.db.get_value(ROW, incoming, ["connection", "reference_doctype", "reference_name"], as_dict=True)
    one("Xero Connection", str(row["connection"]), "read")
    if row["reference_name"] and frappe.db.exists(row["reference_doctype"], row["reference_name"]):
        one(row["reference_doctype"], row["reference_name"], "read")
    if payment and payment != ANOTHER:
        frappe.has_permission(PAYMENT_ENTRY, "read", throw=True)
        for doctype in (PAYMENT_ENTRY, JOURNAL_ENTRY):
            if frappe.db.exists(doctype, payment):
                one(doctype, payment, "read")


def _held(incoming: str) -> None:
    """Nobody else decides about a row until this request ends: a run that is at it is waited for, and what it has written is what is read from now on (without the rollback, which undoes
    nothing, reads would show what was when the request began)."""
    frappe.db.rollback()
    frappe.db.get_value(ROW, incoming, "state", for_update=True)


def _decides(incoming: str, act: Callable[[str], None]) -> None:
    """Throws where nothing came of what somebody has pressed: the row has moved on."""
    _held(incoming)
    told = ["state", "reason_code", "chosen", "record", "reference_name"]
    before = frappe.db.get_value(ROW, incoming, told)
    act(incoming)
    if frappe.db.get_value(ROW, incoming, told) == before:
        frappe.throw(_("It has moved on meanwhile: load it anew"))


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def retry(incoming: str) -> None:
    """Decide anew what becomes of what waits, or was left out; a month is compared anew. Throws where there is nothing to decide."""
    row = frappe.db.get_value(ROW, incoming, ["endpoint", "connection", "xero_id"], as_dict=True)
    if row["endpoint"] == month_proposal.ENDPOINT:
        _propose(row["connection"], row["xero_id"])
    else:
        _decides(incoming, incoming_buttons.retry)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def done_by_hand(incoming: str) -> None:
    """A person has entered it here by hand, or it is not wanted: nothing is made of it. Throws where that is decided already."""
    of_people = frappe.db.get_value(ROW, incoming, "endpoint") in people_entries.ENDPOINTS
    _decides(incoming, people_own.done_by_hand if of_people else incoming_buttons.done_by_hand)


@frappe.whitelist(methods=["GET"])
@asks(_may_press, incoming=name)
def alike(incoming: str) -> list[dict[str, Any]]:
    """The payments here of which one may be the one that waits, as far as the user may read them; [] where nothing is to be chosen."""
    return [each for each in incoming_choice.offered(incoming) if frappe.has_permission(each["doctype"], "read", doc=each["name"])]


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name, payment=name)
def choose(incoming: str, payment: str) -> None:
    """It is this payment here, or another one ("another")."""
    _held(incoming)
    incoming_choice.choose(incoming, payment)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def enter_here(incoming: str) -> None:
    """A person has looked at it: it is entered here as it is in Xero, whatever else is like it. Throws where it waits for something else (ENTERS)."""
    _held(incoming)
    row = frappe.db.get_value(ROW, incoming, ["state", "reason_code"], as_dict=True)
    if row["state"] != WAITING or row["reason_code"] not in ENTERS:
        frappe.throw(_("It cannot be entered here as it is: see why it waits, and load it anew"))
    _decides(incoming, incoming_buttons.enter_here)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def another_one(incoming: str) -> None:
    """What waits, since it looks like what is here already or like money of what rules keep from Xero, is neither: it is entered."""
    _decides(incoming, people_entries.another_one)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name, voucher=name, agreed=day_or_nothing)
def this_one(incoming: str, voucher: str, agreed: str = "") -> None:
    """What waits, since it looks like what is here already, is this document here: both are linked, and nothing is sent. `agreed`: its day here, where Xero has another one."""
    _held(incoming)
    people_this_one.this_one(incoming, voucher, agreed)


@frappe.whitelist(methods=["GET"])
@asks(_may_press, incoming=name)
def here_already(incoming: str) -> list[dict[str, Any]]:
    """The documents here that look like what waits, each with its day and why it cannot be it, as far as the user may read them."""
    return [each for each in people_this_one.offered(incoming) if frappe.has_permission(each["doctype"], "read", doc=each["name"])]


def _may_propose(connection: str, **_arguments: Any) -> None:
    """Throws unless the user decides what goes on between these books."""
    one("Xero Connection", connection, "read")
    _presses()


def _month(label: str, value: Any) -> str:
    """A month that is over (yyyy-mm)."""
    try:
        _before, _first, last = month_proposal.days(str(value))
    except ValueError:
        last = ""
    if not last or len(str(value)) != len("2026-01"):
        frappe.throw(_("{0} must be a month, such as 2026-10").format(html(label)))
    if last >= nowdate():
        frappe.throw(_("Choose a month that is over"))
    return str(value)


def _propose(connection: str, month: str) -> str:
    return _in_words(partial(month_proposal.propose, connection, month))


def _in_words(compares: Callable[[], str]) -> str:
    """What compares a month; throws in words where Xero cannot be asked."""
    try:
        return compares()
    except month_proposal.Refused as refused:
        frappe.throw(html(f"{in_words(refused.why)}. {in_words(refused.cure)}"))
    except tokens.Trouble:
        frappe.throw(_("Xero cannot be asked now; the Xero Connection says why"))


@frappe.whitelist(methods=["POST"])
@asks(_may_propose, connection=name, month=_month)
def propose_month(connection: str, month: str) -> str:
    """Compare a month on both sides by Xero's trial balance, and offer what Xero has booked itself as one journal; the name of its row."""
    return _propose(connection, month)


@frappe.whitelist(methods=["GET"])
@asks(_may_press, incoming=name)
def month_table(incoming: str) -> list[dict[str, str]]:
    """The accounts of a month that differ."""
    return month_proposal.table(incoming)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def move_here(incoming: str) -> None:
    """A payment was moved to another document in Xero: the one here that pays the former document is cancelled by whoever presses, and it is entered anew."""
    _decides(incoming, incoming_buttons.move_here)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def make_month_journal(incoming: str) -> str:
    """Compare a month anew and make its journal a draft; its name, or "" where it cannot be made or its figures have changed, which the row shows then."""
    made = _in_words(partial(month_proposal.make_draft, incoming))
    if not made:
        frappe.msgprint(_("No journal was made: the month was compared anew. Look at the table and at the reason, then press again"))
    return made
