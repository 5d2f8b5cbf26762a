"""The generator that judges the matching makes the same world of the same seed, its truths hold in that world, and what is called decidable has no rival."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

import pytest

from benchmarks.bank_lines.judge import coded_world, world
from benchmarks.bank_lines.judge.decidable import Happened, judge
from benchmarks.bank_lines.judge.names import plain, without_form
from benchmarks.bank_lines.judge.references import tail
from benchmarks.bank_lines.values import NOTHING, RETURNED, TRANSFER, VOUCHERS, Line, Truth, Voucher, World

COUNTRIES = ("AU", "NZ", "GB", "US", "DE", "SG")
CASES = 47


@lru_cache
def small(country: str) -> World:
    return world(41, 700, country)


def again(of: World, line: Line) -> bool:
    """Whether a line is decidable in a world that was changed by hand."""
    told = {name: Happened(each.case, each.answer) for name, each in of.truths.items()}
    return judge(of, told)[line.name].decidable


def one(of: World, case: str, shown: bool | None = None) -> tuple[Line, Truth, list[Voucher]]:
    """A decidable line of a case, with the whole number of its voucher in its text, or without its running number."""
    by = {each.key: each for each in of.vouchers}
    for line in of.lines:
        truth = of.truths[line.name]
        vouchers = [by[key] for key, _ in truth.answer.vouchers]
        if truth.case != case or not truth.decidable:
            continue
        if shown is None or (vouchers[0].name in line.description if shown else vouchers[0].name[-4:] not in line.description):
            return line, truth, vouchers
    raise AssertionError(f"no decidable line of {case}")


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, plain(text)))


def test_a_seed_makes_one_world() -> None:
    first, second = coded_world(5, 400, "AU"), coded_world(5, 400, "AU")
    assert first == second and first[0].truths == second[0].truths
    assert world(5, 400, "AU") == first[0] != world(6, 400, "AU")
    assert {world(seed, 20).country for seed in range(40)} == set(COUNTRIES)


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_truths_hold_in_their_world(country: str) -> None:
    made = small(country)
    vouchers, lines = {each.key: each for each in made.vouchers}, {each.name: each for each in made.lines}
    accounts, parties = {each.name: each for each in made.accounts}, {each.name for each in made.parties}
    assert len(lines) == len(made.lines) == 700 and lines.keys() == made.truths.keys() and len(vouchers) == len(made.vouchers)
    assert 1 <= len(accounts) <= 4 and len({each.title for each in made.parties}) == len(parties)
    assert all(each.party in parties for each in made.vouchers if each.party)
    assert all(
        (each.bank_account in accounts) if each.bank_account else each.doctype in ("Sales Invoice", "Purchase Invoice", "Expense Claim")
        for each in made.vouchers
    )
    assert [each.date for each in made.lines] == sorted(each.date for each in made.lines)
    assert all(each.amount and accounts[each.bank_account].currency == each.currency for each in made.lines)
    taken: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for name, truth in made.truths.items():
        line, answer = lines[name], truth.answer
        for key, portion in answer.vouchers:
            taken[key] += portion
            assert portion * vouchers[key].amount > 0 and vouchers[key].bank_account in ("", line.bank_account)
            assert (vouchers[key].posting_date - line.date).days <= 5
        if answer.kind == VOUCHERS:
            assert answer.vouchers and not answer.line
            if {vouchers[key].currency for key, _ in answer.vouchers} == {line.currency}:
                assert line.amount == sum(portion for _, portion in answer.vouchers) + answer.difference, name
            else:
                assert answer.difference == 0
        elif answer.kind in (TRANSFER, RETURNED):
            other = lines[answer.line]
            assert line.amount * other.amount < 0 and not answer.vouchers
            assert (other.bank_account == line.bank_account) == (answer.kind == RETURNED)
            assert answer.kind == TRANSFER or (other.date <= line.date and line.amount == -other.amount + answer.difference)
            assert answer.kind == RETURNED or made.truths[other.name].answer.line == name
        else:
            assert answer.kind == NOTHING and not truth.decidable and not answer.vouchers and not answer.line
        assert not (truth.decidable and made.closed_until and line.date <= made.closed_until)
    assert all(abs(total) <= abs(vouchers[key].amount) for key, total in taken.items())


@pytest.mark.parametrize("country", COUNTRIES)
def test_more_than_six_of_ten_are_decidable(country: str) -> None:
    assert sum(each.decidable for each in small(country).truths.values()) >= 0.6 * 700


def test_every_case_comes_in_five_thousand_lines_and_soon() -> None:
    began = time.process_time()
    made, coding = coded_world(77, 5000, "GB")
    # 20,000 lines are to take less than 20 seconds.
    assert time.process_time() - began < 10
    cases = Counter(each.case for each in made.truths.values())
    assert len(cases) == CASES and min(cases.values()) >= 3, cases
    decidable = Counter(each.case for each in made.truths.values() if each.decidable)
    assert sum(decidable.values()) >= 3000 and any(each.trap and each.decidable for each in made.truths.values())
    nothing = {name for name, each in made.truths.items() if each.answer.kind == NOTHING}
    assert coding.keys() <= nothing and len(coding) > 300


@pytest.mark.parametrize("country", COUNTRIES)
def test_looked_at_one_by_one_no_other_voucher_fits_as_well(country: str) -> None:
    """Every voucher beside every decidable line of one open voucher: none of the amount has its number there, or its party's name where the right number is not."""
    made, looked = small(country), 0
    titles = {each.name: letters(without_form(each.title)) for each in made.parties}
    by = {each.key: each for each in made.vouchers}
    for line in made.lines:
        truth = made.truths[line.name]
        if not truth.decidable or len(truth.answer.vouchers) != 1 or by[truth.answer.vouchers[0][0]].bank_account:
            continue
        right = by[truth.answer.vouchers[0][0]]
        text = letters(f"{line.description} {line.reference} {line.party_name}")
        numbered = any(tail(number) in text for number in (right.name, right.reference) if number)
        for each in made.vouchers:
            if (
                each.key == right.key
                or each.amount != line.amount
                or each.currency != line.currency
                or each.bank_account not in ("", line.bank_account)
            ):
                continue
            looked += 1
            shows = len(letters(each.name)) >= 6 and letters(each.name) in text and each.name not in right.name
            names = bool(each.party) and titles[each.party] in text and each.posting_date <= line.date and not each.bank_account
            assert not shows or letters(right.name) in text and letters(each.name) in letters(right.name), (line, right, each)
            assert not names or numbered or right.remarks or each.party != right.party, (line, right, each)
    assert looked > 5


