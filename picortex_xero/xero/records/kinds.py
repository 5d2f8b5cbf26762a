"""The table of step kinds: where each is sent, how many share a request, and how it is found again.

`endpoint` is also the array's name in bodies and answers, `id_field` the element's id. `alone` kinds go one to a request, addressed by
the id in their path; the body of a `bare` one is the element itself. One that `revises` changes a record that is linked already. `nested` ones live below another record, whose path the work gives.
`listing` is the query that lists the endpoint's records for a probe by If-Modified-Since. `linked_as` is the endpoint that `id_field`
belongs to, where it is not the one the record is made at.

What is `extra` is added to a record that is there already, a note or a file: it gets no link and is never undone, goes only while
nothing else is due, and where it fails it is Skipped with the reason, for it is no part of the books. The body of a `raw` one is a file's
own bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...accounting.money import decimal

BATCH_LIMIT = 50


@dataclass(frozen=True)
class Kind:
    """How one kind of step talks to Xero."""

    name: str
    endpoint: str
    id_field: str
    method: str
    query: str = ""
    alone: bool = False
    undo: bool = False
    bare: bool = False
    revises: bool = False
    nested: bool = False
    paged: bool = True
    listing: str = ""
    linked_as: str = ""
    extra: bool = False
    raw: bool = False

    @property
    def home(self) -> str:
        """The endpoint that links name."""
        return self.linked_as or self.endpoint

    def path(self, xero_id: str = "") -> str:
        """Path and query below /api.xro/2.0/."""
        return self.endpoint + (f"/{xero_id}" if self.alone and xero_id else "") + (f"?{self.query}" if self.query else "")

    def body(self, elements: list[dict[str, Any]]) -> dict[str, Any]:
        """The request body around the elements of one batch."""
        return elements[0] if self.bare else {self.endpoint: elements}


EACH = "summarizeErrors=false"
KINDS = {
    kind.name: kind
    for kind in (
        Kind("contact", "Contacts", "ContactID", "PUT", EACH, listing="includeArchived=true"),
        Kind("invoice", "Invoices", "InvoiceID", "PUT", f"{EACH}&unitdp=4", listing="unitdp=4"),
        Kind("payment", "Payments", "PaymentID", "PUT", EACH),
        Kind("batch-payment", "BatchPayments", "BatchPaymentID", "PUT", EACH, paged=False),
        Kind("void-invoice", "Invoices", "InvoiceID", "POST", f"{EACH}&unitdp=4", undo=True),
        Kind("delete-payment", "Payments", "PaymentID", "POST", alone=True, undo=True, bare=True),
        Kind("delete-batch-payment", "BatchPayments", "BatchPaymentID", "POST", alone=True, undo=True, bare=True, paged=False),
        Kind("credit-note", "CreditNotes", "CreditNoteID", "PUT", f"{EACH}&unitdp=4", listing="unitdp=4"),
        Kind("void-credit-note", "CreditNotes", "CreditNoteID", "POST", f"{EACH}&unitdp=4", undo=True),
        Kind("update-invoice", "Invoices", "InvoiceID", "POST", f"{EACH}&unitdp=4", revises=True),
        Kind("update-credit-note", "CreditNotes", "CreditNoteID", "POST", f"{EACH}&unitdp=4", revises=True),
        Kind("manual-journal", "ManualJournals", "ManualJournalID", "PUT", EACH),
        Kind("void-journal", "ManualJournals", "ManualJournalID", "POST", EACH, undo=True),
        # One to a request: PUT BankTransfers knows no summarizeErrors, so a bad one would hide what became of the others.
        Kind("bank-transfer", "BankTransfers", "BankTransferID", "PUT", alone=True, paged=False),
        Kind("delete-transfer", "BankTransfers", "BankTransferID", "POST", undo=True, paged=False),
        Kind("overpayment", "BankTransactions", "OverpaymentID", "PUT", f"{EACH}&unitdp=4", linked_as="Overpayments"),
        Kind("prepayment", "BankTransactions", "PrepaymentID", "PUT", f"{EACH}&unitdp=4", linked_as="Prepayments"),
        # Only looked at, never sent: the interface for programs cannot remove over- and prepayments (rules file (d) 7, A).
        Kind("undo-overpayment", "Overpayments", "OverpaymentID", "POST", undo=True),
        Kind("undo-prepayment", "Prepayments", "PrepaymentID", "POST", undo=True),
        Kind("bank-transaction", "BankTransactions", "BankTransactionID", "PUT", f"{EACH}&unitdp=4", listing="unitdp=4"),
        Kind("delete-bank-transaction", "BankTransactions", "BankTransactionID", "POST", EACH, undo=True),
        Kind("allocation", "Allocations", "AllocationID", "PUT", EACH, alone=True, nested=True),
        Kind("delete-allocation", "Allocations", "AllocationID", "DELETE", alone=True, nested=True, undo=True, bare=True),
        # A history record has no id: "Details" is what an answer to one always has.
        Kind("note", "HistoryRecords", "Details", "PUT", alone=True, nested=True, extra=True),
        Kind("attachment", "Attachments", "AttachmentID", "PUT", alone=True, nested=True, bare=True, extra=True, raw=True),
    )
}
EXTRAS = tuple(kind.name for kind in KINDS.values() if kind.extra)
# What undoes a record, by the last part of the endpoint its link names.
UNDO_BY_ENDPOINT = {
    "Invoices": "void-invoice",
    "CreditNotes": "void-credit-note",
    "Payments": "delete-payment",
    "BatchPayments": "delete-batch-payment",
    "ManualJournals": "void-journal",
    "BankTransfers": "delete-transfer",
    "Allocations": "delete-allocation",
    "Overpayments": "undo-overpayment",
    "Prepayments": "undo-prepayment",
    "BankTransactions": "delete-bank-transaction",
}
# What makes a record, by the same.
MADE_BY_ENDPOINT = {kind.home.rpartition("/")[2]: kind.name for kind in KINDS.values() if kind.method == "PUT" and not kind.extra}
# What hangs on something else goes first: what is applied or paid cannot be voided. The rest has rank 2.
UNDO_RANK = {"Allocations": 0, "Payments": 1, "BatchPayments": 1}
GONE = ("VOIDED", "DELETED")


def is_extra(role: str) -> bool:
    """Whether a step of this role ("note-payment-2", "attachment-print") only adds something to what another step made."""
    return role.partition("-")[0] in EXTRAS


def worth(element: dict[str, Any]) -> Any:
    """What a Xero element amounts to in its currency, for people: its total, a payment's amount, a journal's debits; None where it has none
    that can be read."""
    figures = [element[field] for field in ("Total", "TotalAmount", "Amount") if element.get(field) is not None]
    rows = element.get("JournalLines")
    try:
        if figures:
            return decimal(figures[0])
        debits = [max(decimal(row.get("LineAmount")), decimal(0)) for row in rows] if isinstance(rows, list) and rows else []
        return sum(debits, decimal(0)) if debits else None
    except (ValueError, AttributeError):
        return None
