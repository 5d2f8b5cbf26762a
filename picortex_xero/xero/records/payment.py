"""Payments of one invoice, and refunds of one credit note, overpayment or prepayment."""

from __future__ import annotations

from ...accounting.texts import _
from .base import EACH, Element, Kind, XeroObject
from .credit_note import CreditNote
from .invoice import Invoice
from .overpayment import Overpayment
from .prepayment import Prepayment
from .xero_element import calendar_date, ids_within, money, named_id

# The id fields of what a payment or an allocation can be for. GET shows the credit note of a refund as its invoice.
TARGET_IDS = tuple(each.id_field for each in (Invoice, CreditNote, Overpayment, Prepayment))


class Payment(XeroObject):
    """Found by its Reference: the document's name and "/n". It is deleted, never voided, and cannot be changed."""

    endpoint, id_field, noun = "Payments", "PaymentID", _("payment")
    read_each = 4
    marker_fields = ("Reference", "InvoiceID", "CreditID", "Amount")
    number_fields = ("Reference",)
    alike_in, alike_in_one_of = ("Amount",), ("Target", "Account")
    names = {"": _("Payment")}
    # Listed in Xero's documentation ("Deep linking to Xero"); the address is the one that Xero's MCP server uses.
    pages = {"": "Bank/ViewTransaction.aspx?bankTransactionID="}
    undo_rank = 1
    undone_else, removed_by = "DELETED", _("Delete")
    settles = True
    moves_money = True
    takes_notes = True

    def __init__(self) -> None:
        self.made_by = Kind(self, "payment", "PUT", EACH)
        self.undone_by = Kind(self, "delete-payment", "POST", alone=True, bare=True)

    def compared_fields(self, element: Element) -> Element:
        return {
            "Target": ids_within(element, TARGET_IDS),
            "Amount": money(element.get("Amount")),
            "Account": named_id(element, "Account", "AccountID"),
            "Date": calendar_date(element),
        }
