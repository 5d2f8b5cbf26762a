"""Credit notes: returns from customers (ACCRECCREDIT) and to suppliers (ACCPAYCREDIT), discounts and write-offs."""

from __future__ import annotations

from ...accounting.money import decimal
from ...accounting.texts import _
from .base import EACH, EXACT, Element, Kind, XeroObject
from .xero_element import bill_facts


class CreditNote(XeroObject):
    """Found by its number: it has no Url, and one from a supplier has no Reference."""

    endpoint, id_field, noun = "CreditNotes", "CreditNoteID", _("credit note")
    read_each = 1
    approved = True
    read_exactly = True
    marker_fields = ("CreditNoteNumber", "Type", "ContactID", "Total")
    number_fields = ("CreditNoteNumber", "Reference")
    looked_up_by = ("CreditNoteNumber",)
    alike_in = ("Contact", "Total")
    has_total = True
    names = {"Sales Invoice": _("Credit note"), "Purchase Invoice": _("Supplier credit note")}
    # Xero's documentation ("Deep linking to Xero") has the supplier's page; other public apps use the customer's.
    pages = {
        "Sales Invoice": "AccountsReceivable/ViewCreditNote.aspx?creditNoteID=",
        "Purchase Invoice": "AccountsPayable/ViewCreditNote.aspx?creditNoteID=",
    }
    # As for invoices.
    undone_to, undone_else = {"AUTHORISED": "VOIDED", "PAID": "VOIDED"}, "DELETED"
    reversed_by_hand = _(
        "In Xero, dated in the open period, enter an invoice (for a supplier's credit note a bill) with the same lines for the same contact, and take the credit off it"
    )
    named_in_payments, left_field = "CreditNote", "RemainingCredit"
    changeable = ("Reference", "DueDate", "LineAmountTypes", "LineItems")
    takes_notes = takes_files = True

    def __init__(self) -> None:
        query = f"{EACH}&{EXACT}"
        self.made_by = Kind(self, "credit-note", "PUT", query, listing=EXACT)
        self.undone_by = Kind(self, "void-credit-note", "POST", query)
        self.updated_by = Kind(self, "update-credit-note", "POST", query)

    def compared_fields(self, element: Element) -> Element:
        return bill_facts(element)

    @staticmethod
    def used(element: Element) -> bool:
        """Whether some of it was allocated or refunded; Xero then no longer voids it."""
        return decimal(element.get("Total")) != decimal(element.get("RemainingCredit"))
