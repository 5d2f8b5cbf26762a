"""Statements as the rows of a table: sections with their lines, in periods, and two statements beside each other. Values only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..accounting.money import ZERO
from ..xero.report_rows import ACCOUNT
from . import beside, periods
from .beside import Pair
from .figures import ASSET, EXPENSE, LIABILITY, REVENUE
from .periods import Period
from .reading import Statement

SECTION = "Section"
Value = Decimal | None


@dataclass(frozen=True)
class Row:
    """`kind`: SECTION for a title over lines, else that of the line (xero/report_rows); `account`: AccountID, "" where it is none of an account; a value that was not read is None."""

    kind: str
    title: str
    account: str
    values: tuple[Value, ...]


def in_periods(statement: Statement, of: Sequence[Period], flows: bool) -> tuple[list[Row], tuple[Period, ...]]:
    """The statement's lines in these periods, each section under its title, and the periods of which a month was not read. An account without a figure in any of them is left out."""
    lines, lacking = periods.of_periods(statement, of, flows)
    rows: list[Row] = []
    section = ""
    for line, values in lines:
        if line.kind == ACCOUNT and not any(values):
            continue
        if line.section != section and line.section:
            rows.append(Row(SECTION, line.section, "", (None,) * len(of)))
        section = line.section
        rows.append(Row(line.kind, line.title, line.account, values))
    return rows, lacking


def in_columns(statement: Statement, columns: Sequence[str]) -> list[Row]:
    """The lines of a report about a day or a span of days."""
    return [Row(each.kind, each.title, each.account, tuple(each.amounts[name] for name in columns)) for each in statement.lines]


def budgeted(
    actual: Statement, budget: Statement, of: Sequence[Period], classes: Mapping[str, str]
) -> tuple[dict[str, list[Row]], tuple[Period, ...]]:
    """By Class (REVENUE, EXPENSE) each account with three values for every period: actual, budget, and what actual has more; and the periods that lack a month. Both in the account's own direction."""
    found: dict[str, tuple[str, dict[str, tuple[Value, ...]]]] = {}
    lacking: list[Period] = []
    for name, statement in (("actual", actual), ("budget", budget)):
        lines, without = periods.of_periods(statement, of, True)
        lacking += [each for each in without if each not in lacking]
        for line, values in lines:
            if line.kind == ACCOUNT:
                found.setdefault(line.account, (line.title, {}))[1][name] = values
    rows: dict[str, list[Row]] = {REVENUE: [], EXPENSE: []}
    nothing = tuple(None if each in lacking else ZERO for each in of)
    for account, (title, sides) in found.items():
        pairs = list(zip(sides.get("actual", nothing), sides.get("budget", nothing)))
        values = tuple(value for a, b in pairs for value in (a, b, None if a is None or b is None else a - b))
        if any(values) and classes.get(account) in rows:
            rows[classes[account]].append(Row(ACCOUNT, title, account, values))
    return rows, tuple(lacking)


def totals(rows: Iterable[Row], width: int) -> tuple[Value, ...]:
    """What these rows come to, column by column; None where one of them is not known."""
    columns = list(zip(*(each.values for each in rows)))
    return tuple(_sum(each) for each in columns) if columns else (ZERO,) * width


def less(first: Sequence[Value], second: Sequence[Value]) -> tuple[Value, ...]:
    """The first without the second, column by column."""
    return tuple(None if a is None or b is None else a - b for a, b in zip(first, second))


def _sum(values: Iterable[Value]) -> Value:
    total = ZERO
    for each in values:
        if each is None:
            return None
        total += each
    return total


def results_beside(
    statement: Statement, columns: Sequence[str], classes: Mapping[str, str], here: Mapping[str, Decimal], mapped: Mapping[str, str]
) -> list[Pair]:
    """Income and expenses of both books over these months; `here`: by account, debit positive."""
    there = {
        account: sum((beside.debit(amounts[each], classes.get(account, "")) for each in columns), ZERO)
        for account, amounts in statement.by_account.items()
        if classes.get(account) in (REVENUE, EXPENSE)
    }
    return beside.pairs({account: amount for account, amount in there.items() if amount}, here, mapped)


def balances_beside(
    statement: Statement,
    column: str,
    classes: Mapping[str, str],
    retained: str,
    here: Mapping[str, Decimal],
    results_here: Decimal,
    mapped: Mapping[str, str],
) -> tuple[list[Pair], Pair]:
    """Assets, liabilities and equity of both books at a month's end, and the results of all years so far: Xero works those out (Retained Earnings, Current Year Earnings), ERPNext has them
    on its income and expense accounts until a year is closed. `retained`: the AccountID of Xero's Retained Earnings; `here` and `results_here`: debit positive."""
    of = {
        account: beside.debit(amounts[column], classes.get(account, ""))
        for account, amounts in statement.by_account.items()
        if classes.get(account) not in (REVENUE, EXPENSE)
    }
    equity = {account: amount for account, amount in of.items() if classes.get(account) not in (ASSET, LIABILITY) and account != retained}
    assets = {account: amount for account, amount in of.items() if classes.get(account) in (ASSET, LIABILITY)}
    there = -sum(assets.values(), ZERO) - sum(equity.values(), ZERO)
    kept_here = {account: amount for account, amount in here.items() if mapped.get(account) == retained and retained}
    ours = {account: amount for account, amount in here.items() if account not in kept_here}
    pairs = beside.pairs({account: amount for account, amount in {**assets, **equity}.items() if amount}, ours, mapped)
    return pairs, Pair(retained, tuple(kept_here), there, results_here + sum(kept_here.values(), ZERO))
