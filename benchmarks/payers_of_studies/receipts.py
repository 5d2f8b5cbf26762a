"""What customers pay, and when."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from benchmarks.payers_of_studies import studies
from benchmarks.payers_of_studies.customers import Customer, drawn
from benchmarks.payers_of_studies.values import ZERO, Document, Part, Settled, share


def settle(seed: int, country: str, invoices: Iterable[Document]) -> dict[str, Settled]:
    """By the invoice's name. The same seed, country and invoices give the same again; ValueError at an amount that is not above zero or a due day before the invoice."""
    by_customer: dict[str, list[Document]] = defaultdict(list)
    for each in invoices:
        if each.amount <= 0 or each.due < each.day:
            raise ValueError(f"{each.name}: {each.amount} of {each.day}, due {each.due}")
        by_customer[each.party].append(each)
    days = [each.day for of_one in by_customer.values() for each in of_one]
    found = {}
    for name, of_one in by_customer.items():
        customer = drawn(seed, country, name, min(days), max(days))
        large = sorted(each.amount for each in of_one)[len(of_one) * 2 // 3]
        for each in of_one:
            found[each.name] = _settled(Random(f"invoice {seed} {country} {each.name}"), country, customer, each, each.amount >= large)
    return found


def _settled(rng: Random, country: str, customer: Customer, invoice: Document, large: bool) -> Settled:
    """As it would be paid, less what falls after the day from which the customer pays nothing."""
    whole = _paid_whole(rng, country, customer, invoice, large)
    if customer.stops is None:
        return whole
    parts = tuple(part for part in whole.parts if part.day < customer.stops)
    return whole if parts == whole.parts else Settled(parts, ZERO, None, whole.because | {"stopped"})


def _paid_whole(rng: Random, country: str, customer: Customer, invoice: Document, large: bool) -> Settled:
    of_it, pay = studies.SEGMENTS[customer.segment], customer.days.on_or_after
    day = _day(rng, country, customer, invoice, large)
    if invoice.amount < 1:
        return _of(invoice, [(day, invoice.amount)], ZERO)
    if customer.discount and (day - invoice.day).days <= studies.DISCOUNT_DAYS:
        off = share(invoice.amount, studies.DISCOUNT)
        return _of(invoice, [(day, invoice.amount - off)], off, "discount")
    if rng.random() < of_it.disputes:
        return _disputed(rng, customer, invoice, day)
    if customer.parts and large:
        first = share(invoice.amount, rng.uniform(*studies.PART_SHARE))
        rest = pay(day + timedelta(days=rng.randint(*studies.PART_PAUSE)))
        return _of(invoice, [(day, first), (rest, invoice.amount - first)], ZERO, "parts")
    return _of(invoice, [(day, invoice.amount)], ZERO)


def _disputed(rng: Random, customer: Customer, invoice: Document, day: date) -> Settled:
    """Part or all of it waits two to four weeks; of some a part is credited."""
    end = customer.days.on_or_after(max(day, invoice.due) + timedelta(days=rng.randint(*studies.DISPUTE_DAYS)))
    credited = share(invoice.amount, rng.uniform(*studies.CREDITED)) if rng.random() < studies.DISPUTE_CREDITED else ZERO
    first = share(invoice.amount, rng.uniform(0.5, 0.65)) if rng.random() < studies.UNDISPUTED_FIRST else ZERO
    return _of(invoice, [(day, first), (end, invoice.amount - first - credited)], credited, "disputed")


def _of(invoice: Document, parts: list[tuple[date, Decimal]], allowed: Decimal, *because: str) -> Settled:
    """Parts of nothing are none. Payments of one customer on one day are one transfer."""
    made = tuple(Part(day, amount, f"{invoice.party} {day}") for day, amount in parts if amount > 0)
    return Settled(made, allowed, parts[-1][0], frozenset(because))


def _day(rng: Random, country: str, customer: Customer, invoice: Document, large: bool) -> date:
    """The day of the (first) payment: not before it is approved, on a day on which the customer pays."""
    slow = studies.SLOW_MONTH if invoice.day.month in studies.COUNTRIES[country].slow else 1.0
    ready = invoice.day + timedelta(days=round(customer.approval * slow * rng.lognormvariate(0, studies.APPROVAL_SPREAD)))
    due = _statement(invoice) if customer.statements else invoice.due
    more = _changed(customer, invoice.due)
    if customer.habit == studies.AT_ONCE:
        return customer.days.on_or_after(ready + timedelta(days=max(0, round(rng.expovariate(1 / 3) + more))))
    if customer.habit == studies.ON_TERMS and more <= 0:
        before = customer.days.on_or_before(due)
        return before if before is not None and before >= ready else customer.days.on_or_after(ready)
    late = _late(rng, customer, large, studies.COUNTRIES[country].longer) + more
    return customer.days.on_or_after(max(ready, due + timedelta(days=round(late))))


def _late(rng: Random, customer: Customer, large: bool, longer: float) -> float:
    """Days after the due day on which the customer means to pay."""
    if customer.habit in (studies.STRETCHES, studies.STRAINED):
        return min(studies.LATEST, customer.late * (studies.LARGE_LATER if large else 1.0) * rng.lognormvariate(0, 0.3))
    if customer.habit == studies.FORGETS and rng.random() >= studies.REMEMBERS:
        for reminded in studies.REMINDED[:-1]:
            if rng.random() < studies.HEEDS:
                return reminded * longer + rng.randint(0, 3)
        return min(studies.LATEST, studies.REMINDED[-1] * longer + rng.expovariate(1 / 10))
    return rng.uniform(-6, 0) if customer.habit == studies.FORGETS else 0.0


def _changed(customer: Customer, due: date) -> float:
    """Days that it is later than before with a customer who gets slower; less than none with one who gets better; the last months before somebody stops are slow, too."""
    found = 0.0
    if customer.slower and due > customer.slower:
        found += min(studies.SLOWER_AT_MOST, studies.SLOWER_A_MONTH * (due - customer.slower).days / 30)
    if customer.better and due > customer.better:
        found -= studies.BETTER_DAYS
    if customer.stops and due > customer.stops - timedelta(days=60):
        found += 20
    return found


def _statement(invoice: Document) -> date:
    """The last day of the month in which it is due: a month's invoices are paid together."""
    return invoice.due.replace(day=monthrange(invoice.due.year, invoice.due.month)[1])
