"""A voucher in another currency than its line: at about the rate of the days, told by its number, by the amount that the line prints, or by the party."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ..accounting.money import CENT
from ..accounting.texts import Text
from . import gates, numbers, saying
from .differing import is_told
from .names import NONE
from .reading import sums
from .several import only_party
from .standing import Finding, Standing
from .unseen import another_number
from .values import Books, Line, Part, Voucher

# How far the line may be off the rate (banks take their part): with a number, with a name only; and how near another voucher of the party must not be.
WITH_NUMBER, WITH_NAME, NEAR = Decimal("0.06"), Decimal("0.015"), Decimal("0.10")


def off_rate(books: Books, line: Line, voucher: Voucher) -> Decimal | None:
    """By what share of the voucher's worth the line is off it; None where a rate is missing or the direction is another."""
    rates = {**books.rates, books.currency: Decimal(1)}
    ours, theirs = rates.get(line.currency), rates.get(voucher.currency)
    if not ours or not theirs or voucher.amount * line.amount <= 0:
        return None
    worth = voucher.amount * theirs / ours
    return abs(line.amount - worth) / abs(worth)


def worth_of(books: Books, line: Line, currency: str) -> Decimal:
    """What the line is worth in another currency, to the cent; of both a rate is known."""
    rates = {**books.rates, books.currency: Decimal(1)}
    return (line.amount * rates[line.currency] / rates[currency]).quantize(CENT)


def in_other_currency(standing: Standing, line: Line) -> Finding | None:
    return _by_number(standing, line) or _by_name(standing, line)


def _by_number(standing: Standing, line: Line) -> Finding | None:
    around = standing.around
    for key, hit in sorted(around.hits[line.name].items(), key=lambda each: (-each[1].strength, each[0])):
        voucher = around.voucher[key]
        if hit.strength < numbers.FAIR or voucher.currency == line.currency or voucher.bank_account or not standing.whole(voucher):
            continue
        off = off_rate(around.books, line, voucher)
        if off is None or off > NEAR or not gates.may_be(line, voucher):
            continue
        finding = _finding(standing, line, voucher, 93, off, saying.number(hit.key, voucher))
        against: list[Text] = []
        if off > WITH_NUMBER or not is_told(standing, line, voucher, hit):
            against.append(saying.not_certain())
        twins = [other for other, _ in around.lines_showing(voucher) if other.name != line.name and off_near(around.books, other, voucher)]
        if twins:
            against.append(saying.other_lines_fit(len(twins)))
        return finding.doubted(*against) if against else finding
    return None


def _by_name(standing: Standing, line: Line) -> Finding | None:
    around = standing.around
    party = only_party(around, line)
    if party is None:
        return None
    near = [
        voucher
        for voucher in around.of_party[party]
        if voucher.currency != line.currency and not voucher.bank_account and gates.may_be(line, voucher)
    ]
    offs = [
        (off, voucher)
        for voucher in near
        if standing.rival(voucher) and (off := off_rate(around.books, line, voucher)) is not None and off <= NEAR
    ]
    if not offs:
        return None
    off, voucher = min(offs, key=lambda each: (each[0], each[1].key))
    if not standing.whole(voucher):
        return None
    named = around.parties_of(line)[party]
    finding = _finding(standing, line, voucher, 91, off, saying.party(around.title(voucher), named.by, True))
    against: list[Text] = []
    if len(offs) > 1:
        against.append(saying.others_fit(len(offs) - 1))
    printed = abs(voucher.amount) in sums(line)
    if off > (WITH_NUMBER if printed else WITH_NAME):
        against.append(saying.not_certain())
    if other := next(around.shown(line, (voucher,)), None):
        against.append(saying.points_elsewhere(other[0].name))
    if another_number(around, line, (voucher,), slips=False):
        against.append(saying.another_number())
    if rivals := sum(around.name(line, each).strength > NONE and standing.rival(each) for each in around.exact(line)):
        against.append(saying.others_fit(rivals))
    alike = [
        each
        for each in around.lines_of_party(party)
        if each.name != line.name
        and each.name not in standing.certain_lines
        and off_near(around.books, each, voucher)
        and gates.may_be(each, voucher)
    ]
    if alike:
        against.append(saying.other_lines_fit(len(alike)))
    return finding.doubted(*against) if against else finding


def off_near(books: Books, line: Line, voucher: Voucher) -> bool:
    off = off_rate(books, line, voucher)
    return off is not None and off <= NEAR


def _finding(standing: Standing, line: Line, voucher: Voucher, score: int, off: Decimal, why: Text) -> Finding:
    reasons = [why, saying.at_rate((off * 100).quantize(Decimal("0.1")))]
    if abs(voucher.amount) in sums(line):
        reasons.append(saying.foreign_printed(voucher.amount, voucher.currency))
        score += 3
    return Finding(line, score, tuple(reasons), (Part(voucher.key, voucher.amount),), certain=score > 92)


def proposals(standing: Standing) -> Iterator[Finding]:
    for line in standing.open_lines():
        finding = in_other_currency(standing, line)
        if finding is not None:
            yield finding
