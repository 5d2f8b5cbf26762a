"""Xero's answer to one request as a statement: its lines with the amounts of each column. Signs are those that Xero shows: income and expenses positive in
Profit and Loss, assets, liabilities and equity positive in Balance Sheet; Trial Balance debit positive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..xero import report_rows, trial_balance
from ..xero.report_rows import ACCOUNT, TOTAL, NotReadable
from . import months
from .asked import Asked
from .kinds import BANK_SUMMARY, TRIAL_BALANCE

# The columns of the reports that are about one day or one span; those of the others are months, by their last day.
OPENING, RECEIVED, SPENT, CLOSING = "Opening Balance", "Cash Received", "Cash Spent", "Closing Balance"
MOVEMENT, BALANCE = "Movement", "Balance"


@dataclass(frozen=True)
class Line:
    """`kind`: Account, Computed or Total (xero/report_rows); `account`: AccountID in lower case, "" where it is none of an account; `amounts` by column,
    base currency."""

    kind: str
    section: str
    title: str
    account: str
    amounts: dict[str, Decimal]


@dataclass(frozen=True)
class Statement:
    """`columns`: the names of the amounts, days as yyyy-mm-dd, the earliest first. A total is never added to the lines that it sums."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def by_account(self) -> dict[str, dict[str, Decimal]]:
        """By AccountID its amounts by column."""
        return {each.account: each.amounts for each in self.lines if each.kind == ACCOUNT}

    @property
    def empty(self) -> bool:
        """No account has a figure: Xero has no data for this, which is no zero of anybody's."""
        return not any(each.kind == ACCOUNT for each in self.lines)


def read(asked: Asked, answer: Any) -> Statement:
    """Raises NotReadable: where the answer is another report, lacks a column that was asked for, or names one account twice."""
    if asked.kind == TRIAL_BALANCE:
        statement = _trial_balance(answer)
    else:
        table = report_rows.table(answer, asked.kind.type)
        places = _bank_places(table.columns) if asked.kind == BANK_SUMMARY else _month_places(table.columns, asked)
        statement = Statement(
            tuple(places),
            tuple(
                Line(
                    row.kind, row.section, row.title, row.account, {name: report_rows.figure(row.values[at]) for name, at in places.items()}
                )
                for row in table.rows
            ),
        )
    accounts = [each.account for each in statement.lines if each.kind == ACCOUNT]
    if len(set(accounts)) != len(accounts):
        raise NotReadable("an account stands there twice")
    return statement


def _month_places(titles: tuple[str, ...], asked: Asked) -> dict[str, int]:
    """By the last day of each month that was asked for where its amounts stand, the earliest first. Another last day than the month's is another figure."""
    stand: dict[date, int] = {months.of_title(title): at for at, title in enumerate(titles)}
    lacks = [str(each) for each in asked.columns if each not in stand]
    if lacks:
        raise NotReadable(f"no column for {', '.join(lacks)}")
    return {str(each): stand[each] for each in reversed(asked.columns)}


def _bank_places(titles: tuple[str, ...]) -> dict[str, int]:
    lacks = [each for each in (OPENING, RECEIVED, SPENT, CLOSING) if each not in titles]
    if lacks:
        raise NotReadable(f"no column {', '.join(lacks)}")
    return {each: titles.index(each) for each in (OPENING, RECEIVED, SPENT, CLOSING)}


def _trial_balance(answer: Any) -> Statement:
    balance, movement = trial_balance.balances(answer), trial_balance.movements(answer)
    rows = report_rows.table(answer, trial_balance.TYPE).rows
    lines = [
        Line(ACCOUNT, row.section, row.title, row.account, {MOVEMENT: movement[row.account], BALANCE: balance[row.account]})
        for row in rows
        if row.kind == ACCOUNT
    ]
    # The totals of both sides are not kept: debit positive, everything comes to nothing.
    return Statement((MOVEMENT, BALANCE), tuple(lines))


def unlike_totals(statement: Statement) -> tuple[str, ...]:
    """Sections whose total is not what their own lines come to. In the standard layout there are none."""
    found = []
    for section in dict.fromkeys(each.section for each in statement.lines if each.section):
        inside = [each for each in statement.lines if each.section == section]
        totals, others = [each for each in inside if each.kind == TOTAL], [each for each in inside if each.kind != TOTAL]
        if len(totals) == 1 and others:
            sums = {name: sum((each.amounts[name] for each in others), Decimal(0)) for name in statement.columns}
            if sums != totals[0].amounts:
                found.append(section)
    return tuple(found)
