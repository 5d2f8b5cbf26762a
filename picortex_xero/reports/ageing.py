"""Aged Receivables and Payables: what is open at a day, by contact and by how long it is overdue, in base currency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..xero.records.open_items import Item

# Days overdue up to which each part goes; before the first comes what is not due, after the last all that is older.
EDGES = (30, 60, 90)


@dataclass(frozen=True)
class Aged:
    """`parts`: not due, then by EDGES, then what is older; credits and advances are negative in theirs. `items`: the documents that make it, the oldest first."""

    contact: str
    contact_name: str
    parts: tuple[Decimal, ...]
    items: tuple[Item, ...]

    @property
    def total(self) -> Decimal:
        return sum(self.parts, Decimal(0))


def aged(items: Iterable[Item], customers: bool, at: str, by_due_date: bool = True, edges: Sequence[int] = EDGES) -> list[Aged]:
    """One line for each contact with something open, by name; `customers`: receivables, else payables. What has no due date (credits, advances) ages
    by its own day."""
    mine: dict[str, list[Item]] = {}
    for item in items:
        if item.customers == customers:
            mine.setdefault(item.contact, []).append(item)
    lines = []
    for contact, own in mine.items():
        parts = [Decimal(0)] * (len(edges) + 2)
        for item in own:
            parts[part_of(item, at, by_due_date, edges)] += item.base
        lines.append(
            Aged(contact, own[-1].contact_name, tuple(parts), tuple(sorted(own, key=lambda each: (each.due or each.day, each.id))))
        )
    return sorted(lines, key=lambda each: (each.contact_name.casefold(), each.contact))


def part_of(item: Item, at: str, by_due_date: bool = True, edges: Sequence[int] = EDGES) -> int:
    """The place in `Aged.parts`."""
    days = overdue(item, at, by_due_date)
    if days <= 0:
        return 0
    return next((place for place, edge in enumerate(edges, 1) if days <= edge), len(edges) + 1)


def overdue(item: Item, at: str, by_due_date: bool = True) -> int:
    """Days from its due date (or its own day) to that day; below 1 where it is not overdue."""
    since = item.due if by_due_date and item.due else item.day
    return (date.fromisoformat(at) - date.fromisoformat(since)).days
