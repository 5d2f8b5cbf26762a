"""What holds of every forecast: each open item once, the list is the curve, opening and flows are the closing, scenarios add up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from picortex_xero.cash_flow import curve, scenarios
from picortex_xero.cash_flow.forecast import Forecast, made
from picortex_xero.cash_flow.habits import Habits, Paid
from picortex_xero.cash_flow.once import once
from picortex_xero.cash_flow.scenarios import Later, Lost
from picortex_xero.cash_flow.values import BILL, CREDIT, HERE, INVOICE, OWN, SALES_ORDER, Balance, Item, Opening, Rates

TODAY = date(2026, 11, 29)
SEEDS = range(40)
CURRENCIES = ("NZD", "NZD", "AUD")


def amount(rng: Random) -> Decimal:
    return Decimal(rng.randint(1, 500_000)) / 100


def items(rng: Random, count: int) -> list[Item]:
    found = []
    for number in range(count):
        customers = rng.random() < 0.6
        credit = rng.random() < 0.2
        left = amount(rng) if customers != credit else -amount(rng)
        day = TODAY - timedelta(days=rng.randint(0, 300))
        found.append(
            Item(
                CREDIT if credit else INVOICE if customers else BILL,
                "Sales Invoice" if customers else "Purchase Invoice",
                f"D-{number}",
                left,
                rng.choice(CURRENCIES),
                day,
                day + timedelta(days=rng.choice((0, 14, 30, 60))),
                party_type="Customer" if customers else "Supplier",
                party=f"P{rng.randint(1, 8)}",
                planned=TODAY + timedelta(days=rng.randint(-5, 40)) if rng.random() < 0.1 else None,
            )
        )
    return found


def world(seed: int) -> tuple[Forecast, list[Item], list[Item], list[Item], dict[str, tuple[str, str]]]:
    """A forecast with what it is made of: open here, open in Xero, what else, and links."""
    rng = Random(seed)
    here = items(rng, rng.randint(0, 60))
    links, there = {}, []
    for item in here:
        if rng.random() < 0.5:
            links[f"x-{item.name}"] = (item.doctype, item.name)
            there.append(replace(item, name=f"x-{item.name}", doctype="Invoices"))
    # Known here and paid, or only there, or read twice.
    for item in items(rng, 12):
        there.append(replace(item, name=f"y-{item.name}", doctype="Invoices"))
        if rng.random() < 0.4:
            links[f"y-{item.name}"] = (item.doctype, f"paid-{item.name}")
    there += rng.sample(there, min(4, len(there)))
    others = [
        Item(SALES_ORDER, "Sales Order", f"O-{n}", amount(rng), "NZD", TODAY, TODAY + timedelta(days=n), party_type="Customer", party="P1")
        for n in range(5)
    ]
    others += [Item(OWN, "Xero Forecast Line", f"L-{n}", -amount(rng), "NZD", TODAY, planned=TODAY, fixed=True) for n in range(3)]
    paid = [Paid(rng.choice(("Customer", "Supplier")), f"P{rng.randint(1, 8)}", rng.randint(-10, 70)) for _ in range(rng.choice((0, 90)))]
    opening = Opening(
        (Balance("Bank", "NZD", Decimal("1000"), Decimal("1000")), Balance("Bank AUD", "AUD", Decimal("50"), Decimal("55"))), TODAY
    )
    both = once(here, there, links)
    rates = Rates("NZD", {"AUD": Decimal("1.1")})
    return made(opening, both, others, Habits(paid), rates, TODAY, TODAY + timedelta(days=90)), here, there, others, links


@pytest.mark.parametrize("seed", SEEDS)
def test_every_open_item_is_there_once_whichever_book_has_it(seed: int) -> None:
    forecast, here, there, others, links = world(seed)
    only_there = {each.name: each for each in there if each.name not in links}
    wanted = {(HERE, each.doctype, each.name): each.left for each in (*here, *others)}
    wanted |= {("Xero", each.doctype, each.name): each.left for each in only_there.values()}
    found: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for line in forecast.lines:
        found[line.item.key[:3]] += line.amount
    assert dict(found) == wanted
    open_here = {(each.doctype, each.name) for each in here}
    assert {each.name for each in forecast.left_out} == {
        name for name, document in links.items() if document not in open_here and name in {each.name for each in there}
    }


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("currency", ("", "NZD", "AUD"))
def test_the_list_is_the_curve_and_each_closing_is_its_opening_with_its_flows(seed: int, currency: str) -> None:
    forecast = world(seed)[0]
    drawn = forecast.curve(currency)
    listed = [each for each in forecast.within() if not currency or each.item.currency == currency]
    total = sum((each.amount if currency else each.base for each in listed), Decimal(0))
    assert drawn.balances()[-1][1] == drawn.opening + total
    by_day = dict(drawn.balances())
    for of in (curve.DAY, curve.WEEK, curve.MONTH):
        buckets, opening, first = drawn.buckets(of), drawn.opening, forecast.first
        for each in buckets:
            assert (each.opening, each.first) == (opening, first)
            assert each.opening + each.into + each.out == each.closing == by_day[each.last]
            assert each.lowest == min(by_day[each.first + timedelta(days=n)] for n in range((each.last - each.first).days + 1))
            opening, first = each.closing, each.last + timedelta(days=1)
        assert buckets[-1].last == forecast.last
    lowest = drawn.lowest()
    assert lowest.balance == min(by_day.values()) == by_day[lowest.day]
    assert all(line.expected is not None and lowest.since < line.expected <= lowest.day for line in lowest.causes)
    assert len(forecast.within()) + len(forecast.beyond()) == len(forecast.lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_scenarios_change_adds_up(seed: int) -> None:
    forecast = world(seed)[0]
    rng = Random(seed)
    chosen = rng.sample([Later(14), Later(21, "P1"), Lost("P2"), Lost("P1", open_too=True), Later(7, "P3")], rng.randint(1, 4))
    changes = scenarios.changes(forecast.lines, chosen)
    under = forecast.under(chosen)

    def balances(lines: list[object]) -> list[tuple[date, Decimal]]:
        return replace(forecast, lines=tuple(lines)).curve().balances()  # type: ignore[arg-type]

    assert under.curve().balances() == balances([*forecast.lines, *(each.line for each in changes)])
    # Each scenario's own changes, one after the other, lead from the forecast to the one under all of them.
    so_far = list(forecast.lines)
    for place in range(len(chosen)):
        so_far += [each.line for each in changes if each.scenario == place]
        assert balances(so_far) == forecast.under(chosen[: place + 1]).curve().balances()


@pytest.mark.parametrize("seed", SEEDS)
def test_of_different_customers_each_makes_the_same_difference_alone_and_together(seed: int) -> None:
    forecast = world(seed)[0]
    one, other = Later(10, "P4"), Lost("P5", open_too=True)
    alone = [*scenarios.changes(forecast.lines, [one]), *scenarios.changes(forecast.lines, [other])]
    for together in ([one, other], [other, one]):
        found = replace(forecast, lines=(*forecast.lines, *(each.line for each in alone))).curve().balances()
        assert forecast.under(together).curve().balances() == found


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_expected_in_the_past_and_every_line_says_why(seed: int) -> None:
    forecast = world(seed)[0]
    assert all((each.expected is None or each.expected >= TODAY) and each.why for each in forecast.lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_credits_never_take_more_than_what_they_are_taken_off(seed: int) -> None:
    forecast = world(seed)[0]
    by_party: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for line in forecast.lines:
        if line.expected is not None and line.item.party:
            by_party[line.item.party_type, line.item.party, line.item.currency, line.expected] += line.amount
    assert all(total >= 0 if key[0] == "Customer" else total <= 0 for key, total in by_party.items())
