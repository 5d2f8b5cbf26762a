"""What the page Xero Reports shows of a company: one tile for each report, with a few figures, as of when they are, whether they are out of date, and what is wrong. A figure that was
not read is none, never a zero."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import getdate, nowdate

from ..accounting.texts import NONE, Text, _, day
from ..connection import current, xero_lists
from ..engine.screen_texts import in_words, shown
from ..reports import figures, months, reading
from ..reports.kinds import BALANCE_SHEET, BANK_SUMMARY, BUDGET, OPEN_ITEMS, PROFIT_AND_LOSS, TRIAL_BALANCE, Kind
from . import snapshots, standing
from .reading import known_year_begins

PROFIT, BALANCE, TRIAL, BANKS, BUDGETED = (
    "Xero Profit and Loss", "Xero Balance Sheet", "Xero Trial Balance", "Xero Bank Summary", "Xero Budget against Actual",
)  # fmt: skip
RECEIVABLES, PAYABLES = "Xero Aged Receivables", "Xero Aged Payables"


@dataclass(frozen=True)
class Shown:
    """What a tile shows: figures by label; `read_at` (UTC) and `currency` of the reading; `about`: the days that they are of; `empty`: Xero has nothing there."""

    figures: list[tuple[Text, Decimal | None]] = field(default_factory=list)
    read_at: datetime | None = None
    currency: str = ""
    about: Text = NONE
    empty: bool = False
    lacks: Text = NONE


@dataclass(frozen=True)
class _Asked:
    connection: str
    today: date
    classes: dict[str, str]
    year_begins: date | None


def of_company(connection: str) -> list[dict[str, Any]]:
    """The tiles in the reader's language: `report` (the name of the Frappe report), `title`, `figures` (`label`, `value` as text, None where not known), `currency`, `about`, `as_of`
    (UTC, "" where it was never read), `out_of_date`, `why` and `cure` ("" where nothing is wrong), `code`, `empty`. Asks Xero nothing."""
    asked = _Asked(connection, getdate(nowdate()), classes(connection), known_year_begins(connection, getdate(nowdate())))
    stands = standing.of(connection)
    return [_tile(report, stands[kind.name], draw(asked)) for report, (kind, draw) in TILES.items()]


def classes(connection: str) -> dict[str, str]:
    """By AccountID (lower case) the Class of Xero's account, as its lists were last read."""
    if not xero_lists.read_at(connection):
        return {}
    return {str(each["AccountID"]).lower(): str(each["Class"] or "") for each in xero_lists.stored(connection)["accounts"]}


def _tile(report: str, stands: standing.Stands, found: Shown) -> dict[str, Any]:
    failure, lacks = stands.failure, found.lacks
    why, cure = (failure.why, failure.cure) if failure else (lacks, NONE)
    empty = bool(found.empty and found.read_at)
    return {
        "report": report,
        "title": in_words(_title(report)),
        "figures": [{"label": in_words(label), "value": None if value is None or empty else str(value)} for label, value in found.figures],
        "currency": found.currency,
        "about": in_words(found.about),
        "as_of": found.read_at.isoformat()[:19] if found.read_at else "",
        "out_of_date": stands.outdated,
        "why": in_words(why),
        "cure": in_words(cure),
        "code": failure.code if failure else "",
        "empty": empty,
    }


def _title(report: str) -> Text:
    return {
        PROFIT: _("Profit and Loss"),
        BALANCE: _("Balance Sheet"),
        TRIAL: _("Trial Balance"),
        BANKS: _("Bank Accounts"),
        BUDGETED: _("Budget against Actual"),
        RECEIVABLES: _("Aged Receivables"),
        PAYABLES: _("Aged Payables"),
    }[report]


def _profit(asked: _Asked) -> Shown:
    begins = asked.year_begins or months.start(asked.today)
    found = snapshots.of_months(asked.connection, PROFIT_AND_LOSS, begins, asked.today)
    if not found:
        return Shown()
    year = [str(months.end(months.moved(begins, each))) for each in range(months.count(begins, asked.today))]
    labelled = [(_("Net profit this month"), year[-1:])]
    if asked.year_begins:
        labelled.append((_("Net profit this financial year"), year))
    return _figures(
        asked, found, labelled, lambda columns: figures.net_profit(found.statement, columns, asked.classes), _until(asked.today)
    )


def _balance(asked: _Asked) -> Shown:
    last = months.moved(asked.today, -1)
    found = snapshots.of_months(asked.connection, BALANCE_SHEET, last, asked.today)
    if not found:
        return Shown()
    ends = [str(months.end(last)), str(months.end(asked.today))]
    labelled = [(_("Net assets at {day}").format(day=day(each)), [each]) for each in reversed(ends)]
    return _figures(
        asked, found, labelled, lambda columns: figures.net_assets(found.statement, columns[0], asked.classes), _("At month ends")
    )


