"""What the documents that Xero has explain of its receivables and payables at a date. Pure.

Opening invoices and bills go to Xero only where nothing stands there for them already: an amount on receivables or payables that no open document
explains is a balance that somebody has entered as a whole, and every document sent would be owed twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal, half_up
from ...xero.records.registry import CREDITS, INVOICE
from ...xero.records.xero_element import calendar_date

CENT = Decimal("0.01")
# Types of documents of customers; the others are of suppliers (Xero's API, "Types").
_CUSTOMERS = ("ACCREC", "ACCRECCREDIT", "RECEIVE-OVERPAYMENT", "RECEIVE-PREPAYMENT", "AROVERPAYMENT", "ARPREPAYMENT")
_STANDS = ("AUTHORISED", "PAID")
Element = dict[str, Any]


@dataclass(frozen=True)
class Open:
    """What Xero's documents leave open at a date, in its base currency: receivables and payables, both positive where money is owed; `converted`: how
    many documents of another currency are in it, each of which may be a cent off."""

    receivables: Decimal = ZERO
    payables: Decimal = ZERO
    converted: int = 0


def open_in_xero(lists: Mapping[str, Iterable[Element]], at: str, base_currency: str) -> Open:
    """What these documents (by endpoint: that of invoices, and CREDITS) left open at the end of that day (yyyy-mm-dd), whatever was paid or allocated later.

    They have to be all that were open then: those that are AUTHORISED, and those PAID that changed after that day."""
    known = {endpoint: [each for each in lists.get(endpoint, ()) if _counts(each, at)] for endpoint in (INVOICE.endpoint, *CREDITS)}
    later: dict[str, Decimal] = {}
    for endpoint in CREDITS:
        for credit in lists.get(endpoint, ()):
            for allocation in _after(credit.get("Allocations"), at):
                target = str((allocation.get("Invoice") or {}).get("InvoiceID") or "").lower()
                later[target] = later.get(target, ZERO) + decimal(allocation.get("Amount"))
    sums, converted = {True: ZERO, False: ZERO}, 0
    for endpoint, elements in known.items():
        for each in elements:
            paid_later = sum((decimal(payment.get("Amount")) for payment in _after(each.get("Payments"), at)), ZERO)
            if endpoint == INVOICE.endpoint:
                left = decimal(each.get("AmountDue")) + paid_later + later.get(str(each[INVOICE.id_field]).lower(), ZERO)
            else:
                given_later = sum((decimal(every.get("Amount")) for every in _after(each.get("Allocations"), at)), ZERO)
                left = -(decimal(each.get("RemainingCredit")) + paid_later + given_later)
            rate = decimal(each.get("CurrencyRate")) or Decimal(1)
            converted += bool(left) and str(each.get("CurrencyCode") or base_currency) != base_currency
            sums[str(each["Type"]) in _CUSTOMERS] += half_up(left / rate)
    return Open(sums[True], sums[False], converted)


def unexplained(held: Decimal, explained: Decimal, converted: int) -> Decimal:
    """What an account of receivables or payables holds (positive where money is owed) beyond what open documents explain; zero within a cent for each
    document that was converted."""
    left = held - explained
    return left if abs(left) > CENT * converted else ZERO


def _counts(element: Element, at: str) -> bool:
    return element.get("Status") in _STANDS and "" < calendar_date(element) <= at


def _after(rows: Any, at: str) -> Iterable[Element]:
    """The payments or allocations dated after that day; what Xero shows as deleted is none."""
    for row in rows if isinstance(rows, list) else ():
        if calendar_date(row) > at and row.get("Status") != "DELETED":
            yield row
