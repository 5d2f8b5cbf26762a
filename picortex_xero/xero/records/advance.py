"""What over- and prepayments have in common: money in advance, made as a bank transaction and allocated to invoices later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...accounting.texts import _
from .bank_transaction import bank_facts
from .base import Element, XeroObject


class Advance(XeroObject):
    """Linked by its own id; that of the bank transaction it was made as is kept in the link's marker, for its page is that one's."""

    made_at, made_as_id = "BankTransactions", "BankTransactionID"
    marker_fields = ("Url", "Description", "Type", "ContactID", "Account", "Date", "Total")
    number_fields = ("Reference",)
    alike_in = ("Account", "Total")
    has_total = True
    # The page of the bank transaction that it was made as (C).
    pages = {"": "Bank/ViewTransaction.aspx?bankTransactionID="}
    removed_by = _("Delete")
    left_field = "RemainingCredit"
    is_advance = True
    # Whether it keeps its Url, and shows a link, is unproven (C).
    takes_notes = True

    def facts(self, element: Element) -> Element:
        return bank_facts(element)

    def page_id(self, xero_id: str, marker: Mapping[str, Any]) -> str:
        return str(marker.get(self.made_as_id) or "")
