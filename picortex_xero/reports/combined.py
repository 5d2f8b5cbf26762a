"""Statements of several companies beside each other in one currency, and what they come to together: added up, nothing eliminated. Values only.

What makes accounts of two organisations one line: the same Class and the same name, whatever the case. An AccountID is one organisation's own, a code says something else in every chart, Xero's own charts give one account
another Type by country (Motor Vehicle Expenses: EXPENSE in Australia, OVERHEADS in New Zealand), and ReportingCode is given by accountants where they use it, to many accounts at once. Totals by Class hold however lines are joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..accounting.money import ZERO, half_up
from ..xero.report_rows import ACCOUNT
from .figures import ASSET, EXPENSE, LIABILITY, REVENUE, UnknownAccount
from .tables import Row, Value

EQUITY = "EQUITY"
# Class and name.
Key = tuple[str, str]
# The order of Types within a Class (Xero's API, "Accounts": Type); others follow.
TYPES = (
    "REVENUE", "SALES", "OTHERINCOME", "DIRECTCOSTS", "OVERHEADS", "EXPENSE", "WAGESEXPENSE", "SUPERANNUATIONEXPENSE", "DEPRECIATN",
    "BANK", "CURRENT", "PREPAYMENT", "INVENTORY", "FIXED", "NONCURRENT", "CURRLIAB", "PAYGLIABILITY", "SUPERANNUATIONLIABILITY", "LIABILITY", "TERMLIAB", "EQUITY",
)  # fmt: skip


@dataclass(frozen=True)
class Account:
    """What Xero's list says of one."""

    classed: str
    type: str
    name: str

    @property
    def key(self) -> Key:
        """What is the same in every organisation."""
        return self.classed, " ".join(self.name.split()).casefold()


@dataclass(frozen=True)
class Book:
    """One company. `amounts` by AccountID as the report shows them, in its own currency; `rate`: presentation currency for one of its own; `result_rate`: the same for the result of the year in a Balance Sheet."""

    amounts: Mapping[str, Decimal]
    accounts: Mapping[str, Account]
    rate: Decimal
    result_rate: Decimal = Decimal(1)

    def in_presentation(self) -> dict[Key, tuple[Account, Decimal]]:
        """By what lines are joined by the account and its amount, to the cent. Raises UnknownAccount."""
        found: dict[Key, tuple[Account, Decimal]] = {}
        for account, amount in self.amounts.items():
            if not amount:
                continue
            known = self.accounts.get(account)
            if known is None or not known.classed:
                raise UnknownAccount(account)
            found[known.key] = (known, found.get(known.key, (known, ZERO))[1] + half_up(amount * self.rate))
        return found

    def result(self) -> Decimal:
        """Of a Balance Sheet: the result of the year that is not on any account, in its own currency. Raises UnknownAccount."""
        sums = dict.fromkeys((ASSET, LIABILITY, EQUITY), ZERO)
        for account, amount in self.amounts.items():
            if amount:
                known = self.accounts.get(account)
                if known is None or known.classed not in sums:
                    raise UnknownAccount(account)
                sums[known.classed] += amount
        return sums[ASSET] - sums[LIABILITY] - sums[EQUITY]


@dataclass(frozen=True)
class Combined:
    """`lines` by Class, `totals` by Class; each value by company as given, then together. A company that has no figures (None) leaves its values, and all that are together, unknown; an account that a company does not have has
    no value there."""

    lines: Mapping[str, tuple[Row, ...]]
    totals: Mapping[str, tuple[Value, ...]]
    results: tuple[Value, ...]
    translation: tuple[Value, ...]

    def less(self, first: str, second: str) -> tuple[Value, ...]:
        """What one Class has more than another."""
        return tuple(None if a is None or b is None else a - b for a, b in zip(self.totals[first], self.totals[second]))


def combined(books: Sequence[Book | None], balances: bool) -> Combined:
    """Profit and Loss, or with `balances` Balance Sheet. Raises UnknownAccount."""
    classes = (ASSET, LIABILITY, EQUITY) if balances else (REVENUE, EXPENSE)
    of = [each.in_presentation() if each else {} for each in books]
    if odd := [key for each in of for key in each if key[0] not in classes]:
        raise UnknownAccount(odd[0][1])
    known: dict[Key, Account] = {}
    for each in of:
        for key, (account, _amount) in each.items():
            known.setdefault(key, account)
    whole = all(each is not None for each in books)
    lines = {classed: tuple(_row(each, of, whole) for each in _ordered(known.values(), classed)) for classed in classes}
    totals = {classed: _with_sum([_total(each, mine, classed) for each, mine in zip(books, of)]) for classed in classes}
    results: list[Value] = [half_up(each.result() * each.result_rate) if each and balances else None for each in books]
    translation: list[Value] = []
    for at, result in enumerate(results):
        assets, owed, equity = (totals.get(each, (None,) * len(books))[at] for each in (ASSET, LIABILITY, EQUITY))
        read = result is not None and assets is not None and owed is not None and equity is not None
        translation.append(assets - owed - equity - result if read else None)  # type: ignore[operator]
    return Combined(lines, totals, _with_sum(results), _with_sum(translation))


def _ordered(accounts: Iterable[Account], classed: str) -> list[Account]:
    def place(account: Account) -> tuple[int, str, str]:
        return (TYPES.index(account.type) if account.type in TYPES else len(TYPES), account.type, account.key[1])

    return sorted((each for each in accounts if each.classed == classed), key=place)


def _row(account: Account, of: Sequence[Mapping[Key, tuple[Account, Decimal]]], whole: bool) -> Row:
    values = [each[account.key][1] if account.key in each else None for each in of]
    return Row(ACCOUNT, account.name, "", (*values, sum((each for each in values if each is not None), ZERO) if whole else None))


def _total(book: Book | None, mine: Mapping[Key, tuple[Account, Decimal]], classed: str) -> Value:
    return None if book is None else sum((amount for key, (_account, amount) in mine.items() if key[0] == classed), ZERO)


def _with_sum(values: Sequence[Value]) -> tuple[Value, ...]:
    known = [each for each in values if each is not None]
    return (*values, sum(known, ZERO) if len(known) == len(values) else None)
