"""Aged Receivables and Payables of all contacts, from what was read of open documents: Xero has that report for one contact only. Xero is asked nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO
from ..accounting.texts import Text, _, plain
from ..engine.screen_texts import in_words, stored
from ..reports import ageing
from ..reports.kinds import OPEN_ITEMS
from ..xero.records.open_items import Item
from . import drawn, snapshots
from .chosen import Chosen
from .drawn import Drawn

LINK = "Xero Link"
# So many in one statement: few enough for a database to take, and so many that one which reads them all each time does so seldom.
AT_ONCE = 4_000
FIELDS = ("not_due", "first", "second", "third", "older")


def aged(chosen: Chosen, customers: bool, by_due_date: bool, documents: bool) -> Drawn:
    """One row for each contact with something open at the day, and one for each document below where `documents`; each document with the one here that it was made of."""
    read = snapshots.open_at(chosen.connection, chosen.last)
    if not read:
        return Drawn(said=drawn.head(chosen, OPEN_ITEMS, None))
    lines = ageing.aged(read.items, customers, read.at, by_due_date)
    here = _here(chosen.connection, [each for line in lines for each in line.items]) if documents else {}
    rows: list[dict[str, Any]] = []
    for line in lines:
        parts = dict(zip(FIELDS, line.parts))
        rows.append({**_row(stored(line.contact_name), 0, read.currency), **parts, "total": line.total})
        rows += [_document(each, read, by_due_date, here) for each in line.items] if documents else []
    sums: list[Decimal | None] = [sum((line.parts[at] for line in lines), ZERO) for at in range(len(FIELDS))]
    if lines:
        total = {**_row(in_words(_("Total")), 0, read.currency), **dict(zip(FIELDS, sums))}
        rows.append({**total, "total": sum(line.total for line in lines), "bold": 1})
    labels = names(by_due_date)
    picture = drawn.chart([in_words(each) for each in labels], [(_("Open"), sums)], read.currency) if lines else None
    return Drawn(_columns(labels, documents), rows, drawn.head(chosen, OPEN_ITEMS, read.read_at, not lines), picture, read.read_at)


def names(by_due_date: bool) -> list[Text]:
    """The parts, by days overdue."""
    edges = ageing.EDGES
    first = _("Not due") if by_due_date else _("Dated ahead or that day")
    spans = [plain(f"{before + 1}-{edge}") for before, edge in zip((0, *edges), edges)]
    return [first, *(_("{days} days").format(days=each) for each in spans), _("Over {days} days").format(days=str(edges[-1]))]


def _columns(labels: Sequence[Text], documents: bool) -> list[drawn.Column]:
    columns = [drawn.text("title", in_words(_("Contact")), 240)]
    if documents:
        columns += [
            drawn.text("number", in_words(_("Number in Xero")), 140),
            drawn.text("document", in_words(_("Document Here")), 180, "Dynamic Link", "doctype"),
            drawn.text("due", in_words(_("Due Date")), 105, "Date"),
        ]
    return [
        *columns,
        *(drawn.money(name, in_words(label)) for name, label in zip(FIELDS, labels)),
        drawn.money("total", in_words(_("Total"))),
    ]


def _row(title: str, indent: int, currency: str) -> dict[str, Any]:
    return {"title": title, "indent": indent, "currency": currency, "bold": 0}


def _document(item: Item, read: snapshots.Items, by_due_date: bool, here: dict[str, tuple[str, str]]) -> dict[str, Any]:
    doctype, name = here.get(item.id, ("", ""))
    part = FIELDS[ageing.part_of(item, read.at, by_due_date)]
    return {
        **_row(stored(item.number), 1, read.currency),
        "number": stored(item.number),
        "doctype": doctype,
        "document": name,
        "due": item.due or item.day,
        part: item.base,
        "total": item.base,
    }


def _here(connection: str, items: Sequence[Item]) -> dict[str, tuple[str, str]]:
    """By id in Xero the document here that was sent as it, or stands for it."""
    ids = [each.id for each in items]
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(ids), AT_ONCE):
        filters = {"connection": connection, "xero_id": ("in", ids[start : start + AT_ONCE])}
        for row in frappe.get_all(LINK, filters=filters, fields=["xero_id", "reference_doctype", "reference_name"]):
            found.setdefault(str(row["xero_id"]).lower(), (str(row["reference_doctype"]), str(row["reference_name"])))
    return found
