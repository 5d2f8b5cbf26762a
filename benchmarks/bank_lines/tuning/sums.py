"""Whether an answer that is not one voucher of just the line's amount is the only one: several, a part, a difference, another currency."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from benchmarks.bank_lines.tuning.evidence import FAIR, STRONG, WEAK, reference_of
from benchmarks.bank_lines.tuning.surroundings import LONG_OPEN, POSTED_LATE, Surroundings
from benchmarks.bank_lines.values import Line, Voucher

# Cents that anybody writes off; up to what share or sum a shortfall may be a deduction as well as a part.
CENTS, DEDUCTION_SHARE, DEDUCTION = Decimal("0.10"), Decimal("0.06"), Decimal("40")
# A processor's fee at most; how far a foreign amount may be off the rate, with a number, with a name only, and what counts as near.
PAYOUT_FEE, RATE_WITH_NUMBER, RATE_WITH_NAME, RATE_NEAR = Decimal("0.06"), Decimal("0.06"), Decimal("0.03"), Decimal("0.10")
# So many open vouchers of a party can be looked through for sums; with more, chance finds some.
OPEN_AT_MOST = 13
Taken = Mapping[tuple[str, str, str], None]


def _same(one: Voucher, other: Voucher) -> bool:
    return one.party == other.party and one.party_type == other.party_type


def several(around: Surroundings, line: Line, vouchers: tuple[Voucher, ...], difference: Decimal, taken: Taken, numbers_only: bool) -> bool:
    """All numbers shown and no other; else the whole name and just one subset of what is open."""
    if any(voucher.currency != line.currency for voucher in vouchers):
        return False
    strengths = [
        around.reference(line, voucher) if voucher.amount * line.amount > 0 else _against(around, line, voucher) for voucher in vouchers
    ]
    if min(strengths) >= FAIR:
        return _by_numbers(around, line, vouchers, difference, min(strengths))
    return not numbers_only and difference == 0 and _by_subset(around, line, vouchers, taken)


def _against(around: Surroundings, line: Line, voucher: Voucher) -> int:
    """The strength of a credit note's number in the line: it has the other sign, so it is no hit by itself."""
    return reference_of(around.shown(line), voucher)


def _by_numbers(around: Surroundings, line: Line, vouchers: tuple[Voucher, ...], difference: Decimal, weakest: int) -> bool:
    for other, strength in around.others_shown(line, vouchers):
        of_theirs = any(_same(other, voucher) for voucher in vouchers)
        if (other.amount == line.amount and other.currency == line.currency) or (of_theirs and strength >= weakest):
            return False
        if other.reference and any(other.reference == voucher.reference for voucher in vouchers) and other.bank_account:
            return False
    # The same numbers and amount in another line: the earlier one pays.
    for twin in around.lines_of_amount[line.currency, line.amount]:
        if (
            twin.name != line.name
            and twin.date <= line.date
            and all(around.reference(twin, voucher) >= FAIR for voucher in vouchers if voucher.amount * line.amount > 0)
        ):
            return False
    if difference == 0:
        return True
    total = sum((voucher.amount for voucher in vouchers), Decimal(0))
    one_reference = all(voucher.bank_account and voucher.reference == vouchers[0].reference for voucher in vouchers)
    return one_reference and total > 0 and 0 < -difference <= total * PAYOUT_FEE


def _by_subset(around: Surroundings, line: Line, vouchers: tuple[Voucher, ...], taken: Taken) -> bool:
    first = vouchers[0]
    if not all(_same(first, voucher) for voucher in vouchers) or around.name(line, first) < STRONG or around.twins(line, first):
        return False
    if any(_same(other, first) or strength == STRONG for other, strength in around.others_shown(line, vouchers)):
        return False
    if any(other.key not in taken for other, _ in around.named_equals(line, vouchers)):
        return False
    mine = {voucher.key for voucher in vouchers}
    within = [
        voucher
        for voucher in around.of_party[first.party_type, first.party]
        if voucher.key in mine
        or (
            voucher.key not in taken
            and not voucher.bank_account
            and voucher.currency == line.currency
            and -POSTED_LATE <= (line.date - voucher.posting_date).days <= LONG_OPEN
        )
    ]
    return len(within) <= OPEN_AT_MOST and _ways([voucher.amount for voucher in within], line.amount) == 1


