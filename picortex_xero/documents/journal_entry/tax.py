"""Finds which rows of a Journal Entry each of its tax rows is the tax of.

A journal says no more than "GST 150.00": ERPNext has no rate there. A tax row is explained by a rate that the admin has mapped for its
account and the rows whose sum it comes to, to the cent: all rows on its own side, else the one set of rows that does. A row on an account
that the organisation does not tax (wages), by the account's own tax rate in Xero's chart, is never one of them. Where no set does, or
several do, a person has to say (Held): a guess would file a wrong return.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from ...accounting.currencies import rounded_to
from ...accounting.money import ZERO, nearest, plain
from ...accounting.problems import Problem
from ...accounting.rounding import line_tax
from ...accounting.tax import HUNDRED, allocate, charged_rates, rate_in
from ...accounting.tax_types import TaxType
from ...accounting.texts import _
from .rows import PLAIN, TAX, Journal, JournalRow

SEARCHED_ROWS = 12
Parts = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class TaxedLeg:
    """A plain row, the tax that ERPNext put on it (company currency, signed like the row) and its tax type; None: no tax rows at all."""

    leg: JournalRow
    tax: Decimal
    tax_type: TaxType | None

    @property
    def override(self) -> Decimal | None:
        """The tax to send, where Xero would compute another figure."""
        shown = self.tax_type.shown if self.tax_type else None
        return None if shown is None or line_tax(self.leg.amount, shown, False) == self.tax else self.tax


@dataclass(frozen=True)
class Found:
    """One possible explanation: these rows carry the tax that is mapped under this key."""

    key: str
    parts: Parts
    legs: tuple[JournalRow, ...]


def taxed(journal: Journal, problems: list[Problem]) -> list[TaxedLeg]:
    """The plain rows of a journal, each with its tax; adds to `problems` what stands against it."""
    lines, tax_rows = journal.of(PLAIN), journal.of(TAX)
    if not tax_rows:
        return [TaxedLeg(leg, ZERO, None) for leg in lines]
    untaxed = [leg for leg in lines if journal.mapping.accounts.get(leg.account, "") in journal.mapping.untaxed]
    may_be_taxed = [leg for leg in lines if leg not in untaxed]
    for groups in _groupings(tax_rows):
        if found := _explained(journal, groups, may_be_taxed):
            return _with_types(journal, lines, list(zip(groups, found)), problems)
    problems.append(_unexplained(journal, tax_rows, untaxed))
    return []


def _groupings(rows: Sequence[JournalRow]) -> Iterator[list[list[JournalRow]]]:
    """Tax rows that belong together, likeliest first: one row per account and side, each row for itself, all taxes on the same rows."""
    merged: dict[tuple[str, bool], list[JournalRow]] = {}
    for row in rows:
        merged.setdefault((row.account, row.amount > ZERO), []).append(row)
    yield list(merged.values())
    if len(merged) < len(rows):
        yield [[row] for row in rows]
    if len({row.account for row in rows}) > 1:
        yield [list(rows)]


def _explained(journal: Journal, groups: list[list[JournalRow]], lines: list[JournalRow]) -> list[Found] | None:
    """One explanation for each group, no row being taxed by two of them; None where one of them has none or several."""
    left, found = list(lines), []
    for group in groups:
        explanation = _explanation(journal, group, left)
        if explanation is None:
            return None
        left = [leg for leg in left if leg not in explanation.legs]
        found.append(explanation)
    return found


def _explanation(journal: Journal, group: list[JournalRow], lines: list[JournalRow]) -> Found | None:
    """The one set of rows that a tax is on: all those on its side, else the only set there is."""
    amounts: dict[str, Decimal] = {}
    for row in group:
        amounts[row.account] = amounts.get(row.account, ZERO) + row.amount
    keys = _keys(journal, set(amounts))
    side = tuple(leg for leg in lines if (leg.amount > ZERO) == (group[0].amount > ZERO))
    unit = _unit(journal)
    whole = [Found(key, parts, side) for key, parts in keys if side and _comes_to(parts, side, amounts, unit)]
    if len(whole) == 1:
        return whole[0]
    if whole or len(lines) > SEARCHED_ROWS:
        return None
    sets = (each for size in range(1, len(lines) + 1) for each in combinations(lines, size))
    some = [Found(key, parts, each) for each in sets for key, parts in keys if _comes_to(parts, each, amounts, unit)]
    return some[0] if len(some) == 1 else None


def _keys(journal: Journal, accounts: set[str]) -> list[tuple[str, Parts]]:
    """The mapped taxes made of exactly these accounts, with their parts; each once, whatever the direction."""
    found = {}
    for row in (*journal.mapping.taxes, *journal.mapping.class_taxes):
        key, rates = row[1], charged_rates(row[1])
        parts = tuple((account, rate) for account in sorted(accounts) if (rate := rate_in(key, account)))
        if len(parts) == len(accounts) == len(rates) and all(rate > ZERO for rate in rates):
            found[key] = parts
    return list(found.items())


def _unit(journal: Journal) -> Decimal:
    """What the journal's amounts are rounded to."""
    return rounded_to(journal.mapping.base_currency, [leg.amount for leg in journal.legs])


