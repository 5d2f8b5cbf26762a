"""What over- and prepayments have in common: money in advance, made as a bank transaction and allocated to invoices later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...accounting.texts import _
from .bank_transaction import bank_facts
from .base import Element, XeroObject


class Advance(XeroObject):
    """Linked by its own id; the id of the bank transaction it was made as is stored in the link's marker, since Xero shows it on that one's
    page."""

    made_at, made_as_id = "BankTransactions", "BankTransactionID"
    read_each = 6
    marker_fields = ("Url", "Description", "Type", "ContactID", "Account", "Date", "Total")
    number_fields = ("Reference",)
    alike_in = ("Account", "Total")
    has_total = True
    # The page of the bank transaction that it was made as; Xero does not document one of its own.
    pages = {"": "Bank/ViewTransaction.aspx?bankTransactionID="}
    removed_by = _("Delete")
    left_field = "RemainingCredit"
    is_advance = True
    moves_money = True
    # Xero does not document whether it keeps its Url and shows a link.
    takes_notes = True

    def compared_fields(self, element: Element) -> Element:
        return bank_facts(element)

    def page_id(self, xero_id: str, marker: Mapping[str, Any]) -> str:
        return str(marker.get(self.made_as_id) or "")
