"""What the form of a payment that was entered in Xero calls (Xero Incoming Record)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import nowdate

from ..connection import tokens
from ..engine.screen_texts import html, in_words
from ..inbound import coming_back, incoming_choice, month_proposal, people_entries, people_own
from .arguments import asks, name, one
from .to_fix import _presses

ROW = "Xero Incoming Record"


def _may_press(incoming: str, payment: str = "", voucher: str = "") -> None:
    """Throws unless the user decides what goes on between these books."""
    one(ROW, incoming, "read")
    _presses()
    one("Xero Connection", str(frappe.db.get_value(ROW, incoming, "connection")), "read")


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def retry(incoming: str) -> None:
    """Decide anew what becomes of what waits, or was left out; a month is compared anew."""
    row = frappe.db.get_value(ROW, incoming, ["endpoint", "connection", "xero_id"], as_dict=True)
    if row["endpoint"] == month_proposal.ENDPOINT:
        _propose(row["connection"], row["xero_id"])
    else:
        coming_back.retry(incoming)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def done_by_hand(incoming: str) -> None:
    """A person has entered it here by hand, or it is not wanted: nothing is made of it."""
    of_people = frappe.db.get_value(ROW, incoming, "endpoint") in people_entries.ENDPOINTS
    (people_own if of_people else coming_back).done_by_hand(incoming)


@frappe.whitelist(methods=["GET"])
@asks(_may_press, incoming=name)
def alike(incoming: str) -> list[dict[str, Any]]:
    """The payments here of which one may be the one that waits; [] where nothing is to be chosen."""
    return incoming_choice.offered(incoming)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name, payment=name)
def choose(incoming: str, payment: str) -> None:
    """It is this payment here, or another one ("another")."""
    incoming_choice.choose(incoming, payment)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def enter_here(incoming: str) -> None:
    """A person has looked at it: it is entered here as it is in Xero, whatever else is like it."""
    coming_back.enter_here(incoming)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def another_one(incoming: str) -> None:
    """What waits, since it looks like what is here already or like money of what rules keep from Xero, is neither: it is entered."""
    people_entries.another_one(incoming)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name, voucher=name)
def this_one(incoming: str, voucher: str) -> None:
    """What waits, since it looks like what is here already, is this document here: both are linked, and nothing is sent."""
    people_entries.this_one(incoming, voucher)


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
    try:
        return month_proposal.propose(connection, month)
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
    coming_back.move_here(incoming)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def make_month_journal(incoming: str) -> str:
    """Make the journal of a month a draft; its name, or "" where it cannot be made."""
    return month_proposal.make_draft(incoming)
