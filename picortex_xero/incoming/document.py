"""An invoice, bill or credit note that somebody has entered in Xero, as Xero's lists show it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, decimal
from ..accounting.texts import Text, _, joined
from ..xero.records import xero_element
from ..xero.records.registry import CREDIT_NOTE, INVOICE

Element = dict[str, Any]
# By Xero's type: whether it is of a customer, and whether it is a credit.
TYPES = {
    "ACCREC": (True, False),
    "ACCPAY": (False, False),
    "ACCRECCREDIT": (True, True),
    "ACCPAYCREDIT": (False, True),
}
STANDS = ("AUTHORISED", "PAID")
# What of a record is kept: what is paid of it, or that it was sent to the contact, makes no other record of it.
KEPT = (
    "InvoiceID", "CreditNoteID", "Type", "InvoiceNumber", "CreditNoteNumber", "Reference", "Status", "Date", "DateString", "DueDate", "DueDateString", "LineAmountTypes",
    "LineItems", "Contact", "CurrencyCode", "CurrencyRate", "SubTotal", "TotalTax", "Total",
)  # fmt: skip
_LINE = (
    "Description", "Quantity", "UnitAmount", "ItemCode", "AccountCode", "AccountID", "TaxType", "TaxAmount", "LineAmount", "Tracking",
)  # fmt: skip


@dataclass(frozen=True)
class DocumentLine:
    """`net`: without tax, after discount. `tags`: (category, option)."""

    text: str
    quantity: Decimal
    net: Decimal
    tax: Decimal
    code: str
    account_id: str
    tax_type: str
    item_code: str = ""
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class IncomingDocument:
    """`sells`: it is of a customer; `credit`: a credit note; `rate`: units of its currency for one of the base currency. `stands`: it is part of Xero's books."""

    endpoint: str
    xero_id: str
    sells: bool
    credit: bool
    date: str
    due: str
    number: str
    reference: str
    lines: tuple[DocumentLine, ...]
    tax: Decimal
    total: Decimal
    stands: bool
    currency: str
    rate: Decimal
    contact: str
    contact_name: str

    @property
    def doctype(self) -> str:
        """What it becomes here."""
        return "Sales Invoice" if self.sells else "Purchase Invoice"

    @property
    def party_type(self) -> str:
        """Whose it is here."""
        return "Customer" if self.sells else "Supplier"


def kept(element: Element) -> str:
    """A record as its row keeps it."""
    shown = {name: element[name] for name in KEPT if element.get(name) is not None}
    if isinstance(shown.get("Contact"), Mapping):
        shown["Contact"] = {name: shown["Contact"].get(name) for name in ("ContactID", "Name")}
    if "LineItems" in shown:
        shown["LineItems"] = [{name: line[name] for name in _LINE if name in line} for line in _dicts(shown["LineItems"])]
    return json.dumps(shown, default=str)


def read(endpoint: str, element: Element) -> IncomingDocument | None:
    """The record as a document; None where no type, date or id could be read."""
    kind = TYPES.get(str(element.get("Type") or ""))
    of, number = (INVOICE, "InvoiceNumber") if endpoint == INVOICE.endpoint else (CREDIT_NOTE, "CreditNoteNumber")
    xero_id, date = xero_element.linked_id(element, of.id_field).lower(), xero_element.calendar_date(element)
    if kind is None or not xero_id or not date:
        return None
    inclusive = element.get("LineAmountTypes") == "Inclusive"
    contact = element.get("Contact")
    due = xero_element.calendar_date({"DateString": element.get("DueDateString"), "Date": element.get("DueDate")})
    return IncomingDocument(
        endpoint,
        xero_id,
        *kind,
        date,
        max(due, date),
        _words(element.get(number)),
        _words(element.get("Reference")),
        tuple(made for line in _dicts(element.get("LineItems")) if (made := _line(line, inclusive))),
        decimal(element.get("TotalTax")),
        decimal(element.get("Total")),
        element.get("Status") in STANDS,
        str(element.get("CurrencyCode") or ""),
        decimal(element.get("CurrencyRate")),
        xero_element.contact_id(element),
        _words(contact.get("Name")) if isinstance(contact, Mapping) else "",
    )


def named(document: IncomingDocument) -> Text:
    """What it is called in texts."""
    if document.credit:
        kind = _("Credit note") if document.sells else _("Supplier's credit note")
    else:
        kind = _("Invoice") if document.sells else _("Bill")
    return joined(" ", [kind, document.number[:60]]) if document.number else kind


def _line(line: Element, inclusive: bool) -> DocumentLine | None:
    amount, tax = decimal(line.get("LineAmount")), decimal(line.get("TaxAmount"))
    if not amount and not tax:
        return None  # a line of text
    return DocumentLine(
        _words(line.get("Description")),
        decimal(line.get("Quantity")),
        amount - (tax if inclusive else ZERO),
        tax,
        str(line.get("AccountCode") or ""),
        xero_element.named_id(line, "AccountID"),
        str(line.get("TaxType") or ""),
        str(line.get("ItemCode") or ""),
        tuple((str(each.get("Name") or ""), str(each.get("Option") or "")) for each in _dicts(line.get("Tracking"))),
    )


def _dicts(value: Any) -> list[Element]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _words(value: Any) -> str:
    return " ".join(str(value or "").split())
