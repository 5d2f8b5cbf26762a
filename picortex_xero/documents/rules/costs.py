"""How many requests to Xero documents of one kind take a day, by when they go: those of one minute (the job of every minute), one hour or one day go together,
as many in a request as the engine puts there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from ...accounting.money import half_up
from ...xero.records.base import BATCH_LIMIT, Kind
from ...xero.records.registry import CREDIT_NOTE as CREDIT
from ...xero.records.registry import INVOICE as INVOICES
from ...xero.records.registry import MANUAL_JOURNAL
from ...xero.records.registry import PAYMENT as PAYMENTS
from ..preview_together import IDS, SINGLE, Costs, requests
from .kinds import BILL, CREDIT_NOTE, INVOICE, JOURNAL, PAYMENT, SUPPLIER_CREDIT
from .rule import DAILY, HOURLY, REAL_TIME

# What documents of each kind become, mostly.
BECOMES: Mapping[str, Kind] = {
    INVOICE: INVOICES.made_by,
    BILL: INVOICES.made_by,
    CREDIT_NOTE: CREDIT.made_by,
    SUPPLIER_CREDIT: CREDIT.made_by,
    PAYMENT: PAYMENTS.made_by,
    JOURNAL: MANUAL_JOURNAL.made_by,
}
# Before these are sent, Xero is asked what it has: of suppliers' numbers, and of what is paid.
READ_BEFORE = (BILL, SUPPLIER_CREDIT, PAYMENT)
# How many characters of a time (2026-12-31 17:05:00) stay the same.
TOGETHER = {REAL_TIME: len("2026-12-31 17:05"), HOURLY: len("2026-12-31 17"), DAILY: len("2026-12-31")}


def a_day(kind: str, made: Iterable[datetime], days: int, notes: bool) -> dict[str, Decimal]:
    """Requests a day by each choice, to one decimal, for documents that were `made` at these times of so many `days`. `notes`: a history note goes with each
    that has no link back of its own."""
    times = [str(each) for each in made]
    return {choice: _a_day(kind, Counter(each[:length] for each in times), days, notes) for choice, length in TOGETHER.items()}


def _a_day(kind: str, together: Counter[str], days: int, notes: bool) -> Decimal:
    total = sum(requests(_costs(kind, count, notes), BATCH_LIMIT) for count in together.values())
    return half_up(Decimal(total) / days, 1)


def _costs(kind: str, count: int, notes: bool) -> Costs:
    becomes = BECOMES[kind]
    noted = notes and becomes.xero_object.takes_notes and not becomes.xero_object.shows_link
    return {becomes.name: count, IDS: count if kind in READ_BEFORE else 0, SINGLE: count if noted else 0}