def test_a_planted_twin_of_the_party_makes_it_undecidable() -> None:
    made = small("GB")
    line, _, (voucher,) = one(made, "invoice paid", shown=False)
    twin = replace(voucher, name="ACC-SINV-2026-99991", reference="")
    assert again(made, line)
    assert not again(replace(made, vouchers=(*made.vouchers, twin)), line)
    # Of another amount, or issued long after the line, it is no rival.
    assert again(replace(made, vouchers=(*made.vouchers, replace(twin, amount=twin.amount * 7 + 1))), line)
    assert again(replace(made, vouchers=(*made.vouchers, replace(twin, posting_date=line.date + timedelta(days=30)))), line)


def test_a_number_decides_between_twins_until_it_points_to_both() -> None:
    made = small("GB")
    line, _, (voucher,) = one(made, "invoice paid", shown=True)
    twin = replace(voucher, name="ACC-SINV-2026-99991", reference="")
    both = replace(made, vouchers=(*made.vouchers, twin))
    assert again(both, line)
    told = replace(line, description=f"{line.description} 99991")
    assert not again(replace(both, lines=tuple(told if each.name == line.name else each for each in made.lines)), told)


def test_a_planted_payment_of_the_same_amount_makes_it_undecidable() -> None:
    made = small("AU")
    line, _, (voucher,) = one(made, "invoice paid", shown=False)
    typed = Voucher(
        "Payment Entry",
        "ACC-PAY-2026-99991",
        "Customer",
        voucher.party,
        line.date,
        line.amount,
        line.currency,
        bank_account=line.bank_account,
    )
    assert not again(replace(made, vouchers=(*made.vouchers, typed)), line)
    entered, _, (entry,) = one(made, "receipt already entered", shown=False)
    second = replace(entry, name="ACC-PAY-2026-99992", reference=entry.reference)
    assert not again(replace(made, vouchers=(*made.vouchers, second)), entered)


def test_a_planted_line_makes_it_undecidable() -> None:
    made = small("NZ")
    line, truth, _ = one(made, "invoice paid", shown=True)
    transfer, its_truth, _ = one(made, "own transfer")
    returned, back_truth, _ = one(made, "returned payment")
    for of, what, day in ((line, truth, 0), (transfer, its_truth, 1), (returned, back_truth, 0)):
        rival = of if what is truth else next(each for each in made.lines if each.name == what.answer.line)
        planted = replace(rival, name="PLANTED", date=rival.date + timedelta(days=day))
        changed = replace(made, lines=(*made.lines, planted), truths={**made.truths, "PLANTED": made.truths[rival.name]})
        assert again(made, of) and not again(changed, of), of


def test_without_evidence_nothing_is_decidable() -> None:
    made = small("US")
    bare = replace(
        made, lines=tuple(replace(each, description="DEPOSIT", reference="", party_name="", party_number="") for each in made.lines)
    )
    told = {name: Happened(each.case, each.answer) for name, each in made.truths.items()}
    left = [each for each in judge(bare, told).values() if each.decidable]
    # A payment typed in on the same days for an amount that hardly comes twice still tells itself.
    by = {each.key: each for each in made.vouchers}
    assert all(by[each.answer.vouchers[0][0]].bank_account for each in left) and len(left) < 140
