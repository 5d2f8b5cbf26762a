"""A world from a seed: cases are drawn until the lines are there, everything is put in the order of its days, then each line is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random

from benchmarks.bank_lines.judge import banking, buying, selling
from benchmarks.bank_lines.judge.decidable import Happened, judge
from benchmarks.bank_lines.judge.desk import Desk, Draft, money
from benchmarks.bank_lines.values import Answer, Line, World

# Each case with its share of draws (many make more than one line) and the most lines it makes.
MIX: tuple[tuple[Callable[[Desk], None], int, int], ...] = (
    (selling.whole, 270, 1),
    (selling.together, 45, 1),
    (selling.part, 18, 3),
    (selling.subscription, 25, 1),
    (selling.rent, 8, 3),
    (selling.typo, 16, 1),
    (selling.discount, 12, 1),
    (selling.cents_off, 12, 1),
    (selling.bank_fee, 14, 1),
    (selling.overpaid, 7, 1),
    (selling.twice, 4, 2),
    (selling.repeated_line, 3, 2),
    (selling.advance, 10, 1),
    (selling.from_outside, 12, 1),
    (selling.in_foreign, 10, 1),
    (selling.entered, 55, 1),
    (selling.cheques_in, 6, 1),
    (selling.payout, 22, 1),
    (selling.refunded, 7, 1),
    (selling.returned, 8, 3),
    (buying.whole, 150, 1),
    (buying.together, 25, 1),
    (buying.utility, 30, 1),
    (buying.part, 8, 2),
    (buying.entered, 55, 1),
    (buying.run, 10, 1),
    (buying.wages, 5, 6),
    (buying.tax, 8, 1),
    (buying.claim, 16, 1),
    (buying.refund, 6, 1),
    (buying.foreign_bill, 14, 1),
    (banking.between, 16, 2),
    (banking.across, 6, 2),
    (banking.bank_fee, 16, 1),
    (banking.interest, 6, 1),
    (banking.card, 40, 1),
    (banking.unbilled, 16, 1),
    (banking.strange, 8, 1),
)
COUNTRIES = ("AU", "AU", "AU", "NZ", "NZ", "GB", "GB", "GB", "US", "US", "US", "DE", "SG")
# Vouchers for which no line came, for a hundred lines.
QUIET = 28


def made(seed: int, lines: int, country: str = "") -> tuple[World, Mapping[str, str]]:
    """A world, and what a bookkeeper would code each of its lines without voucher to."""
    if lines < 1:
        raise ValueError("A world has at least one line")
    rng = Random(seed)
    where = country or rng.choice(COUNTRIES)
    desk = Desk(rng, where, lines)
    cases, shares, most = zip(*MIX)
    while len(desk.lines) < lines:
        at = rng.choices(range(len(cases)), shares)[0]
        if len(desk.lines) + most[at] <= lines:
            cases[at](desk)
    for _ in range(lines * QUIET // 100):
        (selling.quiet if rng.random() < 0.62 else buying.quiet)(desk)
    return _finished(seed, desk)


def _finished(seed: int, desk: Desk) -> tuple[World, Mapping[str, str]]:
    drawn = sorted(desk.lines, key=lambda each: each.day)
    for at, each in enumerate(drawn, 1):
        each.name = f"ACC-BTN-{each.day.year}-{at:06}"
    world = World(
        seed=seed,
        country=desk.country,
        currency=desk.currency,
        accounts=tuple(desk.accounts),
        parties=tuple(each.party for each in (*desk.customers, *desk.suppliers, *desk.employees)),
        vouchers=tuple(sorted(desk.vouchers.values(), key=lambda each: (each.posting_date, each.doctype, each.name, each.bank_account))),
        lines=tuple(_line(each) for each in drawn),
        closed_until=desk.closed_until,
        rates=dict(desk.rates),
    )
    happened = {each.name: Happened(_case(desk, each), _answer(each)) for each in drawn}
    truths = judge(world, happened)
    return World(**{**world.__dict__, "truths": truths}), {
        each.name: each.coding for each in drawn if each.coding and each.kind == "nothing"
    }


def _case(desk: Desk, each: Draft) -> str:
    return "dated in a closed period" if desk.closed_until is not None and each.day <= desk.closed_until else each.case


def _line(each: Draft) -> Line:
    return Line(
        each.name,
        each.account.name,
        each.day,
        money(each.cents),
        each.account.currency,
        each.text.description,
        each.text.reference,
        each.text.transaction_type,
        each.text.party_name,
        each.text.party_number,
        each.transaction_id,
    )


def _answer(each: Draft) -> Answer:
    vouchers = tuple((key, money(cents)) for key, cents in each.portions)
    return Answer(each.kind, vouchers, money(each.difference) if each.difference else Decimal(0), each.other.name if each.other else "")
