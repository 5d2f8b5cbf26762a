"""Bank transfers: between two of the company's own bank accounts of one currency."""

from __future__ import annotations

from ...accounting.texts import _
from .base import Element, Kind, XeroObject
from .xero_element import calendar_date, money, named_id


class BankTransfer(XeroObject):
    """Found by its Reference. It cannot be changed, only deleted."""

    endpoint, id_field, noun = "BankTransfers", "BankTransferID", _("bank transfer")
    read_each = 8
    paged = False
    moves_money = True
    # Without it Xero lists no deleted ones (XeroAPI/Xero-OpenAPI#822).
    changes = "includeDeleted=true"
    marker_fields = ("Reference", "From", "To", "Amount", "Date")
    number_fields = ("Reference",)
    alike_in, alike_in_one_of = ("Amount",), ("From", "To")
    # Xero documents no page for it.
    names = {"": _("Bank transfer")}
    undone_to, removed_by = {"AUTHORISED": "DELETED"}, _("Delete")
    reversed_by_hand = _("In Xero, dated in the open period, transfer the same amount back")
    takes_notes = True

    def __init__(self) -> None:
        # One per request: PUT BankTransfers has no summarizeErrors, so a refused one would hide what became of the others.
        self.made_by = Kind(self, "bank-transfer", "PUT", alone=True)
        self.undone_by = Kind(self, "delete-transfer", "POST")

    def compared_fields(self, element: Element) -> Element:
        return {
            "From": named_id(element, "FromBankAccount", "AccountID"),
            "To": named_id(element, "ToBankAccount", "AccountID"),
            "Amount": money(element.get("Amount")),
            "Date": calendar_date(element),
        }
