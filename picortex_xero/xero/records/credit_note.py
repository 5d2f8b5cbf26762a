"""Credit notes: returns of customers (ACCRECCREDIT) and to suppliers (ACCPAYCREDIT), discounts and what is written off."""

from __future__ import annotations

from ...accounting.money import decimal
from ...accounting.texts import _
from .base import EACH, EXACT, Element, Kind, XeroObject
from .elements import bill_facts


class CreditNote(XeroObject):
    """Found by its number: it has neither a Url nor, towards a supplier, a Reference."""

    endpoint, id_field, noun = "CreditNotes", "CreditNoteID", _("credit note")
    read_exactly = True
    marker_fields = ("CreditNoteNumber", "Type", "ContactID", "Total")
    number_fields = ("CreditNoteNumber", "Reference")
    looked_up_by = ("CreditNoteNumber",)
    alike_in = ("Contact", "Total")
    has_total = True
    names = {"Sales Invoice": _("Credit note"), "Purchase Invoice": _("Supplier credit note")}
    # Xero's page on deep links (A); its example is a supplier's, the customer's page is used by several apps (B).
    pages = {
        "Sales Invoice": "AccountsReceivable/ViewCreditNote.aspx?creditNoteID=",
        "Purchase Invoice": "AccountsPayable/ViewCreditNote.aspx?creditNoteID=",
    }
    # As invoices.
    undone_to, undone_else = {"AUTHORISED": "VOIDED", "PAID": "VOIDED"}, "DELETED"
    named_in_payments, left_field = "CreditNote", "RemainingCredit"
    changeable = ("Reference", "DueDate", "LineAmountTypes", "LineItems")
    takes_notes = takes_files = True

    def __init__(self) -> None:
        query = f"{EACH}&{EXACT}"
        self.made_by = Kind(self, "credit-note", "PUT", query, listing=EXACT)
        self.undone_by = Kind(self, "void-credit-note", "POST", query)
        self.updated_by = Kind(self, "update-credit-note", "POST", query)

    def facts(self, element: Element) -> Element:
        return bill_facts(element)

    @staticmethod
    def used(element: Element) -> bool:
        """Whether some of it was allocated or paid back: then Xero voids it no more."""
        return decimal(element.get("Total")) != decimal(element.get("RemainingCredit"))
