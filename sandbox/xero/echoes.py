"""What an ``echo`` fault does to an answer on its way out: shown otherwise than stored, never stored otherwise.

``field`` is a path into the element ("Reference", "Contact.ContactID", "LineItems.0.Description", "Payments.*.Amount"),
``where`` says which elements: "all" (default), an index, {"path": text} for those that show this text, or "envelope" for
the answer itself ("pagination.pageCount", "Invoices"). ``operation`` is one of:

missing null empty   dropped; null; "", [], {} or 0
trimmed              control characters gone, blanks squeezed       case        upper and lower case swapped
entities percent     HTML entities; percent-encoded (addresses)     decomposed  unicode in its NFD form
slashed              an address with "/" before its "?"
as_text              a number as text     more_zeros, exponent      a number written 12.5000, 1.25E+1
other_date           the other of Xero's two date forms
changed              another value of the same type: another id, day, amount, text; a live status reads VOIDED
reordered            a list the other way round                     bare        a list of one as its one object
moved                nested elsewhere: another wrapper (a credit note under Invoice), hoisted out of its object, put
                     into one, a collection under Elements

Nothing here knows a rule of Xero's; ``apply`` returns how many values it changed.
"""
from __future__ import annotations

import html
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from sandbox.xero import wire

# A wrapper and the one its content may be found under instead, with the fields that take another name there.
_ELSEWHERE = {"Invoice": "CreditNote", "CreditNote": "Invoice", "Overpayment": "Invoice", "Prepayment": "Invoice",
              "Account": "BankAccount", "BankAccount": "Account", "FromBankAccount": "ToBankAccount",
              "ToBankAccount": "FromBankAccount"}
