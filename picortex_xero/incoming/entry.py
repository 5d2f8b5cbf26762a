"""A manual journal, money spent or money received that somebody has entered in Xero, as Xero's lists show it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, decimal
from ..xero.records import xero_element
from ..xero.records.registry import BANK_TRANSACTION, MANUAL_JOURNAL

Element = dict[str, Any]
RECEIVED, SPENT, JOURNAL = "RECEIVE", "SPEND", "JOURNAL"
STANDS = {MANUAL_JOURNAL.endpoint: "POSTED", BANK_TRANSACTION.endpoint: "AUTHORISED"}
# What of a record is kept: its lines, and what says when, where and with whom. That it was reconciled, or when it was changed, makes no other record of it.
KEPT = (
    "ManualJournalID", "BankTransactionID", "Type", "Status", "Date", "DateString", "Narration", "Reference", "LineAmountTypes", "JournalLines", "LineItems",
    "BankAccount", "Contact", "CurrencyCode", "CurrencyRate", "Total",
)  # fmt: skip
_LINE = ("AccountID", "AccountCode", "Description", "TaxType", "TaxAmount", "LineAmount", "Tracking")
_PART = {"BankAccount": ("AccountID", "Name"), "Contact": ("ContactID", "Name")}
LONGEST_REFERENCE = 140


@dataclass(frozen=True)
class Line:
    """`net` and `tax` as in Xero's books, in the record's currency: debit positive. `tags`: (category, option)."""

    account_id: str
    code: str
    net: Decimal
    tax: Decimal
    tax_type: str
    tags: tuple[tuple[str, str], ...] = ()
    text: str = ""


@dataclass(frozen=True)
class IncomingEntry:
    """`kind`: RECEIVED, SPENT or JOURNAL; `bank`: the id of Xero's bank account, and `moved` what comes in there (goes out: negative), in its currency; `rate`: units of that
    currency for one of the base currency, 0 where Xero shows none. `stands`: it is part of Xero's books."""

    endpoint: str
    xero_id: str
    kind: str
    date: str
    text: str
    lines: tuple[Line, ...]
    stands: bool
    bank: str = ""
    moved: Decimal = ZERO
    currency: str = ""
    rate: Decimal = ZERO
    contact: str = ""
    contact_name: str = ""

    @property
    def total(self) -> Decimal:
        """What is moved: at the bank, or on the debit side of a journal."""
        return abs(self.moved) if self.bank else sum((each for line in self.lines for each in (line.net, line.tax) if each > ZERO), ZERO)


def kept(element: Element) -> str:
    """A record as its row keeps it."""
    shown = {name: element[name] for name in KEPT if element.get(name) is not None}
    for name, wanted in _PART.items():
        if isinstance(shown.get(name), Mapping):
            shown[name] = {each: shown[name].get(each) for each in wanted}
    for name in ("JournalLines", "LineItems"):
        if name in shown:
            shown[name] = [{each: line[each] for each in _LINE if each in line} for line in _dicts(shown[name])]
    return json.dumps(shown, default=str)


def read(endpoint: str, element: Element) -> IncomingEntry | None:
    """The record as an entry; None for a transfer or an advance, which is no entry of its own, and where no type, date or id could be read."""
    journal = endpoint == MANUAL_JOURNAL.endpoint
    kind = JOURNAL if journal else str(element.get("Type") or "")
    xero_id = xero_element.linked_id(element, MANUAL_JOURNAL.id_field if journal else BANK_TRANSACTION.id_field).lower()
    date = xero_element.calendar_date(element)
    if kind not in (RECEIVED, SPENT, JOURNAL) or not xero_id or not date:
        return None
    bank = "" if journal else xero_element.named_id(element, "BankAccount", "AccountID")
    # Lines of money received are credits, those of money spent debits.
    sign = -1 if kind == RECEIVED else 1
    inclusive = element.get("LineAmountTypes") == "Inclusive"
    lines = tuple(
        made for line in _dicts(element.get("JournalLines" if journal else "LineItems")) if (made := _line(line, sign, inclusive))
    )
    contact = element.get("Contact")
    return IncomingEntry(
        endpoint,
        xero_id,
        kind,
        date,
        _words(element.get("Narration") if journal else element.get("Reference")),
        lines,
        element.get("Status") == STANDS[endpoint],
        bank,
        -sign * decimal(element.get("Total")) if bank else ZERO,
        str(element.get("CurrencyCode") or ""),
        decimal(element.get("CurrencyRate")),
        xero_element.contact_id(element),
        _words(contact.get("Name")) if isinstance(contact, Mapping) else "",
    )


def _line(line: Element, sign: int, inclusive: bool) -> Line | None:
    amount, tax = decimal(line.get("LineAmount")), decimal(line.get("TaxAmount"))
    if not amount and not tax:
        return None  # a line of text
    tags = tuple((str(each.get("Name") or ""), str(each.get("Option") or "")) for each in _dicts(line.get("Tracking")))
    return Line(
        xero_element.named_id(line, "AccountID"),
        str(line.get("AccountCode") or ""),
        sign * (amount - (tax if inclusive else ZERO)),
        sign * tax,
        str(line.get("TaxType") or ""),
        tags,
        _words(line.get("Description")),
    )


def _dicts(value: Any) -> list[Element]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _words(value: Any) -> str:
    return " ".join(str(value or "").split())
