"""Overpayments: money received or paid in advance, without tax."""

from __future__ import annotations

from ...accounting.texts import _
from .advance import Advance
from .base import EACH, EXACT, Kind


class Overpayment(Advance):
    """Made as a bank transaction of the type RECEIVE-OVERPAYMENT or SPEND-OVERPAYMENT."""

    endpoint, id_field, noun = "Overpayments", "OverpaymentID", _("overpayment")
    names = {"": _("Overpayment")}
    named_in_payments = "Overpayment"

    def __init__(self) -> None:
        self.made_by = Kind(self, "overpayment", "PUT", f"{EACH}&{EXACT}")
        # Never sent, only looked at: Xero's API cannot remove over- and prepayments.
        self.undone_by = Kind(self, "undo-overpayment", "POST")
