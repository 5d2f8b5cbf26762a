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

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from .money import decimal, half_up

BATCH_LIMIT = 50
EPOCH = datetime(1970, 1, 1)


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
# What hangs on something else goes first: what is applied or paid cannot be voided. The rest has rank 2.
UNDO_RANK = {"Allocations": 0, "Payments": 1, "BatchPayments": 1}
GONE = ("VOIDED", "DELETED")


def is_extra(role: str) -> bool:
    """Whether a step of this role ("note-payment-2", "attachment-print") only adds something to what another step made."""
    return role.partition("-")[0] in EXTRAS


def facts(kind: Kind, element: dict[str, Any]) -> dict[str, Any]:
    """The fields of a Xero element that markers are compared with, money as two-decimal text.

    Everything comes from the answer itself; what an answer leaves out is "" and matches only a marker without it.
    """
    contact = element.get("Contact") or {}
    invoice = element.get("Invoice") or {}
    account = element.get("Account") or {}
    credit = [element.get(each) or {} for each in ("CreditNote", "Overpayment", "Prepayment")]
    members = sorted(
        [(m.get("Invoice") or {}).get("InvoiceID") or "", _money(m.get("Amount"))]
        for m in element.get("Payments") or []
        if isinstance(m, dict)
    )
    own = {
        "contact": {"ContactNumber": element.get("ContactNumber")},
        "Invoices": {
            "Type": element.get("Type"),
            "InvoiceNumber": element.get("InvoiceNumber"),
            "Url": element.get("Url"),
            "ContactID": contact.get("ContactID"),
            "Total": _money(element.get("Total")),
        },
        "CreditNotes": {
            "Type": element.get("Type"),
            "CreditNoteNumber": element.get("CreditNoteNumber"),
            "ContactID": contact.get("ContactID"),
            "Total": _money(element.get("Total")),
        },
        "ManualJournals": {"Url": element.get("Url"), "Narration": element.get("Narration"), "Date": calendar_date(element)},
        "BankTransfers": {
            "Reference": element.get("Reference"),
            "From": (element.get("FromBankAccount") or {}).get("AccountID"),
            "To": (element.get("ToBankAccount") or {}).get("AccountID"),
            "Amount": _money(element.get("Amount")),
            "Date": calendar_date(element),
        },
        "BankTransactions": {
            "Type": element.get("Type"),
            "ContactID": contact.get("ContactID"),
            "Account": (element.get("BankAccount") or {}).get("AccountID"),
            "Date": calendar_date(element),
            "Total": _money(element.get("Total")),
            "Description": (element.get("LineItems") or [{}])[0].get("Description"),
            "Url": element.get("Url"),
            "Reference": element.get("Reference"),
        },
        "Overpayments": {},
        "Prepayments": {},
        "Allocations": {"InvoiceID": invoice.get("InvoiceID"), "Amount": _money(element.get("Amount"))},
        "Payments": {
            "Reference": element.get("Reference"),
            "InvoiceID": invoice.get("InvoiceID"),
            # A refund pays a credit back: exactly one of these is given.
            "CreditID": next((each[name] for each in credit for name in CREDIT_IDS if each.get(name)), ""),
            "Amount": _money(element.get("Amount")),
        },
        "BatchPayments": {"Account": account.get("AccountID"), "Date": calendar_date(element), "Members": members},
        "HistoryRecords": {"Mark": _mark(element.get("Details"))},
        "Attachments": {"FileName": element.get("FileName")},
    }
    fields = own.get(kind.name) or own[kind.endpoint]
    return {kind.id_field: element.get(kind.id_field), **{name: value or "" for name, value in fields.items()}}


def matches(kind: Kind, marker: dict[str, Any], element: dict[str, Any]) -> bool:
    """Whether `element` is the one `marker` describes: every field of the marker agrees, or is one that Xero may leave out and does."""
    known, optional = facts(kind, element), MAY_BE_LEFT_OUT.get(kind.endpoint, ())
    return all(
        _comparable(name, known.get(name)) == _comparable(name, value) or (name in optional and not known.get(name))
        for name, value in marker.items()
    )


def find(kind: Kind, marker: dict[str, Any], elements: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """All elements that carry the marker and are not voided or deleted (undo steps want exactly those too)."""
    found = [element for element in elements if matches(kind, marker, element)]
    return found if kind.undo else [element for element in found if element.get("Status") not in GONE]


def calendar_date(element: dict[str, Any]) -> str:
    """The document date of a Xero element as yyyy-mm-dd: DateString where it is given, else /Date(ms+0000)/, which is midnight UTC
    of the calendar date whatever the organisation's time zone (fact sheet 5, Dates)."""
    if element.get("DateString"):
        return str(element["DateString"])[:10]
    stamp = re.match(r"/Date\((-?\d+)", str(element.get("Date") or ""))
    return "" if not stamp else (EPOCH + timedelta(milliseconds=int(stamp[1]))).date().isoformat()


def worth(element: dict[str, Any]) -> Any:
    """What a Xero element amounts to in its currency, for people: its total, a payment's amount, a journal's debits; None where it has none."""
    lines = element.get("JournalLines") or []
    debits = sum((max(decimal(line.get("LineAmount")), decimal(0)) for line in lines), decimal(0)) if lines else None
    return next((element[field] for field in ("Total", "TotalAmount", "Amount") if element.get(field) is not None), debits)


def _mark(details: Any) -> str:
    found = re.search(r"\[(PC-[0-9a-f]+)\]", str(details or ""))
    return found[1] if found else ""


def _money(value: Any) -> str:
    return "" if value is None else str(half_up(decimal(value)))


def _comparable(name: str, value: Any) -> Any:
    """A stored marker is text and may read "12.5" where an answer says 12.50: figures are compared as money."""
    if isinstance(value, Decimal) or (name in FIGURES and value):
        return _money(value)
    if isinstance(value, (list, tuple)):
        return [_comparable("", part) for part in value]
    return value


FIGURES = ("Total", "Amount")
CREDIT_IDS = ("CreditNoteID", "OverpaymentID", "PrepaymentID")
# Whether Xero answers the Url of an overpayment is unproven (rules file (g), C): description, contact, account, date and total must do.
MAY_BE_LEFT_OUT = {"BankTransactions": ("Url",)}
IDENTIFYING = {
    "contact": ("ContactNumber",),
    "Invoices": ("InvoiceNumber", "Url"),
    "CreditNotes": ("CreditNoteNumber",),
    "ManualJournals": ("Url", "Narration"),
    "BankTransfers": ("Reference",),
    "BankTransactions": ("Type", "Description", "Reference"),
    "Allocations": ("InvoiceID",),
    "Payments": ("Reference", "InvoiceID", "CreditID"),
    "BatchPayments": ("Members",),
    "HistoryRecords": ("Mark",),
    "Attachments": ("FileName",),
}


def identifies(kind: Kind, marker: dict[str, Any], element: dict[str, Any]) -> bool:
    """Whether `element` is about the same document as `marker`, figures aside: an error element has none, a changed one has others."""
    known = facts(kind, element)
    fields = (
        (kind.id_field,)
        if kind.undo or kind.revises
        else tuple(name for name in IDENTIFYING.get(kind.name) or IDENTIFYING[kind.endpoint] if name in marker)
    )
    # An error element may be bare of its type, which tells the two legs of one transfer apart where it is there.
    return bool(fields) and all(
        _comparable(name, known.get(name)) == _comparable(name, marker[name]) or (name == "Type" and not known[name]) for name in fields
    )
