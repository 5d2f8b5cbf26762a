"""Readings of reports as they are kept: one row of Xero Report Snapshot for what one request showed, with the time at which it was read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import frappe

from ..engine.clock import now
from ..engine.standard_columns import standard
from ..reports import kept, periods, thinned
from ..reports.asked import Asked
from ..reports.kinds import OPEN_ITEMS, PROFIT_AND_LOSS, Kind
from ..reports.reading import Statement
from ..xero.records.open_items import Item

DOCTYPE = "Xero Report Snapshot"
ACCRUAL, CASH = "Accrual", "Cash"


@dataclass(frozen=True)
class Read:
    """What was read, and when (UTC)."""

    statement: Statement
    read_at: datetime
    currency: str


@dataclass(frozen=True)
class Items:
    """The documents open at the end of `at` (yyyy-mm-dd), as they were read."""

    items: tuple[Item, ...]
    at: str
    read_at: datetime
    currency: str


def write(connection: str, company: str, currency: str, asked: Asked, figures: str, lines: int) -> None:
    """Keep what a request showed, and of older readings only what is to be kept. Part of the caller's transaction."""
    about, series = _about(asked), _series(asked)
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET `newest`=0 WHERE `connection`=%(connection)s AND `report`=%(report)s AND `newest`=1 AND `about`=%(about)s",
        {"connection": connection, "report": asked.kind.name, "about": about},
    )
    values = {
        **standard(),
        "name": frappe.generate_hash(length=12),
        "connection": connection,
        "company": company,
        "report": asked.kind.name,
        "basis": CASH if asked.cash else ACCRUAL,
        "tracking_option": asked.option,
        "read_at": now(),
        "first_day": asked.first,
        "last_day": asked.last,
        "newest": 1,
        "lines": lines,
        "currency": currency,
        "about": about,
        "figures": figures,
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())])
    _thin(connection, asked, series)


def write_statement(connection: str, company: str, currency: str, asked: Asked, statement: Statement) -> None:
    """Keep a statement. Part of the caller's transaction."""
    write(connection, company, currency, asked, kept.text(statement), len(statement.lines))


def write_items(connection: str, company: str, currency: str, asked: Asked, items: Sequence[Item]) -> None:
    """Keep open items. Part of the caller's transaction."""
    rows = [[*_plain(each)] for each in items]
    write(connection, company, currency, asked, json.dumps(rows, ensure_ascii=False, separators=(",", ":")), len(rows))


def _plain(item: Item) -> Iterable[Any]:
    yield from (item.id, item.endpoint, item.customers, item.number, item.contact, item.contact_name, item.day, item.due, item.currency)
    yield from (str(item.left), str(item.base), item.planned)


def _about(asked: Asked) -> str:
    return f"{_series(asked)}|{asked.first}|{asked.last}"


def _series(asked: Asked) -> str:
    return f"{asked.kind.name}|{CASH if asked.cash else ACCRUAL}|{asked.option}"


def _thin(connection: str, asked: Asked, series: str) -> None:
    rows = frappe.get_all(
        DOCTYPE,
        filters={
            "connection": connection,
            "report": asked.kind.name,
            "basis": CASH if asked.cash else ACCRUAL,
            "tracking_option": asked.option,
        },
        fields=["name", "about", "read_at"],
    )
    readings = [thinned.Kept(row["name"], row["about"], series, row["read_at"]) for row in rows]
    if gone := thinned.superfluous(readings, now(), asked.kind == OPEN_ITEMS):
        frappe.db.delete(DOCTYPE, {"name": ("in", gone)})


def read_at(connection: str, asked: Asked) -> datetime | None:
    """When exactly this was last read (UTC)."""
    filters = {"connection": connection, "report": asked.kind.name, "about": _about(asked), "newest": 1}
    found = frappe.get_all(DOCTYPE, filters=filters, pluck="read_at", order_by="read_at desc", limit=1)
    return found[0] if found else None


