"""How we pay our own bills: in payment runs on fixed days, by direct debit, or at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from benchmarks.payers_of_studies import studies
from benchmarks.payers_of_studies.calendars import PayDays, pay_days
from benchmarks.payers_of_studies.customers import choose
from benchmarks.payers_of_studies.values import ZERO, Document, Part, Settled


def settle(seed: int, country: str, bills: Iterable[Document]) -> dict[str, Settled]:
    """By the bill's name: each is paid whole, on one day."""
    known = list(bills)
    if not known:
        return {}
    first, last = min(each.day for each in known), max(each.day for each in known)
    ours = Random(f"own runs {seed} {country}")
    rhythms = studies.NZ_RHYTHMS if country == "NZ" else studies.SEGMENTS["small"].rhythms
    rhythm = choose(ours, {each: weight for each, weight in rhythms.items() if each != studies.DAILY})
    runs = pay_days(country, rhythm, ours.choices(range(5), studies.WEEKDAYS)[0], ours.randrange(2), first, last)
    any_day = pay_days(country, studies.DAILY, 0, 0, first, last)
    habit = choose(ours, studies.OWN_HABITS)
    found = {}
    for each in known:
        method = choose(Random(f"supplier {seed} {country} {each.party}"), studies.OWN_METHODS)
        day = _day(Random(f"bill {seed} {country} {each.name}"), method, habit, each, runs, any_day)
        found[each.name] = Settled((Part(day, each.amount, f"{each.party} {day}"),), ZERO, day)
    return found


def _day(rng: Random, method: str, habit: str, bill: Document, runs: PayDays, any_day: PayDays) -> date:
    if method == "direct debit":
        return any_day.on_or_after(bill.due)
    if method == "at once":
        return any_day.on_or_after(bill.day + timedelta(days=rng.randint(0, 2)))
    ready = bill.day + timedelta(days=round(3 * rng.lognormvariate(0, studies.APPROVAL_SPREAD)))
    before = runs.on_or_before(bill.due)
    if habit == studies.ON_TERMS and before is not None and before >= ready and rng.random() >= studies.OWN_MISSED:
        return before
    return runs.on_or_after(max(bill.due, ready))
