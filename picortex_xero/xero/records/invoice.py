"""Invoices to customers (ACCREC) and bills from suppliers (ACCPAY)."""

from __future__ import annotations

from urllib.parse import quote

from ...accounting.money import decimal
from ...accounting.texts import _
from .base import EACH, EXACT, Element, Kind, XeroObject
from .xero_element import bill_facts, money


class Invoice(XeroObject):
    """Found by the mark in its Url; a sales invoice also by its number, since a bill's number may be anything."""

    endpoint, id_field, noun = "Invoices", "InvoiceID", _("invoice")
    read_each = 1
    approved = True
    listed_by_ids = read_exactly = True
    marker_fields = ("Url", "InvoiceNumber", "Type", "ContactID", "Total")
    number_fields = ("InvoiceNumber", "Reference")
    looked_up_by = ("InvoiceNumber",)
    alike_in = ("Contact", "Total")
    has_total = True
    names = {"Sales Invoice": _("Invoice"), "Purchase Invoice": _("Bill")}
    # Xero's documentation, "Deep linking to Xero".
    pages = {"Sales Invoice": "AccountsReceivable/View.aspx?InvoiceID=", "Purchase Invoice": "AccountsPayable/Edit.aspx?InvoiceID="}
    # An approved one is voided, any other (a draft) deleted.
    undone_to, undone_else = {"AUTHORISED": "VOIDED", "PAID": "VOIDED"}, "DELETED"
    reversed_by_hand = _("In Xero, dated in the open period, enter a credit note with the same lines and take it off the invoice or bill")
    named_in_payments, left_field = "Invoice", "AmountDue"
    changeable = ("Reference", "DueDate", "LineAmountTypes", "LineItems")
    takes_notes = shows_link = takes_files = True

    def __init__(self) -> None:
        query = f"{EACH}&{EXACT}"
        self.made_by = Kind(self, "invoice", "PUT", query, listing=EXACT)
        self.undone_by = Kind(self, "void-invoice", "POST", query)
        self.updated_by = Kind(self, "update-invoice", "POST", query)

    def compared_fields(self, element: Element) -> Element:
        return bill_facts(element)

    def numbered(self, *numbers: str) -> str:
        if any("," in number for number in numbers):
            # A comma separates two numbers there.
            return super().numbered(*numbers)
        return f"InvoiceNumbers={','.join(quote(number, safe='') for number in numbers)}"

    def together(self, number: str, other: str) -> bool:
        return "," not in number + other

    @staticmethod
    def used(element: Element) -> bool:
        """Whether something was paid of it or credited to it; Xero then no longer voids it."""
        return bool(decimal(element.get("AmountPaid")) or decimal(element.get("AmountCredited")))

    @staticmethod
    def paid_by(element: Element) -> list[list[str]]:
        """[id, amount] of everything that pays it or is credited to it, or of what uses a credit note; a payment inside a batch is known by the
        batch."""
        fields = (
            ("Payments", ("BatchPaymentID", "PaymentID"), "Amount"),
            ("CreditNotes", ("CreditNoteID",), "AppliedAmount"),
            ("Overpayments", ("OverpaymentID",), "AppliedAmount"),
            ("Prepayments", ("PrepaymentID",), "AppliedAmount"),
        )
        found = []
        for table, names, amount in fields:
            for row in element.get(table) or []:
                known = next((row[name] for name in names if row.get(name)), "") if isinstance(row, dict) else ""
                if known and (worth := money(row.get(amount))):
                    found.append([str(known), worth])
        return found

    @staticmethod
    def settled_by(element: Element) -> list[tuple[str, str]]:
        """(endpoint, id) of everything that Xero shows as paying it or credited to it: batch payments, payments, credit notes and advances.
        Refunds of a credit note are shown in the same way."""
        fields = (
            ("Payments", "BatchPayments", "BatchPaymentID"),
            ("Payments", "Payments", "PaymentID"),
            ("CreditNotes", "CreditNotes", "CreditNoteID"),
            ("Overpayments", "Overpayments", "OverpaymentID"),
            ("Prepayments", "Prepayments", "PrepaymentID"),
        )
        rows = {table: [each for each in element.get(table) or [] if isinstance(each, dict)] for table, _, _ in fields}
        return [(endpoint, str(each[name])) for table, endpoint, name in fields for each in rows[table] if each.get(name)]
