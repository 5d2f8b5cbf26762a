"""How often what changed in Xero is read, endpoint by endpoint.

One read costs one call, however much waits for it. Together they cost an organisation at most 160 calls a day (`most_a_day`), so that the
looks of what waits for an approval, one a day for forty documents together, fit beside them into 200.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from ..xero.records.registry import OBJECTS

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# While something waits for an approval there, an endpoint is read so often; two of them share it.
QUICK = timedelta(minutes=15)
# By endpoint, the most frequent first: what may wait for an approval hourly, what settles and moves money several times a day.
PACE: Mapping[str, timedelta] = {
    each.endpoint: each.read_each * HOUR for each in sorted(OBJECTS, key=lambda each: each.read_each) if each.read_each
}
APPROVED = tuple(each.endpoint for each in OBJECTS if each.approved)
# An endpoint of which Xero has told something is read so soon after its last read: by how much of the day's calls for reading is used up, in hundredths.
# Beyond the last line it waits for its turn.
TOLD: tuple[tuple[int, timedelta], ...] = ((50, timedelta(minutes=1)), (80, timedelta(minutes=5)), (100, QUICK))


def pace(endpoint: str, awaited: Collection[str]) -> timedelta:
    """The time between two reads of an endpoint; `awaited` are the endpoints at which something waits for an approval."""
    return min(PACE[endpoint], QUICK * len(awaited)) if endpoint in awaited else PACE[endpoint]


def due(last_read: Mapping[str, datetime], awaited: Collection[str], now: datetime) -> list[str]:
    """The endpoints whose turn it is. One that was never read has its first turn at once only where something waits there; else its reading
    begins now."""
    return [
        endpoint
        for endpoint in PACE
        if (
            endpoint in awaited
            if endpoint not in last_read
            else not last_read[endpoint] <= now < last_read[endpoint] + pace(endpoint, awaited)
        )
    ]


def told(endpoints: Collection[str], last_read: Mapping[str, datetime], used: int, now: datetime) -> list[str]:
    """Of the endpoints of which Xero has told something, those to read before their turn; `used`: hundredths of the day's calls for reading that are used up."""
    soon = next((each for most, each in TOLD if used < most), None)
    return [
        endpoint
        for endpoint in PACE
        if soon is not None
        and endpoint in endpoints
        and (endpoint not in last_read or not last_read[endpoint] <= now < last_read[endpoint] + soon)
    ]


def most_a_day(endpoints: Iterable[str], awaited: Collection[str]) -> int:
    """How many reads a day these endpoints cost while only one page of each changes at a time."""
    return sum(-(-DAY // pace(endpoint, awaited)) for endpoint in endpoints)
