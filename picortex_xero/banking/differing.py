"""A voucher that the line's number tells, with another amount: a matter of cents, a fee that the line prints, a discount, too much, or a part."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from ..accounting.texts import Text
from . import gates, numbers, saying
from .around import Hit
from .names import NONE
from .reading import fields, sums
from .standing import Finding, Standing
from .sums import OPEN_AT_MOST, open_of, ways
from .unseen import another_number, slip
from .values import CENTS, DISCOUNT, DOUBTFUL, FEE, OVERPAID, Key, Line, Part, Voucher

# A shortfall up to this may be a deduction as well as a part.
DEDUCTION_SHARE, DEDUCTION = Decimal("0.06"), Decimal("40")
# What was paid too much may be for another voucher where it is more than this share.
TOO_MUCH = Decimal("0.10")
# Numbers in a row: the bank may have cut off the rest of the list.
LISTED = re.compile(r"\d{2,}\s*(?:[,&+;](?!\d{2,3}\b)|\b(?:AND|UND)\s+(?:INV\w*\W*)?\d)", re.IGNORECASE)
# A list that ends in the middle.
BEGUN = re.compile(r"\d\s*[/,&+;-]\s*[A-Z]{0,4}\d{0,4}-?\s*$", re.IGNORECASE)
# Discounts as they are written: "2% discount within 10 days", "2/10 net 30", "3 % Skonto bis 14 Tage".
TERMS = (
    re.compile(r"(\d{1,2}(?:[.,]\d+)?)\s*%[^\d%]{0,40}?(\d{1,3})\s*(?:days?|tage)", re.IGNORECASE),
    re.compile(r"(?<![\d/])(\d{1,2}(?:[.,]\d+)?)\s*/\s*(\d{1,3})\s*,?\s*(?:net|n)\b", re.IGNORECASE),
)


def told(standing: Standing, line: Line) -> tuple[Voucher, Hit] | None:
    """The one voucher whose number the line shows, with nothing that could be meant instead."""
    around = standing.around
    found = [
        (around.voucher[key], hit)
        for key, hit in around.hits[line.name].items()
        if hit.strength >= numbers.FAIR
        and standing.left[key] != 0
        and around.voucher[key].currency == line.currency
        and gates.may_be(line, around.voucher[key], numbered=True)
    ]
    if not found:
        return None
    voucher, hit = max(found, key=lambda each: (each[1].strength, around.name(line, each[0]).strength, each[1].weight, each[0].key))
    return (
        (voucher, hit)
        if is_told(standing, line, voucher, hit) and not another_number(around, line, (voucher,), slips=False) and not listed(line)
        else None
    )


def listed(line: Line) -> bool:
    """Whether the line has a list of numbers, or one that ends in the middle."""
    return any(LISTED.search(text) or BEGUN.search(text) for text in fields(line))


def is_told(standing: Standing, line: Line, voucher: Voucher, hit: Hit) -> bool:
    """Whether nothing else that the line shows could be meant instead of the voucher."""
    around = standing.around
    named = around.name(line, voucher)
    # Two suppliers may well have the same numbers; ours are given once.
    if named.strength == NONE and (hit.strength < numbers.STRONG or voucher.doctype == "Purchase Invoice"):
        return False
    for other, other_hit in around.shown(line, (voucher,)):
        same_party = voucher.party and (other.party_type, other.party) == (voucher.party_type, voucher.party)
        if (
            same_party
            or other_hit.strength > hit.strength
            or (other_hit.strength == hit.strength and around.name(line, other).strength >= named.strength)
        ):
            return False
    if named.strength == NONE and any(key != (voucher.party_type, voucher.party) for key in around.parties_of(line)):
        return False
    # A voucher of just the line's amount is meant rather, where the number is a slip of its own, or nothing but the number speaks for this one.
    exact = [other for other in around.exact(line) if other.key != voucher.key and standing.rival(other)]
    return not any(around.name(line, other).strength or named.strength == NONE or slip(around, line, other) for other in exact)


def deducted(standing: Standing, line: Line) -> Finding | None:
    """All of the voucher, with a difference beside it."""
    found = told(standing, line)
    if found is None:
        return None
    voucher, hit = found
    around, left = standing.around, standing.left[voucher.key]
    off = line.amount - left
    reasons: list[Text] = [saying.number(hit.key, voucher)]
    if off == 0 or not standing.whole(voucher):
        return None
    score, what = _difference(standing, line, voucher, off, reasons)
    if not score:
        return None
    finding = Finding(line, score, tuple(reasons), (Part(voucher.key, left),), difference=off, difference_is=what, certain=score > DOUBTFUL)
    others = [
        other
        for other, _ in around.lines_showing(voucher)
        if other.name != line.name
        and other.name not in standing.done
        and gates.may_be(other, voucher)
        and abs(other.amount) * 20 >= abs(line.amount)
    ]
    if others:
        return finding.doubted(saying.other_lines_fit(len(others)))
    return finding


def _difference(standing: Standing, line: Line, voucher: Voucher, off: Decimal, reasons: list[Text]) -> tuple[int, str]:
    """How sure the difference is, and what it is; (0, "") for a part. Says why."""
    short = (off < 0) == (line.amount > 0)
    if abs(off) <= standing.settings.cents:
        reasons.append(saying.cents(off))
        return 94, CENTS
    if voucher.bank_account:
        # What is entered cannot be paid too much: the rest of the line is something else.
        return (DOUBTFUL, FEE) if short else (0, "")
    if not short:
        reasons.append(saying.overpaid(off))
        return (91 if _only_too_much(standing, line, voucher, off) else DOUBTFUL), OVERPAID
    if granted := discount(voucher, line, off):
        percent, until = granted
        reasons.append(saying.discount(off, percent, until))
        return 80, DISCOUNT
    if abs(off) <= abs(voucher.amount) / 2 and abs(off) in sums(line):
        reasons.append(saying.fee_printed(off))
        return 93, FEE
    if abs(off) <= max(DEDUCTION, abs(voucher.amount) * DEDUCTION_SHARE):
        reasons.append(saying.fee_guessed(off))
        return DOUBTFUL, FEE
    return 0, ""


def _only_too_much(standing: Standing, line: Line, voucher: Voucher, off: Decimal) -> bool:
    """Whether no other voucher of the party, nor several, could be paid with what is too much, and it is a small part of what was owed:
    more may be for a voucher that is not in the books."""
    others = open_of(standing, line, (voucher.party_type, voucher.party), but=(voucher,))
    return abs(off) <= abs(voucher.amount) * TOO_MUCH and len(others) <= OPEN_AT_MOST and ways([other.amount for other in others], off) == 0


def discount(voucher: Voucher, line: Line, off: Decimal) -> tuple[int, object] | None:
    """The discount that the voucher's remarks grant for paying so early, where it is what is missing: its per cent, and until when; None."""
    total = abs(voucher.total or voucher.amount)
    for terms in TERMS:
        for percent, days in terms.findall(voucher.remarks):
            rate, last = Decimal(percent.replace(",", ".")), voucher.posting_date + timedelta(days=int(days))
            if abs(total * rate / 100 - abs(off)) <= Decimal("0.011") and line.date <= last:
                return int(rate), last
    return None


