"""Which reports are out of date after something was sent, or after Xero has told of a change. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from ..reports.kinds import BALANCE_SHEET, BANK_SUMMARY, OPEN_ITEMS, PROFIT_AND_LOSS, TRIAL_BALANCE, Kind
from ..xero.records.registry import (
    BANK_TRANSACTION,
    BANK_TRANSFER,
    BATCH_PAYMENT,
    CREDIT_NOTE,
    INVOICE,
    MANUAL_JOURNAL,
    OVERPAYMENT,
    PAYMENT,
    PREPAYMENT,
)

_BOOKS = (PROFIT_AND_LOSS, BALANCE_SHEET, TRIAL_BALANCE)
_DOCUMENTS, _MONEY = (*_BOOKS, OPEN_ITEMS), (*_BOOKS, OPEN_ITEMS, BANK_SUMMARY)
# By where it was sent: contacts, items, notes and files change no figure, and a budget is changed in Xero alone.
BY_ENDPOINT: Mapping[str, tuple[Kind, ...]] = {
    INVOICE.endpoint: _DOCUMENTS,
    CREDIT_NOTE.endpoint: _DOCUMENTS,
    # A payment settles at another rate than its invoice's, and counts on the cash basis.
    PAYMENT.endpoint: _MONEY,
    BATCH_PAYMENT.endpoint: _MONEY,
    BANK_TRANSACTION.endpoint: _MONEY,
    PREPAYMENT.endpoint: _MONEY,
    OVERPAYMENT.endpoint: _MONEY,
    BANK_TRANSFER.endpoint: (BALANCE_SHEET, TRIAL_BALANCE, BANK_SUMMARY),
    MANUAL_JOURNAL.endpoint: _BOOKS,
}
# By the category of Xero's event.
BY_CATEGORY: Mapping[str, tuple[Kind, ...]] = {
    "INVOICE": _DOCUMENTS,
    "CREDITNOTE": _DOCUMENTS,
    "PAYMENT": _MONEY,
    "PREPAYMENT": _MONEY,
    "OVERPAYMENT": _MONEY,
}
# What is added to a record and changes no figure of it.
_BESIDE = ("/History", "/Attachments")


def by_path(path: str) -> tuple[Kind, ...]:
    """The reports that a request which writes there changes."""
    place = path.partition("?")[0]
    return () if any(each in place for each in _BESIDE) else BY_ENDPOINT.get(place.split("/")[0], ())


def latest(sent: Iterable[tuple[str, datetime]], told: Iterable[tuple[str, datetime]]) -> dict[str, datetime]:
    """By name of the report since when it is out of date: the last of what was sent (path and time) and of what Xero told (category and time)."""
    found: dict[str, datetime] = {}
    changes = [(by_path(path), at) for path, at in sent] + [(BY_CATEGORY.get(category, ()), at) for category, at in told]
    for kinds, at in changes:
        for kind in kinds:
            found[kind.name] = max(found.get(kind.name, at), at)
    return found
