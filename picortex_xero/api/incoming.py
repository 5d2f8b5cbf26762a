"""What the form of a payment that was entered in Xero calls (Xero Incoming Record)."""

from __future__ import annotations

from typing import Any

import frappe

from ..inbound import coming_back, incoming_choice
from .arguments import asks, name, one
from .to_fix import _presses

ROW = "Xero Incoming Record"


def _may_press(incoming: str, payment: str = "") -> None:
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
