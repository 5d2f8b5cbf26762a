"""Reading elements of Xero's answers and lists: their ids, errors and texts, and the facts that are compared.

What an element does not show is left out; nothing here raises, whatever an element looks like.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from urllib.parse import unquote

from ...accounting.money import ZERO, decimal, half_up
from .base import GONE, Element, Kind, XeroObject

# Stands for Xero's answer 304 (nothing has changed since), which has no body.
NOT_MODIFIED = {"NotModified": True}
# Stands for Xero's answer 404 (no such record); no real answer looks like it.
NOT_FOUND = {"NotFound": True}
EMPTY_ID = "00000000-0000-0000-0000-000000000000"
EPOCH = datetime(1970, 1, 1)
# Fields of a record that may hold the app's mark or a document's name.
NUMBERS = ("ContactNumber", "InvoiceNumber", "CreditNoteNumber", "FileName")
TEXTS = ("Reference", "Narration", "Description", "Details")
MARK = re.compile(r"sync=([0-9a-z]+(?:-[0-9a-z]+)*)")


def elements(kind: Kind, data: Any) -> list[Element]:
    """The elements of an answer: under the name of the endpoint, under "Elements", under any other name, or the answer itself."""
    if isinstance(data, list):
        return [each for each in data if isinstance(each, dict)]
    if not isinstance(data, dict):
        return []
    for name in (kind.endpoint, "Elements"):
        if found := _listed(data.get(name)):
            return found
    elsewhere = [each for value in data.values() for each in _listed(value) if record_id(kind, each)]
    return elsewhere or ([data] if any(data.get(name) for name in kind.id_fields) else [])


def listed_under(listed: XeroObject, answer: dict[str, Any]) -> list[Any] | None:
    """The elements of a list: under the object's own name or, where they show its id, under another name or without one. None where the
    answer holds no such list or is an error."""
    if answer in (NOT_MODIFIED, NOT_FOUND):
        return []
    value = answer.get(listed.endpoint)
    if isinstance(value, list):
        return None if fold(answer.get("Status")) == "error" else value
    places = [value] if isinstance(value, dict) else [held for name, held in answer.items() if name != "pagination"]
    found = [each for place in places for each in _listed(place)]
    if any(linked_id(each, listed.id_field) for each in found):
        return found
    return [answer] if linked_id(answer, listed.id_field) else None


def _listed(value: Any) -> list[Element]:
    """The dicts of a list, or a single dict; also inside one more wrapper, as in some of Xero's lists."""
    if isinstance(value, dict):
        inner = [each for nested in value.values() if isinstance(nested, list) for each in nested if isinstance(each, dict)]
        return [value, *inner]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def record_id(kind: Kind, element: Element) -> str:
    """The id under which Xero has saved an element; "" where it shows none."""
    return next((found for name in kind.id_fields if (found := linked_id(element, name))), "")


def linked_id(element: Element, name: str) -> str:
    """The id in this field; "" where it is missing or the all-zero id that errors carry."""
    value = element.get(name)
    return value.strip() if isinstance(value, str) and value.strip() not in ("", EMPTY_ID) else ""


def errs(element: Element) -> bool:
    """Whether Xero says that it did not save this element."""
    flags = (element.get("HasErrors"), element.get("HasValidationErrors"))
    return fold(element.get("StatusAttributeString")) == "error" or True in flags or bool(element.get("ValidationErrors"))


def saved(kind: Kind, element: Element) -> bool:
    """Whether an element came back with an id and no error: it is in Xero and must never be created again."""
    return bool(record_id(kind, element)) and not errs(element)


def gone(element: Element) -> bool:
    """Whether Xero shows a record as voided or deleted."""
    return fold(element.get("Status")).upper() in GONE


def fold(text: Any) -> str:
    """A text without what Xero or the network may change: HTML entities, percent encoding, forms of accents, control characters, case,
    blanks."""
    if not isinstance(text, str):
        return "" if text is None or isinstance(text, (dict, list)) else str(text)
    plain = unicodedata.normalize("NFKC", unquote(html.unescape(text)))
    # Nearly every text is seen whole, and much is compared: only the others are looked through letter by letter.
    visible = plain if plain.isprintable() else "".join(map(_visible, plain))
    return " ".join(visible.casefold().split())


def _visible(letter: str) -> str:
    return letter if letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf") else " "


def asked_day(day: str) -> str:
    """A day (yyyy-mm-dd) as the `where` of a list of Xero's wants it (Xero's documentation, "Requests and responses")."""
    year, month, number = day.split("-")
    return f"DateTime({year}, {month}, {number})"


def calendar_date(element: Element, name: str = "Date") -> str:
    """The date of an element (or its other one of that name, such as DueDate) as yyyy-mm-dd: DateString where it is given, else /Date(ms+0000)/, which is midnight UTC of the calendar date
    whatever the organisation's time zone (Xero's documentation, "Requests and responses"); "" where neither can be read."""
    for field in (f"{name}String", name):
        text = str(element.get(field) or "")
        if stamp := re.match(r"/Date\((-?\d{1,15})", text):
            try:
                return (EPOCH + timedelta(milliseconds=int(stamp[1]))).date().isoformat()
            except OverflowError:
                return ""
        if re.match(r"\d{4}-\d\d-\d\d", text):
            return text[:10]
    return ""


