"""Prepayments: money received or paid in advance, with tax on it."""

from __future__ import annotations

from ...accounting.texts import _
from .advance import Advance
from .base import EACH, EXACT, Kind


class Prepayment(Advance):
    """Made as a bank transaction of the type RECEIVE-PREPAYMENT or SPEND-PREPAYMENT."""

    endpoint, id_field, noun = "Prepayments", "PrepaymentID", _("prepayment")
    names = {"": _("Prepayment")}
    named_in_payments = "Prepayment"

    def __init__(self) -> None:
        self.made_by = Kind(self, "prepayment", "PUT", f"{EACH}&{EXACT}")
        # Never sent, only looked at, as for overpayments.
        self.undone_by = Kind(self, "undo-prepayment", "POST")
