"""What holds for whatever books: the same answer in any order, nothing used twice, a rival never makes surer, nothing automatic in a closed period; and how the work grows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from random import Random

import pytest

from benchmarks.bank_lines import matchers
from benchmarks.bank_lines.tuning import world
from picortex_xero.banking import matching
from picortex_xero.banking.around import Around
from picortex_xero.banking.values import Books, Key

SEEDS = (21, 22)


@lru_cache
def made(seed: int, lines: int = 300) -> Books:
    return matchers.as_books(world(seed, lines))


def shuffled(books: Books, seed: int) -> Books:
    rng = Random(seed)
    return replace(
        books,
        vouchers=tuple(rng.sample(books.vouchers, len(books.vouchers))),
        lines=tuple(rng.sample(books.lines, len(books.lines))),
        parties=tuple(rng.sample(books.parties, len(books.parties))),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_what_comes_in_does_not_matter(seed: int) -> None:
    assert matching.proposals(made(seed)) == matching.proposals(shuffled(made(seed), seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_voucher_is_used_for_more_than_it_is(seed: int) -> None:
    used: dict[Key, Decimal] = defaultdict(Decimal)
    for found in matching.proposals(made(seed)).values():
        for part in found[0].vouchers if found and found[0].automatic else ():
            used[part.voucher] += part.amount
    whole = {voucher.key: voucher.amount for voucher in made(seed).vouchers}
    assert used and all(abs(amount) <= abs(whole[key]) and amount * whole[key] >= 0 for key, amount in used.items())


@pytest.mark.parametrize("seed", SEEDS)
def test_an_equal_rival_never_makes_a_match_surer(seed: int) -> None:
    books, rng = made(seed), Random(seed)
    before = matching.proposals(books)
    for voucher in rng.sample(books.vouchers, 12):
        rival = replace(voucher, name=f"{voucher.name}-9")
        after = matching.proposals(replace(books, vouchers=(*books.vouchers, rival)))
        for name, found in before.items():
            if found and any(part.voucher == voucher.key for part in found[0].vouchers) and found[0].automatic:
                now = [each.score for each in after[name] if each.vouchers == found[0].vouchers]
                assert not now or now[0] <= found[0].score, (voucher, name)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_automatic_up_to_the_day_that_is_closed(seed: int) -> None:
    books = made(seed)
    days = sorted(line.date for line in books.lines)
    found = matching.proposals(replace(books, closed_until=days[len(days) // 2]))
    day = {line.name: line.date for line in books.lines}
    automatic = [day[name] for name, each in found.items() if each and each[0].automatic]
    assert automatic and min(automatic) > days[len(days) // 2]


def test_every_proposal_says_why() -> None:
    assert all(each.reasons and 0 <= each.score <= 100 for found in matching.proposals(made(21)).values() for each in found)


def test_the_work_grows_as_the_lines_do() -> None:
    looked = []
    for lines in (500, 4_000):
        around = Around(made(5, lines))
        matching.proposals(around.books, around=around)
        looked.append(around.looked)
    # Eight times the lines and vouchers; what is equal by chance grows a little faster.
    assert looked[1] <= 12 * looked[0], looked
