"""How many requests an import takes, and how long: from what a sample of its documents would become, and from the calls that a day leaves for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...xero.records.base import BATCH_LIMIT
from ...xero.records.registry import CONTACT, KINDS
from ...xero.records.registry import CREDIT_NOTE as CREDIT_NOTE_RECORD
from ...xero.records.registry import INVOICE as INVOICE_RECORD
from ..preview_together import IDS, IDS_PER_CALL, SINGLE, Costs
from ..rules.kinds import BILL, CREDIT_NOTE, INVOICE, SUPPLIER_CREDIT
from . import coded

# Calls count for a day, and are counted by ten minutes (engine/history_budget.py).
DAY = 86_400 + 600
# Of whose numbers Xero is asked before one is sent, and of how many in one call, as the addresses have room (engine/look_at_xero.py).
INVOICES, CREDIT_NOTES = INVOICE_RECORD.made_by.name, CREDIT_NOTE_RECORD.made_by.name
ASKED = {INVOICE: (INVOICES, 50), BILL: (INVOICES, 20), CREDIT_NOTE: (CREDIT_NOTES, 25), SUPPLIER_CREDIT: (CREDIT_NOTES, 12)}
# Calls a minute that an import makes at most, of Xero's 60; the others are left for live traffic and people.
A_MINUTE = 36
CONTACTS_PER_CALL = 1000
# Calls of each day that send nothing: Xero's lists are read once before (engine/fresh_lists.py), and the last round of a day begins only where a whole one
# has room (engine/history_budget.py).
LISTS, UNUSED = 6, 6


@dataclass(frozen=True)
class Sample:
    """What some documents of one kind would become: `costs` of all of them (see preview_together.costs), of `looked_at` documents; `goes` of them
    would go, and the import comes to `count` of the kind."""

    count: int
    looked_at: int
    goes: int
    costs: Costs


@dataclass(frozen=True)
class Forecast:
    """`documents` that the import comes to, `requests` that it makes, `a_day` that it may make, `seconds` until it is done."""

    documents: int
    requests: int
    a_day: int
    seconds: int


def requests(samples: Mapping[str, Sample], contacts: int, in_xero: int) -> int:
    """How many calls an import makes: `samples` by kind, `contacts` that have to be made first, `in_xero`: how many Xero has."""
    whole: Costs = {}
    goes: dict[str, int] = {}
    for kind, sample in samples.items():
        goes[kind] = _of_all(sample.goes, sample)
        for part, elements in sample.costs.items():
            if part != CONTACT.made_by.name:
                whole[part] = whole.get(part, 0) + _of_all(elements, sample)
    sent = {part: number if _alone(part) else _calls(number, BATCH_LIMIT) for part, number in whole.items() if part in KINDS}
    # Reads are made for each request by itself: how many elements of one are asked about together is what counts.
    looks_before = sum(_reads(goes.get(kind, 0), sent.get(part, 0), at_once) for kind, (part, at_once) in ASKED.items())
    settling = sum(count for part, count in sent.items() if part not in (INVOICES, CREDIT_NOTES))
    # Before money goes Xero's bank transactions near its days are looked at: a list for each request (engine/look_at_bank.py).
    banks = sum(sent.get(kind.name, 0) for kind in coded.MOVING)
    count = sum(sent.values()) + looks_before + banks + whole.get(SINGLE, 0) + _reads(whole.get(IDS, 0), settling, IDS_PER_CALL)
    batches = -(-contacts // BATCH_LIMIT)
    # Before contacts are made Xero's are read: all of them, or each name is searched, whichever takes fewer calls.
    looks = batches * min(max(1, -(-in_xero // CONTACTS_PER_CALL)), BATCH_LIMIT)
    return count + batches + looks


def _of_all(found: int, sample: Sample) -> int:
    """How many there are of all documents, by how many there are of those looked at."""
    return (found * sample.count + sample.looked_at // 2) // sample.looked_at if sample.looked_at else 0


def _alone(part: str) -> bool:
    its = KINDS[part]
    return its.alone or its.bare or its.nested


def _reads(elements: int, sent: int, at_once: int) -> int:
    """How many calls read what so many elements in `sent` requests have to see."""
    return sent * _calls(_calls(elements, sent), at_once) if sent and elements else _calls(elements, at_once)


def _calls(elements: int, at_once: int) -> int:
    return -(-elements // at_once)


def forecast(samples: Mapping[str, Sample], contacts: int, in_xero: int, a_day: int, left_today: int) -> Forecast:
    """The whole of it. `left_today`: calls that may still be made before a day has gone by since the former ones."""
    documents = sum(each.count for each in samples.values())
    made = requests(samples, contacts, in_xero)
    seconds = seconds_of(made, a_day, left_today)
    return Forecast(documents, made + LISTS * (1 + seconds // DAY), a_day, seconds)


def seconds_of(made: int, a_day: int, left_today: int) -> int:
    """How long so many requests take, with `a_day` calls a day, made as fast as a minute allows."""
    a_day, left_today = max(1, a_day - LISTS - UNUSED), max(0, left_today - LISTS - UNUSED)
    if made <= left_today:
        return _at_pace(made)
    further = made - left_today
    days = -(-further // a_day)
    return days * DAY + _at_pace(further - (days - 1) * a_day)


def _at_pace(made: int) -> int:
    return -(-made * 60 // A_MINUTE)


def total(parts: Iterable[Costs]) -> Costs:
    """The sum of costs."""
    found: Costs = {}
    for costs in parts:
        for part, count in costs.items():
            found[part] = found.get(part, 0) + count
    return found