def _comes_to(parts: Parts, legs: tuple[JournalRow, ...], amounts: dict[str, Decimal], unit: Decimal) -> bool:
    """Whether every tax is its rate of these rows: rounded once over all of them or row by row, as people do."""
    base = sum((leg.amount for leg in legs), ZERO)
    for account, rate in parts:
        once, by_row = base * rate / HUNDRED, sum((nearest(leg.amount * rate / HUNDRED, unit) for leg in legs), ZERO)
        # Exactly half a cent is accepted rounded up or down.
        if abs(amounts[account] - once) > unit / 2 and amounts[account] != by_row:
            return False
    return True


def _with_types(
    journal: Journal, lines: list[JournalRow], found: list[tuple[list[JournalRow], Found]], problems: list[Problem]
) -> list[TaxedLeg]:
    shares: dict[JournalRow, tuple[Decimal, TaxType | None]] = {}
    for group, explanation in found:
        total = sum((row.amount for row in group), ZERO)
        rate = sum((rate for _, rate in explanation.parts), ZERO)
        nets = [leg.amount for leg in explanation.legs]
        dealt = allocate(total, [net * rate / HUNDRED for net in nets], nets, _unit(journal))
        if dealt is None:
            raise ValueError(f"{journal.doc['name']}: {total} cannot be divided over {nets}")
        for leg, share in zip(explanation.legs, dealt):
            shares[leg] = (share, _tax_type(journal, leg, share, explanation.key, problems))
    none = journal.mapping.no_tax()
    if len(shares) < len(lines) and isinstance(none, Problem):
        problems.append(none)
    return [TaxedLeg(leg, *shares.get(leg, (ZERO, none if isinstance(none, TaxType) else None))) for leg in lines]


def _tax_type(journal: Journal, leg: JournalRow, share: Decimal, key: str, problems: list[Problem]) -> TaxType | None:
    """Income is sold and cost is bought, also where they are turned back; on a balance sheet account the tax's own side decides."""
    sides = {"Income": "Sales", "Expense": "Purchases"}
    direction = sides.get(leg.row.get("root_type") or "", "Purchases" if share > ZERO else "Sales")
    found = journal.mapping.tax(direction, key, "", leg.account)
    problem: Problem | None = None
    if isinstance(found, Problem):
        problem = found
    elif found.shown is None:
        problem = Problem(
            "tax-rate-unknown",
            _("The rate of Xero's tax type {code} was never read").format(code=found.called),
            _("Press Refresh From Xero on the Xero Connection"),
        )
    elif abs(line_tax(leg.amount, found.shown, False) - share) > _unit(journal):
        problem = Problem(
            "tax-differs",
            _("{account} has {share} tax here ({key}), but Xero's {code} ({shown} %) makes it {amount}").format(
                account=leg.account,
                share=share,
                key=key,
                code=found.known_as,
                shown=f"{plain(found.shown):f}",
                amount=line_tax(leg.amount, found.shown, False),
            ),
            _('Map "{key}" to the Xero tax type with the same rate').format(key=key),
        )
    if problem:
        problems += [problem] if problem not in problems else []
        return None
    assert isinstance(found, TaxType)
    return found


def _unexplained(journal: Journal, rows: list[JournalRow], untaxed: list[JournalRow]) -> Problem:
    figures = ", ".join(f"{plain(abs(row.amount)):f} on {row.account}" for row in rows)
    message = _("Journal Entry {name} books {figures}, and no mapped rate says which of its other rows that is the tax of").format(
        name=journal.doc["name"], figures=figures
    )
    resolution = _(
        "Cancel it here and enter one journal for each rate, its tax to the cent of its rows; or leave it here and enter it in Xero by hand, with the tax rate on each line instead of the row for tax"
    )
    if not any((leg.amount > ZERO) == (row.amount > ZERO) for leg in journal.legs if leg.kind == PLAIN for row in rows):
        message = _("Journal Entry {name} books {figures} and nothing that it could be the tax of: it moves tax itself").format(
            name=journal.doc["name"], figures=figures
        )
        resolution = _(
            "Leave it here. Where it moves the tax of a return to what is owed to the tax office, nothing is to be entered in Xero: its own tax account keeps that until it is paid. Where it corrects the tax, your accountant adjusts the tax return in Xero by this amount"
        )
        return Problem("journal-tax-unexplained", message, resolution, held=True)
    if untaxed:
        message = _("{problem} ({accounts} carry no tax in Xero)").format(
            problem=message, accounts=", ".join(dict.fromkeys(leg.account for leg in untaxed))
        )
        resolution = _(
            "Where one of these accounts is taxed after all, give it its tax rate in Xero's chart of accounts, press Refresh From Xero on the Xero Connection, then Retry. Else: {otherwise}"
        ).format(otherwise=resolution)
    return Problem("journal-tax-unexplained", message, resolution, held=True)