def _ways(amounts: list[Decimal], wanted: Decimal) -> int:
    """In how many ways some of the amounts make the wanted one."""
    ways: dict[Decimal, int] = {Decimal(0): 1}
    for amount in amounts:
        more = dict(ways)
        for total, count in ways.items():
            more[total + amount] = more.get(total + amount, 0) + count
        ways = more
    return ways.get(wanted, 0)


def _told_by_number(around: Surroundings, line: Line, voucher: Voucher) -> bool:
    """Whether the number names just this voucher, with nothing of the line's exact amount to be meant instead."""
    strength, named = around.reference(line, voucher), around.name(line, voucher)
    if strength < FAIR or (strength < STRONG and named < WEAK):
        return False
    if any(_same(other, voucher) or other_strength >= strength for other, other_strength in around.others_shown(line, (voucher,))):
        return False
    return next(around.named_equals(line, (voucher,)), None) is None


def part(around: Surroundings, line: Line, voucher: Voucher) -> bool:
    """A part of what is open, plainly less than all of it."""
    missing = abs(voucher.amount) - abs(line.amount)
    return missing > max(DEDUCTION, abs(voucher.amount) * DEDUCTION_SHARE) and _told_by_number(around, line, voucher)


def deducted(around: Surroundings, line: Line, voucher: Voucher, difference: Decimal) -> bool:
    """All of the voucher, with cents, a printed fee, a granted discount or too much beside it."""
    if not _told_by_number(around, line, voucher) or not _only_line(around, line, voucher):
        return False
    if abs(difference) <= CENTS:
        return True
    if abs(line.amount) > abs(voucher.amount):
        rest = [
            other for other in around.of_party[voucher.party_type, voucher.party] if other.amount == difference and other.key != voucher.key
        ]
        return not rest
    if re.search(rf"(?<![\d.,]){abs(difference):.2f}(?![\d])", f"{line.description} {line.reference}".replace("\n", "")):
        return True
    granted = re.search(r"(\d+)% discount within (\d+) days", voucher.remarks)
    if not granted or voucher.total is None:
        return False
    percent, days = (int(each) for each in granted.groups())
    off = (abs(voucher.total) * percent / 100).quantize(Decimal("0.01"))
    return abs(off - abs(difference)) <= Decimal("0.01") and 0 <= (line.date - voucher.posting_date).days <= days


def _only_line(around: Surroundings, line: Line, voucher: Voucher) -> bool:
    """No earlier or equal line of the same amount shows the number."""
    return all(
        twin.date > line.date or twin.name == line.name or around.reference(twin, voucher) < FAIR
        for twin in around.lines_of_amount[line.currency, line.amount]
    )


def foreign(around: Surroundings, line: Line, voucher: Voucher) -> bool:
    """A voucher in another currency, at about the rate."""
    off = _off_rate(around, line, voucher)
    if off is None or around.names_another(line, voucher):
        return False
    if around.reference(line, voucher) >= FAIR:
        return off <= RATE_WITH_NUMBER and _told_by_number(around, line, voucher) and _only_line(around, line, voucher)
    if around.name(line, voucher) < STRONG or off > RATE_WITH_NAME or next(around.others_shown(line, (voucher,)), None):
        return False
    others = (other for other in around.of_party[voucher.party_type, voucher.party] if other.key != voucher.key and not other.bank_account)
    near = [away for away in (_off_rate(around, line, other) for other in others) if away is not None and away <= RATE_NEAR]
    return not near and not around.twins(line, voucher) and next(around.named_equals(line, (voucher,)), None) is None


def _off_rate(around: Surroundings, line: Line, voucher: Voucher) -> Decimal | None:
    """By what share the line is off the voucher at the rate about that time; None where a rate is missing or the sign is another."""
    rates = {around.world.currency: Decimal(1), **around.world.rates}
    if voucher.currency not in rates or line.currency not in rates or voucher.amount * line.amount <= 0:
        return None
    worth = voucher.amount * rates[voucher.currency] / rates[line.currency]
    return abs(line.amount - worth) / abs(worth)
