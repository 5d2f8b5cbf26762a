"""What must be true of any tax row divided over lines, and of any price, whatever ERPNext computed: nothing of ERPNext's arithmetic is
needed.

`make test-long` runs it on 100 times as many inputs.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from decimal import Decimal

import pytest

from picortex_xero.accounting.money import decimals, half_up
from picortex_xero.accounting.rounding import line_amount, line_tax, unit_price
from picortex_xero.accounting.tax import allocate

CENT, HALF = Decimal("0.01"), Decimal("0.005")
EXAMPLES = int(os.environ.get("EXAMPLES", "2000"))


def amounts(seed: int, most: int = 1_000_000) -> Iterator[Decimal]:
    """Amounts in cents, now and then negative or tiny."""
    rng = random.Random(seed)
    while True:
        value = Decimal(rng.choice((rng.randint(1, 99), rng.randint(100, 9_999), rng.randint(1, most)))) * CENT
        yield -value if rng.random() < 0.1 else value


def lines(seed: int) -> tuple[list[Decimal], list[Decimal]]:
    """The exact tax of 1 to 12 lines at one rate or several, and what they are taken from."""
    rng, given = random.Random(seed), amounts(seed)
    nets = [next(given) for _ in range(rng.randint(1, 12))]
    rates = rng.sample(("5", "8.875", "10", "12.5", "15", "17.5", "20"), rng.randint(1, 3))
    return [net * Decimal(rng.choice(rates)) / 100 for net in nets], nets


def test_a_rounded_row_is_dealt_out_whole_and_as_near_as_cents_can_be() -> None:
    for seed in range(EXAMPLES):
        exact, nets = lines(seed)
        total = half_up(sum(exact, Decimal(0)))
        parts = allocate(total, exact, nets)
        assert parts is not None and sum(parts) == total, seed
        assert all(part == half_up(part) for part in parts), seed
        off = [part - share for part, share in zip(parts, exact)]
        # No cent could be moved from one line to another without making things worse.
        assert max(off) - min(off) <= CENT, seed


def test_a_typed_row_is_dealt_out_up_to_a_cent_a_line_and_no_further() -> None:
    for seed in range(EXAMPLES):
        _, nets = lines(seed)
        whole, most = sum(nets, Decimal(0)), CENT * len(nets)
        lowest = allocate(whole - most, nets, nets)
        highest = allocate(whole + most, nets, nets)
        assert lowest == [net - CENT for net in nets] and highest == [net + CENT for net in nets], seed
        assert allocate(whole - most - CENT, nets, nets) is None and allocate(whole + most + CENT, nets, nets) is None, seed


def test_price_and_quantity_always_come_to_the_amount() -> None:
    for seed in range(EXAMPLES):
        rng = random.Random(seed)
        quantity = Decimal(rng.randint(1, 10 ** rng.randint(1, 6))).scaleb(-rng.randint(0, 5))
        price = Decimal(rng.randint(1, 10**6)).scaleb(-rng.choice((2, 2, 3, 4, 6)))
        amount = half_up(quantity * price) + rng.choice((0, 0, 0, 1, -1)) * CENT
        sent, unit = unit_price(quantity, price, amount)
        assert line_amount(sent, unit) == amount and max(decimals(sent), decimals(unit)) <= 4, seed
        assert sent in (quantity, 1), seed
        if decimals(quantity) <= 4 and decimals(price) <= 4 and half_up(quantity * price) == amount:
            assert (sent, unit) == (quantity, price), "the host's own price, where it serves"


@pytest.mark.parametrize("rate", ["5", "10", "12.5", "15", "17.5", "20"])
def test_tax_inside_a_price_leaves_the_nearest_net_amount(rate: str) -> None:
    given, factor = amounts(int(Decimal(rate) * 10)), 1 + Decimal(rate) / 100
    for _ in range(EXAMPLES):
        gross = next(given)
        net = gross - line_tax(gross, Decimal(rate), inclusive=True)
        assert abs(net * factor - gross) <= HALF * factor and net == half_up(net)
        assert abs(line_tax(net, Decimal(rate), inclusive=False) - net * Decimal(rate) / 100) <= HALF
