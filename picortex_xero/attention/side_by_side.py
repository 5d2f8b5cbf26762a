"""A record as its document makes it beside the record as Xero shows it, field by field and line by line, in the words of Xero's screens (as_in_xero.py).

Values are unformatted, with `as` beside them. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import Any

from ..accounting.texts import Text, _, plain
from ..documents.details import due_date
from ..xero.records import xero_element
from ..xero.records.base import XeroObject
from . import as_in_xero
from .as_in_xero import DATE, MONEY, NUMBER, PERCENT, PRICE, TEXT, Names

Element = dict[str, Any]
FIGURES = (MONEY, NUMBER, PERCENT, PRICE)


def compared(its: XeroObject, here: Element | None, there: Element, names: Names, status: str = "") -> dict[str, Any]:
    """`fields`: `label`, `here`, `there`, `as`, `differs`; `columns` of the lines, and `lines`: each with the cells `here` and `there` (None where one side
    has no such line) and `differs` by column. `here`: what would be sent of the document today, None where nothing would; `status`: in which state it
    stands here, in words."""
    shown = _as_sent(there)
    sides = [as_in_xero.fields(its, each, _naming(names, there)) if each else [] for each in (here, shown)]
    fields = [_status(its, there, status), *_paired(*sides), *_totals(here, there)]
    columns, lines = _lines(its, here or {}, shown, names)
    return {"fields": [each for each in fields if each["here"] or each["there"]], "columns": columns, "lines": lines}


def _as_sent(there: Element) -> Element:
    """What Xero shows, as a request would say it: dates as days, no rate of one."""
    found = dict(there)
    for name, day in (("Date", xero_element.calendar_date(there)), ("DueDate", due_date(there))):
        found[name] = day
    if _number(there.get("CurrencyRate")) in (None, Decimal(1), Decimal(0)):
        found.pop("CurrencyRate", None)
    return found


def _naming(names: Names, there: Element) -> Names:
    """The names, with those that the record itself shows."""
    own = {
        str(part.get(f"{name}ID") or "").casefold(): str(part.get(field) or "")
        for name, field in (("Contact", "Name"), ("Invoice", "InvoiceNumber"), ("CreditNote", "CreditNoteNumber"))
        if isinstance(part := there.get(name), dict)
    }
    return replace(names, record=lambda xero_id: names.record(xero_id) or own.get(xero_id.casefold()) or xero_id)


def _status(its: XeroObject, there: Element, status: str) -> dict[str, Any]:
    now_on = as_in_xero.status(its, there)
    return _pair(_("Status"), plain(status), now_on, TEXT, bool(status) and xero_element.gone(there))


def _paired(here: list[dict[str, Any]], there: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ours, theirs = ({str(each["label"]): each for each in side} for side in (here, there))
    found = []
    for label in dict.fromkeys([*ours, *theirs]):
        one, other = ours.get(label), theirs.get(label)
        known = one or other
        assert known
        values = ["" if each is None else each["value"] for each in (one, other)]
        # What is not sent, Xero fills in: only what people type is a difference then.
        typed = one is not None or label in ("Reference", "Narration")
        differs = bool(here) and typed and not _same(values[0], values[1], known["as"])
        found.append(_pair(known["label"], values[0], values[1], known["as"], differs))
    return found


def _totals(here: Element | None, there: Element) -> list[dict[str, Any]]:
    """What Xero has computed; of the document what it must be is in `Total` and `TotalTax` of `here` (attention/changed.py)."""
    rows = ((_("Subtotal"), "SubTotal"), (_("Total tax"), "TotalTax"), (_("Total"), "Total"))
    found = []
    for label, name in rows:
        values = [plain("" if _number((each or {}).get(name)) is None else f"{_number((each or {})[name]):f}") for each in (here, there)]
        found.append(_pair(label, values[0], values[1], MONEY, bool(values[0] and values[1]) and not _same(values[0], values[1], MONEY)))
    return found


def _lines(its: XeroObject, here: Element, there: Element, names: Names) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    tables = [as_in_xero.lines(its, each, names) for each in (here, there)]
    labels = {str(column["label"]): column for table in tables for column in table["columns"]}
    # Xero computes the tax of a line and its amount; they are compared only where both sides say them.
    ours, theirs = (
        [{str(column["label"]): cell for column, cell in zip(table["columns"], row)} for row in table["rows"]] for table in tables
    )
    lines = []
    for one, other in _aligned(ours, theirs, labels):
        cells = [None if row is None else [row.get(label, "") for label in labels] for row in (one, other)]
        differs = [
            one is None or other is None or (_said(one, other, label) and not _same(one.get(label, ""), other.get(label, ""), column["as"]))
            for label, column in labels.items()
        ]
        lines.append({"here": cells[0], "there": cells[1], "differs": differs if ours else [False] * len(labels)})
    return list(labels.values()), lines


def _said(one: dict[str, Any], other: dict[str, Any], label: str) -> bool:
    computed = label in ("Tax amount", "Tax rate", "Disc.", "Item", "Account", "Amount", "Qty.", "Price")
    return bool(one.get(label)) or not computed


def _aligned(ours: list[dict[str, Any]], theirs: list[dict[str, Any]], labels: dict[str, Any]) -> list[tuple[Any, Any]]:
    """Pairs of lines; None where one side has no such line."""
    keys = [
        [tuple(_plain(row.get(label, ""), labels[label]["as"]) for label in labels if label in KEYS) for row in side]
        for side in (ours, theirs)
    ]
    pairs: list[tuple[Any, Any]] = []
    for _tag, i1, i2, j1, j2 in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        mine, other = ours[i1:i2], theirs[j1:j2]
        longest = max(len(mine), len(other))
        pairs += [(mine[at] if at < len(mine) else None, other[at] if at < len(other) else None) for at in range(longest)]
    return pairs


KEYS = ("Item", "Description", "Qty.", "Price", "Debit", "Credit")


def _pair(label: Text, here: Any, there: Any, kind: str, differs: bool) -> dict[str, Any]:
    return {"label": label, "here": here, "there": there, "as": kind, "differs": differs}


def _same(one: Any, other: Any, kind: str) -> bool:
    return _plain(one, kind) == _plain(other, kind)


def _plain(value: Any, kind: str) -> Any:
    if kind in FIGURES:
        number = _number(value)
        return number if number is not None else ""
    return str(value)[:10] if kind == DATE else xero_element.fold(str(value))


def _number(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return None
