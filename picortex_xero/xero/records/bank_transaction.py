"""Bank transactions (Spend Money, Receive Money): money that pays no invoice, such as a fee, a journal with the bank, or one side of a
transfer between currencies."""

from __future__ import annotations

from ...accounting.texts import _
from .base import EACH, EXACT, Element, Kind, XeroObject
from .xero_element import bill_facts, named_id


def bank_facts(element: Element) -> Element:
    """The facts that bank transactions, overpayments and prepayments are compared by."""
    return {**bill_facts(element), "Account": named_id(element, "BankAccount", "AccountID")}


class BankTransaction(XeroObject):
    """Found by the mark in its Url, else by its Reference. It can be deleted while it is not reconciled."""

    endpoint, id_field, noun = "BankTransactions", "BankTransactionID", _("bank transaction")
    read_each = 6
    made_as_id = "BankTransactionID"
    marker_fields = ("Url", "Reference", "Type", "Account", "Date", "Total")
    number_fields = ("Reference",)
    alike_in = ("Account", "Total")
    has_total = True
    moves_money = True
    names = {"": _("Money spent or received")}
    # Listed in Xero's documentation ("Deep linking to Xero"); the address is the one that Xero's MCP server uses.
    pages = {"": "Bank/ViewTransaction.aspx?bankTransactionID="}
    undone_to, removed_by = {"AUTHORISED": "DELETED"}, _("Delete")
    reversed_by_hand = _(
        "In Xero, dated in the open period, enter it once more in the same bank account the other way round: money received instead of spent, or spent instead of received, with the same lines"
    )
    kept_on_undo = ("Type", "BankAccount", "LineItems")
    takes_notes = shows_link = True

    def __init__(self) -> None:
        self.made_by = Kind(self, "bank-transaction", "PUT", f"{EACH}&{EXACT}", listing=EXACT)
        self.undone_by = Kind(self, "delete-bank-transaction", "POST", EACH)

    def compared_fields(self, element: Element) -> Element:
        return bank_facts(element)
