"""The generator that judges: bank lines of one company over three to six months, with its open vouchers, written without sight of any matcher.

The mix (`making.MIX`): about half of the lines are customers paying (one invoice, several, a part, with a fee, a discount, cents off, too much, twice, in
another currency, a subscription or rent of always the same sum, by card through a processor), a third is what the company pays (bills, direct debits, wages, taxes,
expense claims), the rest moves between own accounts or has no voucher. A tenth was typed in as Payment Entry or Journal Entry beforehand. Every customer has a way of
referring to invoices and mostly keeps to it; what of name and reference survives is what the bank's form lets through. Some vouchers have no line yet.

`decidable` is judged for each line in the finished world (`decidable`, `open_items`, `typed_in`, `own_lines`), from what line, vouchers and lines show, whatever
the case: the right answer must have its evidence, and every other answer that fits as well makes the line undecidable. Evidence is, by a bookkeeper's conventions:
a number shown with the exact amount; a named party's only open voucher, or only choice of open vouchers, of exactly the amount; a number shown and a part of more
than a tenth left open; a charge or discount that the text states; a payment typed in on the same account with the same number, or with the same amount at the same
days and no second; the numbers of a batch; an opposite line at the same days that says transfer; a line that says it returns and has one line to return. Rivals are
vouchers that the text points to by their whole number or its end, equal amounts of any party that may be named, other choices of vouchers with the same sum, entries
on the same account, and other lines that could be the payment. Of two lines that show the same number and amount the earlier one paid; of two on one day neither
can be told. Lines in a closed period are never decidable, since nothing may be done there.
"""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.bank_lines.judge.making import made
from benchmarks.bank_lines.values import World

__all__ = ["coded_world", "world"]


def world(seed: int, lines: int, country: str = "") -> World:
    """One company's lines and vouchers with their truth: the same for the same arguments. `country`: AU, NZ, GB, US, DE or SG; the seed chooses if it is empty."""
    return made(seed, lines, country)[0]


def coded_world(seed: int, lines: int, country: str = "") -> tuple[World, Mapping[str, str]]:
    """The same world, and by the line's name what a bookkeeper would code a line without voucher to."""
    return made(seed, lines, country)