def _budget(asked: _Asked) -> Shown:
    if not asked.year_begins:
        return Shown()
    budget = snapshots.of_months(asked.connection, BUDGET, asked.year_begins, asked.today)
    actual = snapshots.of_months(asked.connection, PROFIT_AND_LOSS, asked.year_begins, asked.today)
    if not budget:
        return Shown()
    year = [str(months.end(months.moved(asked.year_begins, each))) for each in range(months.count(asked.year_begins, asked.today))]
    if budget.statement.empty:
        return Shown([], budget.read_at, budget.currency, empty=True)
    labelled = [(_("Net profit this financial year"), actual), (_("Budgeted for these months"), budget)]
    found: list[tuple[Text, Decimal | None]] = []
    lacks = NONE
    for label, read in labelled:
        try:
            found.append((label, figures.net_profit(read.statement, year, asked.classes) if read else None))
        except (figures.UnknownAccount, KeyError):
            found.append((label, None))
            lacks = UNKNOWN
    return Shown(found, min(each.read_at for each in (budget, actual) if each), budget.currency, _until(asked.today), lacks=lacks)


def _trial(asked: _Asked) -> Shown:
    newest = snapshots.newest(asked.connection, TRIAL_BALANCE)
    if not newest:
        return Shown()
    of, found = newest
    total = figures.debits(found.statement, reading.BALANCE)
    return Shown(
        [(_("Debits, and credits"), total)], found.read_at, found.currency, _("At {day}").format(day=day(of.last)), found.statement.empty
    )


def _banks(asked: _Asked) -> Shown:
    newest = snapshots.newest(asked.connection, BANK_SUMMARY)
    if not newest:
        return Shown()
    of, found = newest
    labelled = [(_("In the bank"), reading.CLOSING), (_("Received"), reading.RECEIVED), (_("Spent"), reading.SPENT)]
    return Shown(
        [(label, figures.summed(found.statement, column)) for label, column in labelled],
        found.read_at,
        found.currency,
        _("{first} to {last}").format(first=day(of.first), last=day(of.last)),
        found.statement.empty,
    )


def _owed(customers: bool) -> Callable[[_Asked], Shown]:
    def draw(asked: _Asked) -> Shown:
        found = snapshots.open_at(asked.connection)
        if not found:
            return Shown()
        total, late = figures.owed(found.items, customers, found.at)
        nothing = not any(each.customers == customers for each in found.items)
        labelled: list[tuple[Text, Decimal | None]] = [(_("Open"), total), (_("Overdue"), late)]
        return Shown(labelled, found.read_at, found.currency, _("At {day}").format(day=day(found.at)), nothing)

    return draw


UNKNOWN = _("It names an account that is not in the lists read from Xero: press Refresh From Xero on the Xero Connection")


def _figures(
    asked: _Asked,
    found: snapshots.Read,
    labelled: list[tuple[Text, list[str]]],
    work_out: Callable[[list[str]], Decimal],
    about: Text,
) -> Shown:
    made: list[tuple[Text, Decimal | None]] = []
    lacks = NONE
    for label, columns in labelled:
        if not set(columns) <= set(found.statement.columns):
            made.append((label, None))
            continue
        try:
            made.append((label, work_out(columns)))
        except figures.UnknownAccount:
            made.append((label, None))
            lacks = UNKNOWN
    return Shown(made, found.read_at, found.currency, about, found.statement.empty, lacks)


def _until(today: date) -> Text:
    return _("Until {day}").format(day=day(months.end(today)))


TILES: dict[str, tuple[Kind, Callable[[_Asked], Shown]]] = {
    PROFIT: (PROFIT_AND_LOSS, _profit),
    BANKS: (BANK_SUMMARY, _banks),
    RECEIVABLES: (OPEN_ITEMS, _owed(True)),
    PAYABLES: (OPEN_ITEMS, _owed(False)),
    BALANCE: (BALANCE_SHEET, _balance),
    BUDGETED: (BUDGET, _budget),
    TRIAL: (TRIAL_BALANCE, _trial),
}


def companies() -> list[dict[str, Any]]:
    """The companies with a connection that this user may see: `company`, `connection`, `organisation`, and whether reports are read (`on`)."""
    return [
        {
            **each,
            "on": bool(frappe.db.get_value("Xero Connection", each["name"], "read_reports")),
            "organisation": shown(each["organisation"]),
        }
        for each in current.seen()
    ]
