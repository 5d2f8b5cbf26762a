"""Every Xero object that the app makes, one instance of each class, and how to look one up. A new object needs its class and a line
here."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO
from .allocation import Allocation
from .attachment import Attachment
from .bank_transaction import BankTransaction
from .bank_transfer import BankTransfer
from .base import Kind, XeroObject
from .batch_payment import BatchPayment
from .contact import Contact
from .credit_note import CreditNote
from .history_note import HistoryNote
from .invoice import Invoice
from .manual_journal import ManualJournal
from .overpayment import Overpayment
from .payment import Payment
from .prepayment import Prepayment

CONTACT = Contact()
INVOICE = Invoice()
CREDIT_NOTE = CreditNote()
PAYMENT = Payment()
BATCH_PAYMENT = BatchPayment()
MANUAL_JOURNAL = ManualJournal()
BANK_TRANSACTION = BankTransaction()
BANK_TRANSFER = BankTransfer()
OVERPAYMENT = Overpayment()
PREPAYMENT = Prepayment()
ALLOCATION = Allocation()
HISTORY_NOTE = HistoryNote()
ATTACHMENT = Attachment()
OBJECTS: tuple[XeroObject, ...] = (
    CONTACT, INVOICE, CREDIT_NOTE, PAYMENT, BATCH_PAYMENT, MANUAL_JOURNAL, BANK_TRANSACTION, BANK_TRANSFER, OVERPAYMENT, PREPAYMENT,
    ALLOCATION, HISTORY_NOTE, ATTACHMENT,
)  # fmt: skip
# Where what is taken off invoices and bills stands: their allocations are below these endpoints.
CREDITS = tuple(each.endpoint for each in (CREDIT_NOTE, OVERPAYMENT, PREPAYMENT))
# All kinds of requests by name, as stored on attempts and steps.
KINDS: dict[str, Kind] = {kind.name: kind for each in OBJECTS for kind in each.kinds}
EXTRAS = tuple(each.made_by.name for each in OBJECTS if each.extra)
_BY_ENDPOINT = {each.endpoint: each for each in OBJECTS}
# By endpoint whose list shows them: the objects that could be made twice. Contacts are none of them: Xero has no second one of a name.
# Allocations are shown by their credit.
MADE_AT: dict[str, tuple[XeroObject, ...]] = {
    endpoint: tuple(each for each in OBJECTS if each.made_by.endpoint == endpoint and not (each.extra or each.nested or each.shared))
    for endpoint in dict.fromkeys(each.made_by.endpoint for each in OBJECTS if not (each.extra or each.nested or each.shared))
}


def object_at(endpoint: str) -> XeroObject:
    """The object at an endpoint as links name it: "Invoices", or "CreditNotes/<id>/Allocations". Raises KeyError."""
    return _BY_ENDPOINT[endpoint.rpartition("/")[2]]


def taken_off(endpoint: str, marker: Mapping[str, Any], place: tuple[str, str]) -> Decimal:
    """How much a record at `endpoint` reduces the one at `place` (endpoint, id), in that one's currency: what is paid of it or credited to
    it, or what of a credit its allocations use."""
    its, xero_id = object_at(endpoint), place[1]
    of_it = xero_id and (endpoint.startswith(f"{place[0]}/{xero_id}/") or xero_id in its.settled(marker))
    return its.amount_on(xero_id, marker) if of_it else ZERO


def is_extra(role: str) -> bool:
    """Whether a step of this role adds a note or a file ("note-payment-2", "attachment-print")."""
    return role.partition("-")[0] in EXTRAS
