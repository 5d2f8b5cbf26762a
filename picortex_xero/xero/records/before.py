"""A record as it would be shown without what may be our own: the payments and allocations of it that are linked to nothing here.

After a restore Xero shows an invoice as paid by what this site has sent and forgotten. Whether that is what a waiting step would send is
compared only once the step's element can be built, which needs the amounts from before.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ...accounting.money import ZERO, decimal
from .base import Element
from .xero_element import fold, linked_id

OF_PAYMENTS = ("PaymentID", "BatchPaymentID")
CREDITS = ("CreditNotes", "Overpayments", "Prepayments")


def without(element: Element, payments: Collection[str], allocations: Collection[str]) -> Element:
    """The element without these payments, batch payments and allocations (ids in lower case). What credits have taken off an invoice is
    added back whole: an invoice does not show their allocations' ids."""
    paid = sum((decimal(row.get("Amount")) for row in rows(element, "Payments") if _is_one(row, OF_PAYMENTS, payments)), ZERO)
    used = sum((decimal(row.get("Amount")) for row in rows(element, "Allocations") if _is_one(row, ("AllocationID",), allocations)), ZERO)
    credited = sum((decimal(row.get("AppliedAmount")) for name in CREDITS for row in rows(element, name)), ZERO)
    if not (paid or used or credited):
        return element
    before = {**element}
    if paid:
        before["Payments"] = [row for row in rows(element, "Payments") if not _is_one(row, OF_PAYMENTS, payments)]
    if element.get("AmountDue") is not None:
        before["AmountDue"] = decimal(element["AmountDue"]) + paid + credited
    if element.get("AmountPaid") is not None:
        before["AmountPaid"] = decimal(element["AmountPaid"]) - paid
    if element.get("AmountCredited") is not None:
        before["AmountCredited"] = decimal(element["AmountCredited"]) - credited
    if element.get("RemainingCredit") is not None:
        before["RemainingCredit"] = decimal(element["RemainingCredit"]) + paid + used
    if fold(element.get("Status")) == "paid":
        before["Status"] = "AUTHORISED"
    return before


def rows(element: Element, name: str) -> list[dict[str, Any]]:
    """The rows of a table inside an element."""
    value = element.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _is_one(row: Element, names: tuple[str, ...], ids: Collection[str]) -> bool:
    return any(linked_id(row, name).casefold() in ids for name in names if linked_id(row, name))
