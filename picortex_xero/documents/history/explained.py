"""What the documents that Xero has explain of its receivables and payables at a date. Pure.

Opening invoices and bills go to Xero only where nothing stands there for them already: an amount on receivables or payables that no open document
explains is a balance that somebody has entered as a whole, and every document sent would be owed twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO
from ...xero.records.open_items import open_items

CENT = Decimal("0.01")
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
    sums, converted = {True: ZERO, False: ZERO}, 0
    for item in open_items(lists, at, base_currency):
        sums[item.customers] += item.base
        converted += item.currency != base_currency
    return Open(sums[True], sums[False], converted)


def unexplained(held: Decimal, explained: Decimal, converted: int) -> Decimal:
    """What an account of receivables or payables holds (positive where money is owed) beyond what open documents explain; zero within a cent for each
    document that was converted."""
    left = held - explained
    return left if abs(left) > CENT * converted else ZERO
