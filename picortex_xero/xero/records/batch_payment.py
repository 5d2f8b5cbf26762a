"""Batch payments: one bank movement that pays several invoices."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal
from ...accounting.texts import _
from .base import EACH, Element, Kind, XeroObject
from .xero_element import batch_members, calendar_date, named_id


class BatchPayment(XeroObject):
    """Found by what it pays: no other record can pay the same amounts of the same invoices."""

    endpoint, id_field, noun = "BatchPayments", "BatchPaymentID", _("batch payment")
    read_each = 4
    paged = False
    marker_fields = ("Reference", "Account", "Date", "Members")
    number_fields = ("Reference",)
    alike_in, alike_in_one_of = ("Date",), ("Account",)
    # Xero documents no page for it.
    names = {"": _("Batch payment")}
    undo_rank = 1
    undone_else, removed_by = "DELETED", _("Delete")
    settles = True
    moves_money = True
    takes_notes = True

    def __init__(self) -> None:
        self.made_by = Kind(self, "batch-payment", "PUT", EACH)
        self.undone_by = Kind(self, "delete-batch-payment", "POST", alone=True, bare=True)

    def settled(self, marker: Mapping[str, Any]) -> list[str]:
        """Each invoice that it pays."""
        return list(dict.fromkeys(str(xero_id) for xero_id, _amount in marker.get("Members") or []))

    def amount_on(self, xero_id: str, marker: Mapping[str, Any]) -> Decimal:
        """The sum of its payments of one invoice."""
        return sum((decimal(amount) for member, amount in marker["Members"] if member == xero_id), ZERO)

    def compared_fields(self, element: Element) -> Element:
        return {
            "Members": batch_members(element),
            "Account": named_id(element, "Account", "AccountID"),
            "Date": calendar_date(element),
        }
