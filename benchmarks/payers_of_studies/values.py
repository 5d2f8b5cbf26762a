"""What is paid, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

ZERO, CENT = Decimal(0), Decimal("0.01")


@dataclass(frozen=True)
class Document:
    """An invoice or a bill: whole amount above zero, in one currency."""

    name: str
    party: str
    day: date
    due: date
    amount: Decimal


@dataclass(frozen=True)
class Part:
    """What a payment pays of a document. Documents with the same `payment` are paid by one transfer."""

    day: date
    amount: Decimal
    payment: str


@dataclass(frozen=True)
class Settled:
    """How a document is paid. `allowed` is never paid by consent (discount, credit note); `closed` is the day on which nothing is owed any more, None where something stays owed for good."""

    parts: tuple[Part, ...]
    allowed: Decimal = ZERO
    closed: date | None = None
    because: frozenset[str] = field(default_factory=frozenset)

    @property
    def paid(self) -> Decimal:
        """The sum of the parts."""
        return sum((part.amount for part in self.parts), ZERO)


def share(amount: Decimal, of_it: float) -> Decimal:
    """That part of an amount, in cents; at least one cent, at most the amount."""
    return min(amount, max(CENT, (amount * Decimal(str(round(of_it, 4)))).quantize(CENT)))
