"""Which lines of a file are perhaps Bank Transactions already, under another id: what Plaid or ERPNext's own import brought, or another format of the same statement.

Same account, day and amount, and texts of which one says what the other does. Each Bank Transaction stands for one line at most: of three coffees where two are there,
one is new. Never decides alone: a person does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Said:
    """A line, or a Bank Transaction: `name` its id; `amount` positive for money in; `texts` all its words together."""

    name: str
    date: date
    amount: Decimal
    texts: str


def matched(lines: Sequence[Said], there: Iterable[Said]) -> dict[str, str]:
    """The Bank Transaction that each of these lines perhaps is, by their names. `there`: without those that are lines of this file by their ids."""
    by_day: dict[tuple[date, Decimal], list[Said]] = {}
    for each in there:
        by_day.setdefault((each.date, _cents(each.amount)), []).append(each)
    found: dict[str, str] = {}
    # Those that say the same first, so that none of them is used up by one that only resembles it.
    for alike in (_equal, _resembles):
        for line in lines:
            if line.name in found:
                continue
            candidates = by_day.get((line.date, _cents(line.amount)), [])
            one = next((each for each in candidates if alike(line.texts, each.texts)), None)
            if one is not None:
                found[line.name] = one.name
                candidates.remove(one)
    return found


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


def _equal(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _resembles(one: str, other: str) -> bool:
    """One is in the other, a text is missing, or they share a word that tells something: Plaid gives the merchant's name only."""
    first, second = _bare(one), _bare(other)
    if not first or not second or first in second or second in first:
        return True
    return bool(_words(one) & _words(other))


def _bare(text: str) -> str:
    return re.sub(r"[^\w]", "", text).casefold()


def _words(text: str) -> set[str]:
    """Words of four letters or more, and numbers of four digits or more; what banks write in every line is none."""
    return {each for each in re.findall(r"[^\W\d_]{4,}|\d{4,}", text.casefold()) if each not in EVERYWHERE}


EVERYWHERE = frozenset(
    "payment transfer purchase card debit credit direct visa eftpos from online banking deposit withdrawal transaction reference value date gutschrift lastschrift "
    "überweisung überweisungsgutschrift zahlung karte kartenzahlung basislastschrift dauerauftrag internet mobile".split()
)
