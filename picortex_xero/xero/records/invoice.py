"""Invoices: what a customer owes (ACCREC) and bills, which we owe (ACCPAY)."""

from __future__ import annotations

from typing import Any

from ...accounting.money import decimal
from .base import EACH, EXACT, Element, Kind, XeroObject
from .elements import bill_facts


class Invoice(XeroObject):
    """Found by the mark in its Url, a sales invoice also by its number; a bill's number is free."""

    endpoint, id_field, noun = "Invoices", "InvoiceID", "invoice"
    listed_by_ids = read_exactly = True
    marker_fields = ("Url", "InvoiceNumber", "Type", "ContactID", "Total")
    number_fields = ("InvoiceNumber", "Reference")
    looked_up_by = ("InvoiceNumber",)
    alike_in = ("Contact", "Total")
    has_total = True
    names = {"Sales Invoice": "Invoice", "Purchase Invoice": "Bill"}
    # Xero's page on deep links (A).
    pages = {"Sales Invoice": "AccountsReceivable/View.aspx?InvoiceID=", "Purchase Invoice": "AccountsPayable/Edit.aspx?InvoiceID="}
    # What is approved is voided, anything else (a draft) deleted.
    undone_to, undone_else = {"AUTHORISED": "VOIDED", "PAID": "VOIDED"}, "DELETED"
    named_in_payments, left_field = "Invoice", "AmountDue"
    changeable = ("Reference", "DueDate", "LineAmountTypes", "LineItems")
    takes_notes = shows_link = takes_files = True

    def __init__(self) -> None:
        query = f"{EACH}&{EXACT}"
        self.made_by = Kind(self, "invoice", "PUT", query, listing=EXACT)
        self.undone_by = Kind(self, "void-invoice", "POST", query)
        self.updated_by = Kind(self, "update-invoice", "POST", query)

    def facts(self, element: Element) -> Element:
        return bill_facts(element)

    @staticmethod
    def used(element: Element) -> bool:
        """Whether something was paid of it or taken off it: then Xero voids it no more."""
        return bool(decimal(element.get("AmountPaid")) or decimal(element.get("AmountCredited")))

    @staticmethod
    def settled_by(element: Element) -> list[Any]:
        """The ids of all that Xero shows as paying it or taken off it: batch payments, payments, credits and advances."""
        fields = (
            ("Payments", "BatchPaymentID"),
            ("Payments", "PaymentID"),
            ("CreditNotes", "CreditNoteID"),
            ("Overpayments", "OverpaymentID"),
            ("Prepayments", "PrepaymentID"),
        )
        return [each[name] for table, name in fields for each in element.get(table) or [] if each.get(name)]
