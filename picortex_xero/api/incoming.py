"""What the form of a payment that was entered in Xero calls (Xero Incoming Record)."""

from __future__ import annotations

import frappe

from ..inbound import coming_back, people_entries
from .arguments import asks, name, one
from .to_fix import _presses

ROW = "Xero Incoming Record"


def _may_press(incoming: str) -> None:
    """Throws unless the user decides what goes on between these books."""
    one(ROW, incoming, "read")
    _presses()
    one("Xero Connection", str(frappe.db.get_value(ROW, incoming, "connection")), "read")


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def retry(incoming: str) -> None:
    """Decide anew what becomes of a payment that waits, or was left out."""
    coming_back.retry(incoming)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def done_by_hand(incoming: str) -> None:
    """A person has entered the payment here by hand, or it is not wanted: nothing is made of it."""
    coming_back.done_by_hand(incoming)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, incoming=name)
def another_one(incoming: str) -> None:
    """What waits, since it looks like what is here already or like money of what rules keep from Xero, is neither: it is entered."""
    people_entries.another_one(incoming)
