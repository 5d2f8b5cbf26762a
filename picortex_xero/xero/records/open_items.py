"""What customers owe and suppliers are owed at the end of a day, document by document, from Xero's lists: Xero has no report of that for all contacts. Pure.

What a document has due now says nothing of an earlier day: payments and allocations dated later are taken off again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal, half_up
from .registry import CREDIT_NOTE, CREDITS, INVOICE, OBJECTS
from .xero_element import calendar_date

# Types of documents of customers; the others are of suppliers (Xero's API, "Types").
_CUSTOMERS = ("ACCREC", "ACCRECCREDIT", "RECEIVE-OVERPAYMENT", "RECEIVE-PREPAYMENT", "AROVERPAYMENT", "ARPREPAYMENT")
_STANDS = ("AUTHORISED", "PAID")
_ID = {each.endpoint: each.id_field for each in OBJECTS}
_NUMBER = {INVOICE.endpoint: "InvoiceNumber", CREDIT_NOTE.endpoint: "CreditNoteNumber"}
Element = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """A document with something open. `left`: in its `currency`, positive where money is owed, negative what a credit or an advance has left; `base`: the same in the
    organisation's base currency at the document's rate. `planned`: when somebody in Xero expects it to be paid, or plans to pay it, "" where nobody has said. `due`: "" where it has no due date. Days as yyyy-mm-dd; ids in lower case."""

    id: str
    endpoint: str
    customers: bool
    number: str
    contact: str
    contact_name: str
    day: str
    due: str
    currency: str
    left: Decimal
    base: Decimal
    planned: str = ""


def open_items(lists: Mapping[str, Iterable[Element]], at: str, base_currency: str) -> list[Item]:
    """The documents of these lists (by endpoint: invoices and CREDITS) that were open at the end of that day (yyyy-mm-dd), whatever was paid or allocated later.

    They have to be all that were open then: those that are AUTHORISED, and those PAID that changed after that day."""
    later: dict[str, Decimal] = {}
    for endpoint in CREDITS:
        for credit in lists.get(endpoint, ()):
            for allocation in _after(credit.get("Allocations"), at):
                target = str((allocation.get("Invoice") or {}).get("InvoiceID") or "").lower()
                later[target] = later.get(target, ZERO) + decimal(allocation.get("Amount"))
    found = []
    for endpoint in (INVOICE.endpoint, *CREDITS):
        for each in lists.get(endpoint, ()):
            if each.get("Status") in _STANDS and "" < calendar_date(each) <= at:
                left = _left(endpoint, each, at, later)
                if left:
                    found.append(_item(endpoint, each, left, base_currency))
    return found


def _left(endpoint: str, each: Element, at: str, later: Mapping[str, Decimal]) -> Decimal:
    paid_later = _sum(_after(each.get("Payments"), at))
    if endpoint == INVOICE.endpoint:
        return decimal(each.get("AmountDue")) + paid_later + later.get(str(each[INVOICE.id_field]).lower(), ZERO)
    return -(decimal(each.get("RemainingCredit")) + paid_later + _sum(_after(each.get("Allocations"), at)))


def _item(endpoint: str, each: Element, left: Decimal, base_currency: str) -> Item:
    contact = each.get("Contact") or {}
    return Item(
        str(each.get(_ID[endpoint]) or "").lower(),
        endpoint,
        str(each["Type"]) in _CUSTOMERS,
        str(each.get(_NUMBER.get(endpoint, "")) or each.get("Reference") or ""),
        str(contact.get("ContactID") or "").lower(),
        str(contact.get("Name") or ""),
        calendar_date(each),
        calendar_date(each, "DueDate"),
        str(each.get("CurrencyCode") or base_currency),
        left,
        half_up(left / (decimal(each.get("CurrencyRate")) or Decimal(1))),
        calendar_date(each, "ExpectedPaymentDate") or calendar_date(each, "PlannedPaymentDate"),
    )


def _sum(rows: Iterable[Element]) -> Decimal:
    return sum((decimal(each.get("Amount")) for each in rows), ZERO)


def _after(rows: Any, at: str) -> Iterable[Element]:
    """The payments or allocations dated after that day; what Xero shows as deleted is none."""
    for row in rows if isinstance(rows, list) else ():
        if calendar_date(row) > at and row.get("Status") != "DELETED":
            yield row
