"""How late somebody pays, as far as what was paid before shows: the median of days between due day and payment. Pure.

Of an invoice that is still open something is known already: it has not been paid so far. So only what was paid at least as late counts for it: half of those that were so late had come by that day.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

# So many invoices of one party, or of all, are evidence; and so many that were paid at least as late.
ENOUGH, ENOUGH_OF_ALL, SO_LATE = 4, 12, 3


@dataclass(frozen=True)
class Paid:
    """An invoice or bill that is paid: how many days after it was due, negative before."""

    party_type: str
    party: str
    late: int


@dataclass(frozen=True)
class Usual:
    """How many days after the due day, by how many that were paid before. `own`: this party's, else all of its kind. `so_late`: only those count that were as late as this one is."""

    days: int
    count: int
    own: bool
    so_late: bool


class Habits:
    """What was paid before, ready to be asked for each of many open items."""

    def __init__(self, paid: Iterable[Paid]) -> None:
        self._own: dict[tuple[str, str], list[int]] = {}
        self._all: dict[str, list[int]] = {}
        for each in paid:
            self._own.setdefault((each.party_type, each.party), []).append(each.late)
            self._all.setdefault(each.party_type, []).append(each.late)
        for days in (*self._own.values(), *self._all.values()):
            days.sort()

    def of(self, party_type: str, party: str, overdue: int) -> Usual | None:
        """For an item that is so many days overdue (negative: not due yet); None where there is too little to go by."""
        for days, enough, own in (
            (self._own.get((party_type, party), []), ENOUGH, True),
            (self._all.get(party_type, []), ENOUGH_OF_ALL, False),
        ):
            first = bisect_left(days, overdue)
            count = len(days) - first
            if len(days) >= enough and count >= SO_LATE:
                return Usual(days[first + count // 2], count, own, first > 0 and overdue > 0)
        return None
