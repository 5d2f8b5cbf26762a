"""Sums of what is open of one party: whether some of it makes an amount, in one way only, and whether that could be chance."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from itertools import islice

from . import gates
from .around import PartyKey
from .standing import Standing
from .values import Line, Voucher

# So many open vouchers of a party are searched for sums; a sum that chance would find more often than once in so many is none.
OPEN_AT_MOST, SELDOM = 14, 50


def open_of(standing: Standing, line: Line, party: PartyKey, but: Iterable[Voucher] = ()) -> list[Voucher]:
    """What is open of the party in the line's currency on its day, credit notes among it, and what numbers have not taken for certain; no more than one above OPEN_AT_MOST,
    which is too much for anybody to search."""
    mine = {voucher.key for voucher in but}
    found = (
        voucher
        for voucher in standing.open_of_party(party)
        if voucher.key not in mine and voucher.currency == line.currency and gates.in_time(line, voucher)
    )
    return list(islice(found, OPEN_AT_MOST + 1))


def by_chance(amounts: list[Decimal], wanted: Decimal, *beside: Decimal) -> bool:
    """Whether sums of these amounts lie so close together that one of them may well be the wanted one by chance: 2^n sums over the steps that all these amounts have (prices
    are often round). `beside`: other amounts of the party, which say how round they are."""
    all_of_them = [abs(int(amount * 1000)) for amount in (*amounts, wanted, *beside)]
    if len(amounts) < 2:
        return False
    return 2 ** len(amounts) * math.gcd(*all_of_them) * SELDOM > max(sum(all_of_them[: len(amounts)]), all_of_them[len(amounts)])


def _sums(amounts: list[Decimal]) -> dict[int, tuple[int, int]]:
    """By sum, in thousandths: in how many ways, and the places of the first way as bits."""
    found: dict[int, tuple[int, int]] = {0: (1, 0)}
    for at, amount in enumerate(amounts):
        value, more = int(amount * 1000), dict(found)
        for total, (count, mask) in found.items():
            old = more.get(total + value)
            more[total + value] = (count + old[0], old[1]) if old else (count, mask | 1 << at)
        found = more
    return found


def first_subset(amounts: list[Decimal], wanted: Decimal) -> tuple[int, tuple[int, ...]]:
    """In how many ways some of the amounts make the sum, and the places of one of them; the sums of each half are made once and looked for in the other's."""
    half = len(amounts) // 2
    one, two, total = _sums(amounts[:half]), _sums(amounts[half:]), int(wanted * 1000)
    ways, places = 0, 0
    for each, (count, mask) in one.items():
        other = two.get(total - each)
        if other is not None:
            places = places if ways else mask | other[1] << half
            ways += count * other[0]
    return ways, tuple(at for at in range(len(amounts)) if places >> at & 1)


def ways(amounts: list[Decimal], wanted: Decimal) -> int:
    """In how many ways some of the amounts make the sum."""
    return first_subset(amounts, wanted)[0]


def only_subset(amounts: list[Decimal], wanted: Decimal) -> tuple[int, ...]:
    """The places of the only subset that makes the sum; () where there is none or more than one."""
    count, places = first_subset(amounts, wanted)
    return places if count == 1 else ()