def parts(standing: Standing) -> Iterator[Finding]:
    """Lines that show a voucher's number and pay plainly less than all of it, one after the other until it is paid."""
    around = standing.around
    lines: dict[Key, list[tuple[Line, Hit]]] = defaultdict(list)
    for line in standing.open_lines():
        found = told(standing, line)
        if found is not None:
            lines[found[0].key].append((line, found[1]))
    for key, theirs in sorted(lines.items()):
        left = standing.left[key]
        twins = len({(line.date, line.amount) for line, _ in theirs}) < len(theirs)
        for line, hit in theirs:
            missing, begun = abs(left) - abs(line.amount), left != around.voucher[key].amount
            if missing < 0 or (missing == 0 and not begun):
                continue
            finding = Finding(
                line, 92, (saying.number(hit.key, around.voucher[key]), saying.part_of(left)), (Part(key, line.amount),), certain=True
            )
            # What is nearly all may be all, less a deduction; and a payment that was entered moved as a whole.
            if key[2] or 0 < missing <= max(DEDUCTION, abs(left) * DEDUCTION_SHARE):
                finding = finding.doubted(saying.not_certain())
            elif twins:
                finding = finding.doubted(saying.other_lines_fit(len(theirs) - 1))
            else:
                left -= line.amount
            yield finding
