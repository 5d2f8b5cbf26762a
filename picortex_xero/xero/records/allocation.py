"""Allocations: what is taken off an invoice of a credit note, an overpayment or a prepayment. They stand below that credit."""

from __future__ import annotations

from ...accounting.texts import _
from .base import EACH, Element, Kind, XeroObject
from .elements import ids_within, money
from .payment import TARGET_IDS


class Allocation(XeroObject):
    """Nothing marks it: one is in flight per credit, and what both sides had was read just before."""

    endpoint, id_field, noun = "Allocations", "AllocationID", _("allocation")
    nested = True
    marker_fields = ("InvoiceID", "Amount")
    # Few hang on one credit: one that nobody owns and that differs in nothing is looked at.
    alike_in_one_of = ("Target", "Amount")
    unmarked = True
    # It is shown on the credit that it was taken from; it has no page of its own.
    names = {"": _("Credit applied")}
    undo_rank = 0
    removed_by = _("Delete")
    settles = True

    def __init__(self) -> None:
        self.made_by = Kind(self, "allocation", "PUT", EACH, alone=True)
        self.undone_by = Kind(self, "delete-allocation", "DELETE", alone=True, bare=True)

    def facts(self, element: Element) -> Element:
        return {"Target": ids_within(element, TARGET_IDS), "Amount": money(element.get("Amount"))}
