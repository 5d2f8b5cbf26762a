"""What of an open document is due when, by its payment schedule. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ..accounting.money import ZERO, half_up
from .values import Item


@dataclass(frozen=True)
class Instalment:
    """A row of a payment schedule. `amount`: in whatever currency; only its share of all rows counts."""

    due: date
    amount: Decimal


def of(item: Item, whole: Decimal, rows: Sequence[Instalment]) -> list[Item]:
    """The item by instalments; `whole`: what its document is over, in the item's currency and direction. What has been paid has paid the first ones, so from the last one back each takes its share until
    nothing of what is open is left. (ERPNext keeps what is paid of each row only where a payment names the row: that is not gone by.)"""
    planned = sum((each.amount for each in rows), ZERO)
    if len(rows) < 2 or planned <= ZERO or item.is_credit:
        return [item]
    in_order, left, parts = sorted(rows, key=lambda each: each.due), item.left, []
    for number in range(len(in_order), 0, -1):
        share = half_up(abs(whole) * in_order[number - 1].amount / planned)
        part = left if number == 1 or share >= abs(left) else (share if left > ZERO else -share)
        if part:
            parts.append(replace(item, left=part, due=in_order[number - 1].due, part=f"{number}/{len(in_order)}"))
        left -= part
    return parts[::-1]
