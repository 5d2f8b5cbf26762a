"""What a forecast of cash is worth: `make back-test-cash-flow`. The recorded documents of four companies (April to November), paid on days that `cash_flow_payers` draws; every Monday from August on a forecast with
what was known then, beside what came.

Printed by week ahead: how far off the receipts of that week were (the absolute differences over what came), and how far off what had come in by its end was; beside it the same for the due day alone. Only what was open on the
day counts: what is sold later no list of open items can know."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from benchmarks.cash_flow_payers import payers
from picortex_xero.cash_flow.expected import lines
from picortex_xero.cash_flow.habits import Habits, Paid
from picortex_xero.cash_flow.values import CUSTOMER, INVOICE, Item, Rates
from sandbox import erp

COUNTRIES, WEEKS, BEGINS = ("AU", "NZ", "UK", "US"), 8, date(2026, 8, 3)
ZERO = Decimal(0)
Weekly = dict[int, Decimal]


@dataclass(frozen=True)
class Invoice:
    """A recorded invoice, in base currency, with the day on which it is paid here."""

    item: Item
    paid: date


def recorded(country: str, seed: int) -> list[Invoice]:
    """The invoices of a recorded company; when each is paid is drawn."""
    found = []
    for event in erp.read(erp.RECORDED / "corpus" / f"corpus-{country.lower()}.json.gz")["companies"][0]["documents"]:
        doc = event.get("doc") or {}
        if event["event"] == "submit" and event["doctype"] == "Sales Invoice" and not doc.get("is_return") and not doc.get("is_pos"):
            found.append(_item(doc))
    rng = Random(f"{country} {seed}")
    known = payers(rng, sorted({each.party for each in found}), min(each.day for each in found), max(each.day for each in found))
    small = sorted(each.left for each in found)[len(found) // 3]
    return [Invoice(each, known[each.party].pays(rng, each.day, each.due or each.day, each.left < small)) for each in found]


def _item(doc: dict[str, Any]) -> Item:
    amount = Decimal(str(doc.get("base_rounded_total") or doc["base_grand_total"]))
    day, due = date.fromisoformat(doc["posting_date"]), date.fromisoformat(doc.get("due_date") or doc["posting_date"])
    return Item(INVOICE, "Sales Invoice", doc["name"], amount, "BASE", day, due, party_type=CUSTOMER, party=doc["customer"])


def expected_days(open_: list[Item], before: Iterable[Invoice], today: date) -> dict[str, date | None]:
    """As the app expects them."""
    late = [Paid(CUSTOMER, each.item.party, (each.paid - (each.item.due or each.item.day)).days) for each in before]
    return {line.item.name: line.expected for line in lines(open_, Habits(late), Rates("BASE"), today)}


def due_days(open_: list[Item], _before: Iterable[Invoice], today: date) -> dict[str, date | None]:
    """On the due day; what is overdue today."""
    return {each.name: max(each.due or each.day, today) for each in open_}


Rule = Callable[[list[Item], Iterable[Invoice], date], dict[str, "date | None"]]


@dataclass
class Errors:
    """Sums by week ahead (1: the first seven days)."""

    came: Weekly
    off: Weekly
    so_far: Weekly
    off_so_far: Weekly

    def of_week(self, week: int) -> Decimal:
        """How far off the receipts of that week were, over what came in it."""
        return self.off[week] / self.came[week] if self.came[week] else ZERO

    def until(self, week: int) -> Decimal:
        """How far off what had come by its end was, over that."""
        return self.off_so_far[week] / self.so_far[week] if self.so_far[week] else ZERO


def back_test(rule: Rule, seeds: Iterable[int], countries: Iterable[str] = COUNTRIES) -> Errors:
    """Every Monday that has so many weeks after it."""
    errors = Errors(*(defaultdict(lambda: ZERO) for _ in range(4)))
    for seed in seeds:
        for country in countries:
            invoices = recorded(country, seed)
            last = max(each.item.day for each in invoices)
            today = BEGINS
            while today + timedelta(days=7) <= last:
                _one(rule, invoices, today, errors)
                today += timedelta(days=7)
    return errors


def _one(rule: Rule, invoices: list[Invoice], today: date, errors: Errors) -> None:
    open_ = [each for each in invoices if each.item.day < today <= each.paid]
    before = [each for each in invoices if each.paid < today]
    expected = rule([each.item for each in open_], before, today)
    came: defaultdict[int, Decimal] = defaultdict(Decimal)
    said: defaultdict[int, Decimal] = defaultdict(Decimal)
    for each in open_:
        came[_week(each.paid, today)] += each.item.left
        when = expected[each.item.name]
        if when is not None:
            said[_week(when, today)] += each.item.left
    so_far = difference = ZERO
    for week in range(1, WEEKS + 1):
        so_far += came[week]
        difference += said[week] - came[week]
        errors.came[week] += came[week]
        errors.off[week] += abs(said[week] - came[week])
        errors.so_far[week] += so_far
        errors.off_so_far[week] += abs(difference)


def _week(day: date, today: date) -> int:
    return (day - today).days // 7 + 1


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    seeds = range(1, parser.parse_args().seeds + 1)
    app, due = back_test(expected_days, seeds), back_test(due_days, seeds)
    print("week ahead | receipts of the week off by: forecast, due day alone | what had come by its end off by: forecast, due day alone")
    for week in range(1, WEEKS + 1):
        print(f"{week:>10} | {app.of_week(week):>8.0%} {due.of_week(week):>8.0%} | {app.until(week):>8.0%} {due.until(week):>8.0%}")


if __name__ == "__main__":
    main()
