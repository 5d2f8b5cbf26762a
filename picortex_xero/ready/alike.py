"""Records of one amount in one account, and which of them could be taken for one another: Xero's matching looks at the amount, then the closest date, then the contact's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from .values import Record

# Records of one amount within so many days are taken for one another: the bank's day is seldom the document's.
DAYS = 3
# So many others are named.
NAMED = 3
Place = tuple[str, Decimal]
ByContact = dict[str, list[Record]]


class Alike:
    """All records by account and amount, day and contact: each question looks at a few days, however many records there are."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.known: dict[Place, dict[date, ByContact]] = {}
        for record in records:
            if record.amount is not None and record.day is not None:
                days = self.known.setdefault((record.account.casefold(), record.amount), {})
                days.setdefault(record.day, {}).setdefault(record.contact, []).append(record)

    def taken_for(self, record: Record, line: date | None) -> list[Record]:
        """A few that could be taken for it, where its line is of the day `line`; None: the line is not known here."""
        if record.amount is None or record.day is None:
            return []
        days = self.known[record.account.casefold(), record.amount]
        found = self._without_line(record, record.day, days) if line is None else self._beside_line(record, record.day, line, days)
        return list(islice((each for each in found if each.key != record.key), NAMED))

    def _without_line(self, record: Record, its: date, days: dict[date, ByContact]) -> Iterator[Record]:
        yield from _of_contact(record, days[its])
        for apart in range(1, DAYS + 1):
            for day in (its - timedelta(days=apart), its + timedelta(days=apart)):
                for each in days.get(day, {}).values():
                    yield from each

    def _beside_line(self, record: Record, its: date, line: date, days: dict[date, ByContact]) -> Iterator[Record]:
        """Closer to the line than the record, or as close with nothing to tell them apart."""
        far = abs((its - line).days)
        for day, contacts in days.items():
            apart = abs((day - line).days)
            if apart < far:
                for each in contacts.values():
                    yield from each
            elif apart == far:
                yield from _of_contact(record, contacts)


def _of_contact(record: Record, contacts: ByContact) -> Iterator[Record]:
    """Those that the contact does not tell apart: of the same one, or where one of both is not known."""
    named = [record.contact, ""] if record.contact else [*contacts]
    for contact in dict.fromkeys(named):
        yield from contacts.get(contact, [])
