"""Elements of Xero's lists with a figure that is none, or with something else where a list belongs: Xero has never shown one, and one must not keep the others of its page from being read."""

from __future__ import annotations

from typing import Any

from ...accounting.money import decimal
from .base import Element

FIGURES = frozenset(
    "Amount BankAmount CurrencyRate Total SubTotal TotalTax TotalAmount AmountDue AmountPaid AmountCredited AppliedAmount RemainingCredit LineAmount UnitAmount Quantity TaxAmount "
    "DiscountRate DiscountAmount".split()
)
LISTS = frozenset("LineItems JournalLines Allocations Payments Tracking".split())


def odd_fields(element: Element) -> tuple[str, ...]:
    """The names of the fields, also of what is inside, that hold no figure or no list where one belongs, each once, sorted; what is not shown is none of them."""
    return tuple(sorted(set(_odd(element))))


def _odd(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for each in value for name in _odd(each)]
    if not isinstance(value, dict):
        return []
    found = [name for name, held in value.items() if (name in FIGURES and not _is_figure(held)) or (name in LISTS and not _is_list(held))]
    return found + [name for held in value.values() if isinstance(held, (dict, list)) for name in _odd(held)]


def _is_figure(value: Any) -> bool:
    if isinstance(value, (bool, dict, list)):
        return False
    try:
        decimal(value)
    except ValueError:
        return False
    return True


def _is_list(value: Any) -> bool:
    return value is None or isinstance(value, list)
