"""Which taxes the journals of the last year use. A journal has no rate: it says "GST 150.00" beside 1,000.00 of cost, and what that comes to tells which
of the taxes that are known of the account it is, as documents/journal_entry/tax.py finds it when the journal is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import NamedTuple

from ..accounting.tax import charged_rates, deducts, part_name, rate_in

DIRECTIONS = {"Income": "Sales", "Expense": "Purchases"}
# So far (per cent) a rate may be from what a journal's rounded amounts come to.
ABOUT = Decimal("0.2")
# What comes to more is no tax on these rows: a journal that pays or corrects tax (usage.py counts none of them).
HIGHEST = Decimal(30)


class JournalTax(NamedTuple):
    """What journals of one kind have in common: the first and the last of their tax accounts by name and how many there are, whether the tax is a debit,
    the root type of the taxed rows ("" where they have several, or none of the two), the tax in per cent of the rows on its side (at most its rate: not
    all of them need be taxed), how many journals, and the amount of those rows."""

    first: str
    last: str
    heads: int
    debit: bool
    root_type: str
    rate: Decimal
    documents: int
    amount: str

    @property
    def direction(self) -> str:
        """Income is sold and cost is bought; elsewhere the tax's own side decides."""
        return DIRECTIONS.get(self.root_type, "Purchases" if self.debit else "Sales")


class Found(NamedTuple):
    """A tax that journals use."""

    direction: str
    tax: str
    documents: int
    amount: str


def found(journals: Iterable[JournalTax], known: Collection[str]) -> list[Found]:
    """The taxes of these journals. `known`: the tax keys of the company's templates, invoices and mappings. An account of which no tax is known
    gets one of the rate that most of its journals have."""
    some: list[Found] = []
    unknown: dict[tuple[str, str], list[JournalTax]] = {}
    for each in journals:
        keys = [key for key in known if _names(key, each)]
        at_least = [key for key in keys if sum(charged_rates(key)) >= each.rate - ABOUT]
        if at_least:
            key = min(at_least, key=lambda one: (sum(charged_rates(one)), one))
            some.append(Found(each.direction, key, each.documents, each.amount))
        elif each.heads == 1 and 0 < each.rate <= HIGHEST:
            unknown.setdefault((each.direction, each.first), []).append(each)
    for (direction, account), alike in unknown.items():
        most = max(alike, key=lambda each: (each.documents, each.rate))
        some.append(Found(direction, part_name(account, most.rate), most.documents, most.amount))
    return some


def _names(key: str, journal: JournalTax) -> bool:
    """Whether a tax is made of exactly the accounts of a journal."""
    its = (journal.first, journal.last)
    return not deducts(key) and len(charged_rates(key)) == journal.heads and all(rate_in(key, account) for account in its)
