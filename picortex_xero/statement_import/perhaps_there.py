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
    pairs = []
    for at, line in enumerate(lines):
        for each in by_day.get((line.date, _cents(line.amount)), []):
            if _resembles(line.texts, each.texts):
                shared = len({*re.findall(r"\w+", line.texts.casefold())} & {*re.findall(r"\w+", each.texts.casefold())})
                pairs.append((not _equal(line.texts, each.texts), -shared, at, each.name, line.name))
    # What says the same first, then what shares most, so that none is used up by one that only resembles it.
    used: set[str] = set()
    for _differs, _shared, _at, there_name, line_name in sorted(pairs):
        if line_name not in found and there_name not in used:
            found[line_name] = there_name
            used.add(there_name)
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
