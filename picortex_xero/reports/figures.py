"""The few figures of a statement that a tile shows. What an account is, is known by its Class in Xero's list of accounts, never by a line's title or place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..accounting.money import ZERO
from ..xero.records.open_items import Item
from . import ageing
from .reading import Statement

REVENUE, EXPENSE, ASSET, LIABILITY = "REVENUE", "EXPENSE", "ASSET", "LIABILITY"


@dataclass(frozen=True)
class UnknownAccount(Exception):
    """The lists that were read do not have this account (AccountID)."""

    account: str


def of_class(statement: Statement, columns: Iterable[str], classes: Mapping[str, str]) -> dict[str, Decimal]:
    """By Class what its accounts come to over these columns, as the report shows them. Raises UnknownAccount, KeyError where a column was not read."""
    wanted = list(columns)
    found = dict.fromkeys((REVENUE, EXPENSE, ASSET, LIABILITY, "EQUITY"), ZERO)
    for account, amounts in statement.by_account.items():
        amount = sum((amounts[each] for each in wanted), ZERO)
        if account not in classes:
            if amount:
                raise UnknownAccount(account)
            continue
        found[classes[account]] = found.get(classes[account], ZERO) + amount
    return found


def net_profit(statement: Statement, columns: Iterable[str], classes: Mapping[str, str]) -> Decimal:
    """Income less expenses over these months, of a Profit and Loss or a Budget Summary. Raises UnknownAccount, KeyError."""
    found = of_class(statement, columns, classes)
    return found[REVENUE] - found[EXPENSE]


def net_assets(statement: Statement, column: str, classes: Mapping[str, str]) -> Decimal:
    """Assets less liabilities at a month's end. Raises UnknownAccount, KeyError."""
    found = of_class(statement, [column], classes)
    return found[ASSET] - found[LIABILITY]


def summed(statement: Statement, column: str) -> Decimal:
    """What all accounts come to in a column."""
    return sum((amounts[column] for amounts in statement.by_account.values()), ZERO)


def debits(statement: Statement, column: str) -> Decimal:
    """What accounts with a debit come to in a column of a Trial Balance."""
    return sum((amounts[column] for amounts in statement.by_account.values() if amounts[column] > 0), ZERO)


def owed(items: Iterable[Item], customers: bool, at: str) -> tuple[Decimal, Decimal]:
    """What customers owe, or suppliers are owed, and how much of it is overdue at that day."""
    mine = [each for each in items if each.customers == customers]
    late = (each.base for each in mine if ageing.overdue(each, at) > 0 and each.left > 0)
    return sum((each.base for each in mine), ZERO), sum(late, ZERO)
