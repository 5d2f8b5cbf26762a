"""What the form of a payment that was entered in Xero calls (Xero Incoming Record)."""

from __future__ import annotations

import frappe

from ..inbound import coming_back
from .arguments import asks, name, one
from .to_fix import _presses

ROW = "Xero Incoming Record"


def _may_press(name: str) -> None:
    """Throws unless the user decides what goes on between these books."""
    one(ROW, name, "read")
    _presses()
    one("Xero Connection", str(frappe.db.get_value(ROW, name, "connection")), "read")


@frappe.whitelist(methods=["POST"])
@asks(_may_press, name=name)
def retry(name: str) -> None:
    """Decide anew what becomes of a payment that waits, or was left out."""
    coming_back.retry(name)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, name=name)
def done_by_hand(name: str) -> None:
    """A person has entered the payment here by hand, or it is not wanted: nothing is made of it."""
    coming_back.done_by_hand(name)