def updated(element: Element) -> datetime | None:
    """When Xero says that a record changed last (UTC); None where it does not say so."""
    stamp = re.match(r"/Date\((-?\d{1,15})", str(element.get("UpdatedDateUTC") or ""))
    try:
        return EPOCH + timedelta(milliseconds=int(stamp[1])) if stamp else None
    except OverflowError:
        return None


def money(value: Any) -> str:
    """An amount as text with two decimals; "" for None and for what is no amount."""
    if value is None or isinstance(value, (bool, dict, list)):
        return ""
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return ""
    return str(half_up(amount)) if amount.is_finite() and abs(amount) < 10**15 else ""


def _part(element: Element, *names: str) -> Any:
    for name in names:
        element = element.get(name) if isinstance(element, dict) else None  # type: ignore[assignment]
    return element


def named_id(element: Element, *names: str) -> str:
    value = _part(element, *names)
    return value.strip().casefold() if isinstance(value, str) else ""


def contact_id(element: Element) -> str:
    """The id of the element's contact, in lower case; "" where it shows none."""
    return named_id(element, "Contact", "ContactID")


def ids_within(element: Element, names: Iterable[str]) -> list[str]:
    """The ids under these names, wherever they are in an element."""
    return sorted({value.strip().casefold() for name, value in _walk(element) if name in names and isinstance(value, str) and value})


def _walk(value: Any, depth: int = 3) -> Iterator[tuple[str, Any]]:
    """Every named value inside an element."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, inner
            if depth:
                yield from _walk(inner, depth - 1)
    elif isinstance(value, list) and depth:
        for each in value[:200]:
            yield from _walk(each, depth - 1)


def batch_members(element: Element) -> list[list[str]]:
    """[invoice id, amount] of each payment of a batch; [] where one of them is not shown."""
    rows = element.get("Payments")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return []
    found = [[named_id(row, "Invoice", "InvoiceID"), money(row.get("Amount"))] for row in rows]
    return sorted(found) if all(all(row) for row in found) else []


def line_amounts(element: Element) -> list[str]:
    """The amounts of a journal's lines; [] where one of them is not shown."""
    rows = element.get("JournalLines")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return []
    found = [money(row.get("LineAmount")) for row in rows]
    return sorted(found) if all(found) else []


def bill_facts(element: Element) -> Element:
    """The facts that invoices, bills and credit notes are compared by."""
    return {
        "Type": fold(element.get("Type")),
        "Contact": contact_id(element),
        "Total": money(element.get("Total")),
        "Date": calendar_date(element),
    }


def compared_fields(kind: Kind, element: Element) -> Element:
    """The facts of an element (or of a request's element) by name; what it does not show is left out."""
    return {name: value for name, value in kind.xero_object.compared_fields(element).items() if value}


def worth(element: Element) -> Any:
    """The amount of an element in its currency, for people: its total, a payment's amount, a journal's debits; None where none can be
    read."""
    figures = [element[field] for field in ("Total", "TotalAmount", "Amount") if element.get(field) is not None]
    rows = element.get("JournalLines")
    try:
        if figures:
            return decimal(figures[0])
        debits = [max(decimal(row.get("LineAmount")), ZERO) for row in rows] if isinstance(rows, list) and rows else []
        return sum(debits, ZERO) if debits else None
    except (ValueError, AttributeError):
        return None


class Settled(NamedTuple):
    """What the answer about a payment shows of the record that it pays: its status, and what is left to pay or to use of it."""

    status: str
    left: Decimal


def settled_in(element: Element) -> dict[str, Settled]:
    """By id in lower case: the records that a payment or an allocation names, where it shows both their status and what is left of them."""
    found = {}
    for name in ("Invoice", "CreditNote"):
        record = element.get(name)
        record = record if isinstance(record, dict) else {}
        left = next((text for each in ("AmountDue", "RemainingCredit") if (text := money(record.get(each)))), "")
        status, xero_id = record.get("Status"), named_id(record, f"{name}ID")
        if xero_id and left and isinstance(status, str) and status:
            found[xero_id] = Settled(status, Decimal(left))
    return found


def paid_back(credit: Element) -> Decimal | None:
    """The sum of the refunds of a credit note, an overpayment or a prepayment: 0 for none, None where an amount is not shown."""
    paid = [money(each.get("Amount")) for each in credit.get("Payments") or [] if isinstance(each, dict)]
    return sum(map(Decimal, paid), ZERO) if all(paid) else None


def mark(url: Any) -> str:
    """The app's mark in a Url: what follows `sync=`; "" where there is none."""
    found = MARK.search(fold(url))
    return found[1] if found else ""


def texts(element: Element) -> list[str]:
    """The texts of an element and its lines in which the app puts document names."""
    found = [element.get(name) for name in TEXTS]
    rows = element.get("LineItems")
    found += [row.get("Description") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [each for each in found if isinstance(each, str)]


def named(element: Element) -> list[str]:
    """The texts and numbers of a record that may name an ERPNext document."""
    return [text for text in (*texts(element), *(element.get(name) for name in NUMBERS)) if isinstance(text, str)]