_LIVE = {"DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "POSTED"}


def apply(answer: Any, fault: dict[str, Any]) -> int:
    """Changes ``answer`` in place as the fault says; how many values are now shown otherwise."""
    operation = fault["operation"]
    if not isinstance(answer, dict):
        return 0
    count = 0
    for collection, element in _elements(answer, fault.get("where", "all")):
        # From the end, so that what is dropped from a list does not move what comes before it.
        for container, key, depth in reversed(list(_places(element, fault["field"].split("."), 1))):
            if operation == "missing":
                del container[key]
                count += 1
            elif operation == "moved":
                count += _move(element, container, key, depth, collection)
            else:
                before = container[key]
                container[key] = VALUES[operation](before, str(key))
                count += wire.dumps(container[key]) != wire.dumps(before)
    return count


def check(fault: dict[str, Any]) -> None:
    """ValueError where an echo fault does not say what it does."""
    if fault.get("operation") not in OPERATIONS:
        raise ValueError(f"unknown operation {fault.get('operation')!r}; known: {', '.join(OPERATIONS)}")
    if not fault.get("field"):
        raise ValueError("an echo fault needs a field, as a path into the element")


def collection_of(answer: dict[str, Any]) -> str:
    """The name under which an answer holds its elements; "" where it holds none."""
    return next((key for key, value in answer.items() if isinstance(value, list)), "")


def _elements(answer: dict[str, Any], where: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    collection = collection_of(answer)
    if where == "envelope":
        yield "", answer
        return
    for index, element in enumerate(answer.get(collection, [])):
        if not isinstance(element, dict):
            continue
        if where == "all" or where == index or (isinstance(where, dict) and all(
                any(str(holder[key]) == str(text) for holder, key, _ in _places(element, path.split("."), 1))
                for path, text in where.items())):
            yield collection, element


def _places(node: Any, path: list[str], depth: int) -> Iterator[tuple[Any, Any, int]]:
    """(container, key, depth) of every value the path leads to."""
    keys: list[Any] = []
    if isinstance(node, dict):
        keys = list(node) if path[0] == "*" else [path[0]] if path[0] in node else []
    elif isinstance(node, list):
        keys = list(range(len(node))) if path[0] == "*" else [int(path[0])] if path[0].isdigit() and int(path[0]) < len(node) else []
    for key in keys:
        if len(path) == 1:
            yield node, key, depth
        else:
            yield from _places(node[key], path[1:], depth + 1)


def _move(element: dict[str, Any], container: Any, key: Any, depth: int, collection: str) -> bool:
    """Takes a value from where it is and shows it somewhere else; False where there is no elsewhere."""
    if not isinstance(container, dict):
        return False
    value = container[key]
    if not collection and depth == 1:
        if isinstance(value, list):
            container["Elements"] = container.pop(key)
    elif key in _ELSEWHERE and isinstance(value, dict):
        other = _ELSEWHERE[key]
        moved = container.pop(key)
        if other in container:
            container[key] = container[other]
        container[other] = {re.sub(f"^{key}(ID|Number)$", rf"{other}\1", name): item for name, item in moved.items()}
        return True
    elif depth > 1 and key not in element:
        element[key] = container.pop(key)
    elif depth == 1 and collection and not isinstance(value, (dict, list)):
        wrapper = element.setdefault(collection.rstrip("s"), {})
        if isinstance(wrapper, dict):
            wrapper[key] = container.pop(key)
    return key not in container


def _of_text(change: Callable[[str], str]) -> Callable[[Any, str], Any]:
    return lambda value, key: change(value) if isinstance(value, str) else value


def _of_number(change: Callable[[Decimal], Any]) -> Callable[[Any, str], Any]:
    return lambda value, key: change(Decimal(str(value))) if isinstance(value, (int, float, Decimal)) and not isinstance(
        value, bool) else value


def tidy(value: str) -> str:
    """Control characters gone, every run of blanks one blank, none at the ends."""
    return " ".join("".join(c if c.isspace() or unicodedata.category(c) != "Cc" else "" for c in value).split())


def _empty(value: Any, key: str) -> Any:
    if isinstance(value, (str, list, dict)):
        return type(value)()
    return value if value is None or isinstance(value, bool) else 0


def _other_date(value: str) -> str:
    day = wire.parse_day(value) if _is_date(value) else None
    if day is None:
        return value
    return wire.iso_day(day) if value.startswith("/Date(") else wire.ms_date(day)


def _is_date(value: str) -> bool:
    return bool(re.match(r"/Date\(|\d{4}-\d\d-\d\d", value)) and wire.parse_day(value) is not None


def _exponent(value: Decimal) -> Decimal:
    """The same number in scientific writing: 12.50 as 1.25E+1, 250 as 2.5E+2, 7 as 0.7E+1's shortest form."""
    sign, digits, exponent = value.normalize().as_tuple()
    assert isinstance(exponent, int)
    return Decimal(f"{'-' if sign else ''}{''.join(map(str, digits))}E{exponent}") if exponent > 0 else _Scientific(value)


class _Scientific(Decimal):
    """Written with an exponent whatever its size."""

    def __str__(self) -> str:
        return f"{Decimal(self):E}"


def _changed(value: Any, key: str) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float, Decimal)):
        return value + 1
    if not isinstance(value, str):
        return value
    if value in _LIVE:
        return "VOIDED"
    if key == "StatusAttributeString":
        return "ERROR"
    if wire.is_guid(value):
        return str(uuid.uuid5(uuid.NAMESPACE_URL, "another/" + value))
    if _is_date(value):
        day: date = (wire.parse_day(value) or date.min) + timedelta(days=1)
        return wire.ms_date(day) if value.startswith("/Date(") else day.isoformat() + value[10:]
    return "Something else" if value != "Something else" else "Something other"


VALUES: dict[str, Callable[[Any, str], Any]] = {
    "null": lambda value, key: None,
    "empty": _empty,
    "trimmed": _of_text(tidy),
    "case": _of_text(str.swapcase),
    "entities": _of_text(lambda value: html.escape(value).replace("/", "&#x2F;")),
    "percent": _of_text(lambda value: quote(value, safe="") if "://" in value else value),
    "decomposed": _of_text(lambda value: unicodedata.normalize("NFD", value)),
    "slashed": _of_text(lambda value: re.sub(r"(?<!/)\?", "/?", value, count=1) if "://" in value else value),
    "as_text": _of_number(str),
    "more_zeros": _of_number(lambda value: value.quantize(Decimal(1).scaleb(min(int(value.as_tuple().exponent), 0) - 2))),
    "exponent": _of_number(_exponent),
    "other_date": _of_text(_other_date),
    "changed": _changed,
    "reordered": lambda value, key: value[::-1] if isinstance(value, list) else value,
    "bare": lambda value, key: value[0] if isinstance(value, list) and len(value) == 1 else value}
OPERATIONS = ("missing", *VALUES, "moved")