def last_read(connection: str) -> dict[str, datetime]:
    """By report when anything of it was last read as it comes (UTC): on the accrual basis, without a tracking option."""
    rows = frappe.get_all(
        DOCTYPE,
        filters={"connection": connection, "newest": 1, "basis": ACCRUAL, "tracking_option": ""},
        fields=["report", "read_at"],
        order_by="read_at asc",
    )
    return {row["report"]: row["read_at"] for row in rows}


def of_months(connection: str, kind: Kind, first: date, last: date, cash: bool = False, option: str = "") -> Read | None:
    """One statement of the months from `first` to `last` that were read, each as it was read last; `read_at` is the oldest of them. None where none was."""
    filters = {
        "connection": connection,
        "report": kind.name,
        "basis": CASH if cash else ACCRUAL,
        "tracking_option": option,
        "newest": 1,
        "first_day": ("<=", last),
        "last_day": (">=", first),
    }
    names = frappe.get_all(DOCTYPE, filters=filters, fields=["name", "read_at", "currency"], order_by="read_at desc")
    wanted, found, used = {str(day) for day in _months(first, last)}, [], []
    for row in names:
        statement = _statement(row["name"])
        if wanted & set(statement.columns):
            found.append(statement)
            used.append(row)
            wanted -= set(statement.columns)
        if not wanted:
            break
    if not found:
        return None
    return Read(periods.merged(found), min(row["read_at"] for row in used), str(used[0]["currency"] or ""))


def _months(first: date, last: date) -> tuple[date, ...]:
    return Asked(PROFIT_AND_LOSS, first, last).columns


def of_days(connection: str, asked: Asked) -> Read | None:
    """A statement of exactly these days, as it was read last."""
    row = _exactly(connection, asked)
    return Read(_statement(row["name"]), row["read_at"], str(row["currency"] or "")) if row else None


def newest(connection: str, kind: Kind, cash: bool = False, until: date | None = None) -> tuple[Asked, Read] | None:
    """The last reading of a report about a day or a span of days that ends by `until`, and which days those are."""
    filters: dict[str, Any] = {"connection": connection, "report": kind.name, "basis": CASH if cash else ACCRUAL, "newest": 1}
    filters |= {"last_day": ("<=", until)} if until else {}
    fields = ["name", "read_at", "currency", "first_day", "last_day"]
    found = frappe.get_all(DOCTYPE, filters=filters, fields=fields, order_by="last_day desc, read_at desc", limit=1)
    if not found:
        return None
    row = found[0]
    return Asked(kind, row["first_day"], row["last_day"], cash), Read(_statement(row["name"]), row["read_at"], str(row["currency"] or ""))


def open_at(connection: str, day: date | None = None) -> Items | None:
    """What was open at the end of a day, as it was read last; without a day of the last one that was read."""
    filters: dict[str, Any] = {"connection": connection, "report": OPEN_ITEMS.name, "newest": 1, **({"last_day": day} if day else {})}
    fields = ["name", "read_at", "currency", "last_day"]
    found = frappe.get_all(DOCTYPE, filters=filters, fields=fields, order_by="last_day desc, read_at desc", limit=1)
    if not found:
        return None
    row = found[0]
    items = tuple(_item(*each) for each in json.loads(frappe.db.get_value(DOCTYPE, row["name"], "figures")))
    return Items(items, str(row["last_day"]), row["read_at"], str(row["currency"] or ""))


def _item(
    xero_id: str,
    endpoint: str,
    customers: bool,
    number: str,
    contact: str,
    contact_name: str,
    day: str,
    due: str,
    currency: str,
    left: str,
    base: str,
    planned: str = "",
) -> Item:
    return Item(xero_id, endpoint, customers, number, contact, contact_name, day, due, currency, Decimal(left), Decimal(base), planned)


def _exactly(connection: str, asked: Asked) -> dict[str, Any] | None:
    filters = {"connection": connection, "report": asked.kind.name, "about": _about(asked), "newest": 1}
    found = frappe.get_all(DOCTYPE, filters=filters, fields=["name", "read_at", "currency"], order_by="read_at desc", limit=1)
    return dict(found[0]) if found else None


def _statement(name: str) -> Statement:
    return kept.statement(frappe.db.get_value(DOCTYPE, name, "figures"))
