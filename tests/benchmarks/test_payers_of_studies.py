"""The payers drawn from published studies: the same again from the same seed, never more than is owed, and near what the studies print."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from statistics import mean, median

import pytest

from benchmarks.payers_of_studies import calendars, customers, own_bills, receipts, studies
from benchmarks.payers_of_studies.values import Document, Settled

FIRST, DAYS = date(2026, 1, 5), 300
CENT = Decimal("0.01")
MANY = 400


def documents(seed: int, terms: int, parties: int = MANY, each: int = 4) -> list[Document]:
    rng, made = Random(f"documents {seed}"), []
    for party in range(parties):
        for number in range(each):
            day = FIRST + timedelta(days=rng.randrange(DAYS))
            amount = Decimal(str(rng.lognormvariate(7, 1))).quantize(CENT)
            made.append(Document(f"{party}-{number}", f"party {party}", day, day + timedelta(days=terms), amount))
    return made


@cache
def drawn(country: str) -> list[tuple[Document, Settled]]:
    """Over three seeds."""
    made = []
    for seed in (1, 2, 3):
        sold = documents(seed, studies.COUNTRIES[country].terms)
        settled = receipts.settle(seed, country, sold)
        made += [(each, settled[each.name]) for each in sold]
    return made


def days_late(country: str) -> list[int]:
    return [(settled.closed - sold.due).days for sold, settled in drawn(country) if settled.closed]


COUNTRIES = pytest.mark.parametrize("country", list(studies.COUNTRIES))


def test_a_seed_gives_the_same_again_and_another_seed_something_else() -> None:
    sold = documents(1, 30, parties=20)
    once, again, other = (receipts.settle(seed, "UK", sold) for seed in (7, 7, 8))
    assert once == again != other
    assert own_bills.settle(7, "UK", sold) == own_bills.settle(7, "UK", list(reversed(sold))) != own_bills.settle(8, "UK", sold)


def test_a_further_customer_changes_nothing_for_the_others() -> None:
    sold = documents(1, 30, parties=20)
    further = [*sold, Document("further", "another", sold[0].day, sold[0].due, Decimal(100))]
    without, with_it = receipts.settle(7, "AU", sold), receipts.settle(7, "AU", further)
    assert len(with_it) == len(without) + 1 and {name: with_it[name] for name in without} == without


@pytest.mark.parametrize("amount, due", [(Decimal(0), 30), (Decimal(-1), 30), (Decimal(1), -1)])
def test_what_is_no_invoice_is_refused(amount: Decimal, due: int) -> None:
    with pytest.raises(ValueError):
        receipts.settle(1, "AU", [Document("one", "party", FIRST, FIRST + timedelta(days=due), amount)])


@COUNTRIES
def test_what_is_paid_and_allowed_is_never_more_than_is_owed_and_just_that_where_nothing_stays_owed(country: str) -> None:
    for sold, settled in drawn(country):
        assert all(part.amount > 0 and part.amount == part.amount.quantize(CENT) for part in settled.parts)
        assert settled.allowed >= 0
        if settled.closed is None:
            assert settled.paid < sold.amount and "stopped" in settled.because
        else:
            assert settled.paid + settled.allowed == sold.amount and settled.closed == settled.parts[-1].day


@COUNTRIES
def test_money_comes_in_order_not_before_the_invoice_and_on_no_day_on_which_offices_are_closed(country: str) -> None:
    at_weekends = 0
    for sold, settled in drawn(country):
        days = [part.day for part in settled.parts]
        assert days == sorted(set(days)) and all(sold.day <= day <= sold.due + timedelta(days=450) for day in days)
        at_weekends += sum(day.weekday() > 4 for day in days)
    assert 0 < at_weekends / len(drawn(country)) < 0.09  # households alone: 15 % of the payers


@COUNTRIES
def test_as_many_are_late_and_by_as_much_as_the_studies_print(country: str) -> None:
    late, known = days_late(country), studies.COUNTRIES[country]
    assert abs(sum(days > 0 for days in late) / len(late) - known.late) < 0.08
    assert abs(mean(late) - known.mean) < 3  # three standard errors: a few very late customers weigh much
    assert -4 <= median(late) <= 3  # under half of them are late, so the median is about the due day


@COUNTRIES
def test_few_are_very_late_and_little_is_never_paid(country: str) -> None:
    late, made = days_late(country), drawn(country)
    never = sum(sold.amount - settled.paid for sold, settled in made if settled.closed is None) / sum(sold.amount for sold, _ in made)
    assert 0.004 < sum(days > 90 for days in late) / len(late) < 0.06  # 2.8 to 4.9 %
    assert Decimal("0.002") < never < Decimal("0.03")  # 1.3 to 1.7 %


def test_over_all_countries_what_is_disputed_split_or_paid_less_a_discount_is_as_rare_as_said() -> None:
    made = [settled for country in studies.COUNTRIES for _, settled in drawn(country)]
    seen = Counter(cause for settled in made for cause in settled.because)
    for cause, low, high in (("disputed", 0.02, 0.05), ("parts", 0.01, 0.04), ("discount", 0.01, 0.05), ("stopped", 0.004, 0.03)):
        assert low < seen[cause] / len(made) < high, cause
    assert all(len(settled.parts) == 2 for settled in made if settled.because == {"parts"})


def test_the_mix_of_payers_stays_near_its_weights_at_every_seed() -> None:
    for seed in range(20):
        of_seed = [customers.drawn(seed, "AU", f"party {n}", FIRST, FIRST + timedelta(days=DAYS)) for n in range(MANY)]
        seen = Counter(each.segment for each in of_seed)
        for segment, of_it in studies.SEGMENTS.items():
            assert abs(seen[segment] / MANY - of_it.weight / 100) < 0.13, (seed, segment)
        assert sum(each.slower is not None for each in of_seed) < MANY * 0.15
        assert all(each.habit != studies.STRAINED for each in of_seed if each.segment == "public")


def test_who_pays_in_runs_pays_several_invoices_by_one_transfer() -> None:
    by_payment = defaultdict(set)
    for sold, settled in drawn("UK")[: MANY * 4]:
        for part in settled.parts:
            by_payment[part.payment].add(sold.party)
    assert all(len(parties) == 1 for parties in by_payment.values())
    paid = Counter(part.payment for _, settled in drawn("UK")[: MANY * 4] for part in settled.parts)
    assert sum(count > 1 for count in paid.values()) > 20


def test_a_customer_that_gets_slower_pays_later_after_that_day_than_before() -> None:
    before: list[int] = []
    after: list[int] = []
    for n in range(400):
        name = f"party {n}"
        customer = customers.drawn(1, "AU", name, FIRST, FIRST + timedelta(days=DAYS))
        if customer.slower is None or customer.stops or customer.better:
            continue
        days = [FIRST + timedelta(days=step) for step in range(0, DAYS + 1, 10)]
        sold = [Document(f"{name} {day}", name, day, day + timedelta(days=30), Decimal(500)) for day in days]
        sold.append(Document("edge", "edge", FIRST, FIRST + timedelta(days=30), Decimal(1)))
        settled = receipts.settle(1, "AU", sold)
        for each in sold[:-1]:
            closed = settled[each.name].closed
            assert closed is not None
            late = (closed - each.due).days
            if each.due <= customer.slower:
                before.append(late)
            elif each.due > customer.slower + timedelta(days=60):
                after.append(late)
    assert mean(after) > mean(before) + 7


def test_easter_and_the_closing_over_the_turn_of_the_year_are_days_off() -> None:
    assert [calendars.easter(year) for year in (2025, 2026, 2027)] == [date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28)]
    assert not calendars.works(date(2026, 4, 3), "UK") and calendars.works(date(2026, 4, 3), "US")
    assert not calendars.works(date(2027, 1, 6), "NZ") and calendars.works(date(2027, 1, 6), "UK")
    assert not calendars.works(date(2026, 12, 28), "DE")


def test_a_run_moves_from_a_day_off_back_in_the_month_and_on_in_the_week() -> None:
    def of(rhythm: str, weekday: int = 0) -> calendars.PayDays:
        return calendars.pay_days("NZ", rhythm, weekday, 0, FIRST, FIRST + timedelta(days=DAYS))

    assert of(studies.THE_20TH).on_or_after(date(2026, 6, 1)) == date(2026, 6, 19)  # the 20th is a Saturday
    assert of(studies.MONTH_END).on_or_before(date(2026, 6, 15)) == date(2026, 5, 29)
    assert of(studies.WEEKLY, 4).on_or_after(date(2026, 4, 2)) == date(2026, 4, 7)  # Good Friday and Easter Monday


def test_our_own_bills_are_paid_whole_and_most_on_few_days() -> None:
    for seed in range(10):
        bought = documents(seed, 30, parties=15, each=12)
        settled = own_bills.settle(seed, "NZ", bought)
        for each in bought:
            (part,) = settled[each.name].parts
            assert part.amount == each.amount and each.day <= part.day <= each.due + timedelta(days=45)
            assert calendars.works(part.day, "NZ")
        several = Counter(settled[each.name].parts[0].day for each in bought)
        assert len(several) < len(bought) * 0.6
    assert own_bills.settle(1, "NZ", []) == {}
