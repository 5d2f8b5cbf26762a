"""What of a record in Xero moves no money and is a difference all the same: due date, reference, number, narration, and what its lines say in which
quantities and prices. Kept in the picture of the record (picture.py) under DETAILS, the lines as one hash: they may be hundreds.

What Xero does not show proves nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ..accounting.money import decimal
from ..accounting.texts import Text, _, day, plain
from ..xero.records import xero_element

Element = dict[str, Any]
DETAILS, LINES = "details", "Lines"
# The formula of the hash stands before it, with how the amounts are shown: another one proves nothing.
FORMULA = "1"
CHANGED = {
    "DueDate": _("the due date was {here} and is {there} now"),
    "Reference": _("the reference was {here} and is {there} now"),
    "Number": _("the number was {here} and is {there} now"),
    "Narration": _("the narration was {here} and is {there} now"),
    LINES: _("its lines say something else, or are split otherwise"),
}
FIELDS = {"Reference": "Reference", "Narration": "Narration", "InvoiceNumber": "Number", "CreditNoteNumber": "Number"}
LONGEST_SHOWN = 80


def details(element: Element) -> dict[str, str]:
    """The details of a record as an answer or a list shows it, as far as it shows them."""
    found = {name: str(element[field] or "") for field, name in FIELDS.items() if field in element}
    if due := due_date(element):
        found["DueDate"] = due
    if rows := _rows(element):
        shown_as = xero_element.fold(element.get("LineAmountTypes"))
        found[LINES] = f"{FORMULA}:{shown_as}:{hashlib.sha256(repr(sorted(rows)).encode()).hexdigest()[:16]}"
    return found


def due_date(element: Element) -> str:
    """The due date of an element (yyyy-mm-dd); "" where it shows none."""
    return xero_element.calendar_date({"DateString": element.get("DueDateString"), "Date": element.get("DueDate")})


def _rows(element: Element) -> list[tuple[str, ...]]:
    rows = element.get("LineItems") or element.get("JournalLines")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return []
    return [
        (
            xero_element.fold(row.get("ItemCode")),
            xero_element.fold(row.get("Description")),
            *(_figure(row.get(name)) for name in ("Quantity", "UnitAmount", "DiscountRate", "LineAmount")),
        )
        for row in rows
    ]


def other_details(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[Text]:
    """One sentence for each detail that is not what it was; `was` and `now` are pictures."""
    before, after = (shown.get(DETAILS) or {} for shown in (was, now))
    return [
        words.format(**({"here": _shown(name, before[name]), "there": _shown(name, after[name])} if name != LINES else {}))
        for name, words in CHANGED.items()
        if name in before and name in after and _differs(name, before[name], after[name])
    ]


def _differs(name: str, before: str, after: str) -> bool:
    comparable = name != LINES or before.rpartition(":")[0] == after.rpartition(":")[0]
    return comparable and xero_element.fold(before) != xero_element.fold(after)


def _figure(value: Any) -> str:
    try:
        return f"{decimal(value).normalize():f}"
    except ValueError:
        return str(value)


def _shown(name: str, value: str) -> Text:
    return _("empty") if not value else day(value) if name == "DueDate" else plain(value[:LONGEST_SHOWN])
