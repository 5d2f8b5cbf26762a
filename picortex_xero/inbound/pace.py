"""How often what changed in Xero is read, endpoint by endpoint.

One read costs one call, however much waits for it. As it comes they cost an organisation at most 160 calls a day together (`most_a_day`), so that the
looks of what waits for an approval, one a day for forty documents together, fit beside them into 200. An admin may choose other times (`SETTINGS`), as far as they fit
into the share of the day's calls that turns may have (`TURNS`). Once the calls for reading are used up, nothing is read until those of 24 hours ago count no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ..xero.records.registry import (
    BANK_TRANSACTION,
    BANK_TRANSFER,
    BATCH_PAYMENT,
    CONTACT,
    CREDIT_NOTE,
    INVOICE,
    MANUAL_JOURNAL,
    OBJECTS,
    OVERPAYMENT,
    PAYMENT,
    PREPAYMENT,
)

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
# While something waits for an approval there, an endpoint is read so often; two of them share it.
QUICK = timedelta(minutes=15)
# By endpoint, the most frequent first: what may wait for an approval hourly, what settles and moves money several times a day.
PACE: Mapping[str, timedelta] = {
    each.endpoint: each.read_each * HOUR for each in sorted(OBJECTS, key=lambda each: each.read_each) if each.read_each
}
APPROVED = tuple(each.endpoint for each in OBJECTS if each.approved)
# An endpoint of which Xero has told something is read so soon after its last read: by how much of the day's calls for reading is used up, in hundredths.
# Beyond the last line it waits for its turn: what is left then is for the turns.
TOLD: tuple[tuple[int, timedelta], ...] = ((50, timedelta(minutes=1)), (70, timedelta(minutes=5)), (80, QUICK))
# From so many hundredths on no list is read: the rest is for the records that the last one made to be read by their ids.
USED_UP = 90
# Which setting of the Xero Connection says how often which lists are read, in minutes.
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "read_invoices": (INVOICE.endpoint,),
    "read_credit_notes": (CREDIT_NOTE.endpoint,),
    "read_contacts": (CONTACT.endpoint,),
    "read_payments": (PAYMENT.endpoint, BATCH_PAYMENT.endpoint),
    "read_bank_transactions": (BANK_TRANSACTION.endpoint,),
    "read_transfers": (BANK_TRANSFER.endpoint,),
    "read_journals": (MANUAL_JOURNAL.endpoint,),
    "read_prepayments": (PREPAYMENT.endpoint, OVERPAYMENT.endpoint),
}
# Minutes between two reads that may be chosen.
LEAST, LONGEST = 5, 1440
# Of a hundred calls for reading, how many the turns of all lists together may need: the rest is for what waits for an approval, for events and the weekly look.
TURNS = 70

WEEK = timedelta(days=7)
# The hours of the site's clock in which all lists are looked through; where nothing runs at night, any hour once that is late by so much.
QUIET, LATE = range(1, 5), timedelta(days=10)


def chosen(settings: Mapping[str, Any]) -> dict[str, timedelta]:
    """By endpoint the time between two reads as the settings say, within its bounds; what is not set is as it comes. The most frequent first."""
    found = dict(PACE)
    for field, endpoints in SETTINGS.items():
        minutes = int(settings.get(field) or 0)
        if minutes:
            found |= dict.fromkeys(endpoints, min(max(minutes, LEAST), LONGEST) * MINUTE)
    return dict(sorted(found.items(), key=lambda each: each[1]))


def minutes(field: str) -> int:
    """What a setting is as it comes, in minutes."""
    return int(PACE[SETTINGS[field][0]] / MINUTE)


def pace(endpoint: str, awaited: Collection[str], paces: Mapping[str, timedelta] = PACE) -> timedelta:
    """The time between two reads of an endpoint; `awaited` are the endpoints at which something waits for an approval."""
    return min(paces[endpoint], QUICK * len(awaited)) if endpoint in awaited else paces[endpoint]


def due(last_read: Mapping[str, datetime], awaited: Collection[str], now: datetime, paces: Mapping[str, timedelta] = PACE) -> list[str]:
    """The endpoints whose turn it is. One that was never read has its first turn at once only where something waits there; else its reading
    begins now."""
    return [
        endpoint
        for endpoint in paces
        if (
            endpoint in awaited
            if endpoint not in last_read
            else not last_read[endpoint] <= now < last_read[endpoint] + pace(endpoint, awaited, paces)
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


def most_a_day(endpoints: Iterable[str], awaited: Collection[str], paces: Mapping[str, timedelta] = PACE) -> int:
    """How many reads a day these endpoints cost while only one page of each changes at a time."""
    return sum(-(-DAY // pace(endpoint, awaited, paces)) for endpoint in endpoints)


def looks_now(age: timedelta, hour: int, begun: bool) -> bool:
    """Whether all lists are looked through now: `age`: how long ago the last look began; `hour` of the site's clock; `begun`: one is not through yet."""
    return (begun or age >= WEEK) and (hour in QUIET or age >= LATE)
