"""Allocations: what of a credit note, an overpayment or a prepayment is used for an invoice. Xero keeps them below that credit."""

from __future__ import annotations

from ...accounting.texts import _
from .base import EACH, Element, Kind, XeroObject
from .payment import TARGET_IDS
from .xero_element import ids_within, money


class Allocation(XeroObject):
    """Has no field by which to mark it: only one per credit is in flight, and what invoice and credit had left was read just before."""

    endpoint, id_field, noun = "Allocations", "AllocationID", _("allocation")
    nested = True
    marker_fields = ("InvoiceID", "Amount")
    # A credit has few: one that is linked to no document and differs in nothing is shown to a person.
    alike_in_one_of = ("Target", "Amount")
    unmarked = True
    # Xero shows it on the credit's page; it has no page of its own.
    names = {"": _("Credit applied")}
    undo_rank = 0
    removed_by = _("Delete")
    settles = True

    def __init__(self) -> None:
        self.made_by = Kind(self, "allocation", "PUT", EACH, alone=True)
        self.undone_by = Kind(self, "delete-allocation", "DELETE", alone=True, bare=True)

    def compared_fields(self, element: Element) -> Element:
        return {"Target": ids_within(element, TARGET_IDS), "Amount": money(element.get("Amount"))}
