"""What a forecast of cash is worth: `make back-test-cash-flow`. The recorded documents of four companies (April to November), paid on days that a generator draws (`cash_flow_replayed`); every Monday from August on a forecast with what was known
then, beside what came.

Printed by week ahead: how far off what was paid in that week was (the absolute differences over what was paid), and how far off what had been paid by its end was, with the best and the worst seed; beside it the same for two simple rules.
Only what was open on the day counts: what is sold later no list of open items can know. What is paid in parts is forecast with what is left of it; what is never paid stays open."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.cash_flow_replayed import AUTHOR, GENERATORS, PURCHASES, SALES, STUDIES, ZERO, Replayed, mondays, replayed, week
from picortex_xero.cash_flow.expected import lines
from picortex_xero.cash_flow.habits import Habits, Paid
from picortex_xero.cash_flow.values import Item, Rates

COUNTRIES, WEEKS, BEGINS = ("AU", "NZ", "UK", "US"), 8, date(2026, 8, 3)
Rule = Callable[[list[Item], Iterable[Replayed], date], dict[str, "date | None"]]


def expected_days(open_: list[Item], before: Iterable[Replayed], today: date) -> dict[str, date | None]:
    """As the app expects them."""
    late = [Paid(each.item.party_type, each.item.party, each.late) for each in before]
    return {line.item.name: line.expected for line in lines(open_, Habits(late), Rates("BASE"), today)}


def due_days(open_: list[Item], _before: Iterable[Replayed], today: date) -> dict[str, date | None]:
    """On the due day; what is overdue today."""
    return {each.name: max(each.due or each.day, today) for each in open_}


def average_days(open_: list[Item], before: Iterable[Replayed], today: date) -> dict[str, date | None]:
    """As many days after the due day as all documents so far on average; what should have been paid by then today."""
    late = [each.late for each in before]
    more = timedelta(days=round(sum(late) / len(late)) if late else 0)
    return {each.name: max((each.due or each.day) + more, today) for each in open_}


RULES: dict[str, Rule] = {"forecast": expected_days, "due day": due_days, "average": average_days}


def _sums() -> defaultdict[int, Decimal]:
    return defaultdict(lambda: ZERO)


@dataclass
class Errors:
    """Sums by week ahead (1: the first seven days)."""

    came: dict[int, Decimal] = field(default_factory=_sums)
    off: dict[int, Decimal] = field(default_factory=_sums)
    so_far: dict[int, Decimal] = field(default_factory=_sums)
    off_so_far: dict[int, Decimal] = field(default_factory=_sums)

    def of_week(self, of: int) -> Decimal:
        """How far off what was paid in that week was, over what was paid in it."""
        return self.off[of] / self.came[of] if self.came[of] else ZERO

    def add(self, other: Errors) -> None:
        """Both together."""
        for mine, more in zip(vars(self).values(), vars(other).values(), strict=True):
            for of, amount in more.items():
                mine[of] += amount

    def until(self, of: int) -> Decimal:
        """How far off what had been paid by its end was, over that."""
        return self.off_so_far[of] / self.so_far[of] if self.so_far[of] else ZERO


def back_test(
    rule: Rule, seeds: Iterable[int], countries: Iterable[str] = COUNTRIES, generator: str = STUDIES, doctype: str = SALES
) -> Errors:
    """Every Monday that has recorded documents a week after it."""
    errors = Errors()
    for seed in seeds:
        for country in countries:
            documents = replayed(country, seed, generator, doctype)
            for today in mondays(documents, BEGINS):
                _one(rule, documents, today, errors)
    return errors


def _one(rule: Rule, documents: tuple[Replayed, ...], today: date, errors: Errors) -> None:
    open_ = [each for each in documents if each.open_on(today)]
    items = [each.on(today) for each in open_]
    expected = rule(items, [each for each in documents if each.settled_before(today)], today)
    came, said = _sums(), _sums()
    for each in open_:
        for day, amount in each.parts:
            if day >= today:
                came[week(day, today)] += amount
    for item in items:
        when = expected[item.name]
        if when is not None:
            said[week(when, today)] += item.left
    so_far = difference = ZERO
    for of in range(1, WEEKS + 1):
        so_far += came[of]
        difference += said[of] - came[of]
        errors.came[of] += abs(came[of])
        errors.off[of] += abs(said[of] - came[of])
        errors.so_far[of] += abs(so_far)
        errors.off_so_far[of] += abs(difference)


def drawn(seeds: Iterable[int], generator: str, doctype: str) -> str:
    """How the documents are paid, in one line."""
    made = [each for seed in seeds for country in COUNTRIES for each in replayed(country, seed, generator, doctype)]
    late = sorted(each.late for each in made if each.closed)
    never, parts = (
        sum(map(bool, which)) / len(made) for which in ([not each.closed for each in made], [len(each.parts) > 1 for each in made])
    )
    return (
        f"{len(made)} documents drawn: {sum(days > 0 for days in late) / len(late):.0%} late, {sum(late) / len(late):.1f} days after the due day on average, "
        f"{late[len(late) // 2]} in the middle; {parts:.1%} in parts, {never:.1%} never settled"
    )


def printed(seeds: list[int], generator: str, doctype: str) -> list[str]:
    """The table of one kind of document."""
    of_seed = {name: [back_test(rule, [seed], generator=generator, doctype=doctype) for seed in seeds] for name, rule in RULES.items()}
    of_rule = {name: Errors() for name in RULES}
    for name, errors in of_seed.items():
        for each in errors:
            of_rule[name].add(each)
    found = [f"{doctype}, generator {generator}, seeds {seeds[0]} to {seeds[-1]}", drawn(seeds, generator, doctype)]
    found.append("weeks ahead | of the week: forecast, due day, average | by its end: forecast (best to worst seed), due day, average")
    for of in range(1, WEEKS + 1):
        weekly, by_end = ([f"{getattr(each, how)(of):>5.0%}" for each in of_rule.values()] for how in ("of_week", "until"))
        seen = [each.until(of) for each in of_seed["forecast"]]
        found.append(f"{of:>11} | {' '.join(weekly)} | {by_end[0]} ({min(seen):.0%} to {max(seen):.0%}) {' '.join(by_end[1:])}")
    return found


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--generator", choices=GENERATORS, default=STUDIES)
    asked = parser.parse_args()
    for doctype in (SALES,) if asked.generator == AUTHOR else (SALES, PURCHASES):
        print("\n".join(printed(list(range(asked.first, asked.first + asked.seeds)), asked.generator, doctype)), end="\n\n")


if __name__ == "__main__":
    main()
