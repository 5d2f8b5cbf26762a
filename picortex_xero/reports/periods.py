"""Months of statements as periods: quarters and years of the organisation's own financial year, and what stands beside them for comparison.

Flows (Profit and Loss, Budget Summary) add up over the months of a period; a balance (Balance Sheet) is the one at its last month's end. A period of which a month
was not read has no figures: it is never shown short of a month.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..xero.report_rows import ACCOUNT
from . import months
from .reading import Line, Statement

MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY = "Monthly", "Quarterly", "Half-Yearly", "Yearly"
MONTHS_OF = {MONTHLY: 1, QUARTERLY: 3, HALF_YEARLY: 6, YEARLY: 12}


@dataclass(frozen=True)
class Period:
    """Whole months, from the first day of one to the last day of another."""

    first: date
    last: date

    @property
    def month_ends(self) -> tuple[str, ...]:
        """The columns of statements that it is made of, the earliest first."""
        return tuple(str(months.end(months.moved(self.first, each))) for each in range(months.count(self.first, self.last)))


def between(first: date, last: date, each: str, year_begins: int) -> tuple[Period, ...]:
    """The periods of `each` length from the one that has `first` to the one that has `last`, whole; `year_begins`: the month in which the financial year
    begins, with which quarters, half-years and years begin."""
    length = MONTHS_OF[each]
    start = months.moved(first, -((first.month - year_begins) % length))
    found = []
    while start <= last:
        found.append(Period(start, months.end(months.moved(start, length - 1))))
        start = months.moved(start, length)
    return tuple(found)


def year_before(period: Period) -> Period:
    """The same months a year earlier."""
    return Period(months.moved(period.first, -12), months.end(months.moved(period.last, -12)))


def merged(statements: Iterable[Statement]) -> Statement:
    """One statement of all columns, of answers to several requests, the latest first. An account or a computed row that one of them does not have is 0 in its
    columns, as Xero leaves out what has no figure; a column that several have is the first one's."""
    parts = list(statements)
    columns = sorted({column for part in parts for column in part.columns})
    owner = {column: next(part for part in parts if column in part.columns) for column in columns}
    known = _in_order(parts)
    amounts = {id(part): {_key(line): line.amounts for line in part.lines} for part in parts}
    lines = [
        Line(
            line.kind,
            line.section,
            line.title,
            line.account,
            {each: amounts[id(owner[each])].get(key, {}).get(each, Decimal(0)) for each in columns},
        )
        for key, line in known
    ]
    return Statement(tuple(columns), tuple(lines))


def of_periods(
    statement: Statement, periods: Sequence[Period], flows: bool
) -> tuple[list[tuple[Line, tuple[Decimal | None, ...]]], tuple[Period, ...]]:
    """Each line with its amount in each period, None where a month of it was not read; and the periods that lack one. `flows`: amounts add up."""
    read = set(statement.columns)
    lacking = tuple(each for each in periods if not set(_made_of(each, flows)) <= read)
    rows = [(line, tuple(None if each in lacking else _amount(line.amounts, each, flows) for each in periods)) for line in statement.lines]
    return rows, lacking


def _made_of(period: Period, flows: bool) -> tuple[str, ...]:
    return period.month_ends if flows else period.month_ends[-1:]


def _amount(amounts: Mapping[str, Decimal], period: Period, flows: bool) -> Decimal:
    return sum((amounts[each] for each in _made_of(period, flows)), Decimal(0))


def _key(line: Line) -> tuple[str, ...]:
    """What a line is the same by: an account's is its account's, whatever it is called now."""
    return (ACCOUNT, line.account) if line.kind == ACCOUNT else (line.kind, line.section, line.title)


def _in_order(parts: Sequence[Statement]) -> list[tuple[tuple[str, ...], Line]]:
    """Every line once, with its key. One that only a later part has stands after the one that it follows there, so inside its section."""
    placed: list[tuple[tuple[str, ...], Line]] = []
    for part in parts:
        at = -1
        for line in part.lines:
            key = _key(line)
            found = next((place for place, (each, _line) in enumerate(placed) if each == key), None)
            if found is None:
                placed.insert(at + 1, (key, line))
            at = at + 1 if found is None else found
    return placed
