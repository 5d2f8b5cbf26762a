"""The back-test measures what it says; with the generator of the forecast's author the forecast is worth more than the due day, on seeds that the printed figures do not use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from benchmarks import cash_flow_back_test as tried
from benchmarks import cash_flow_replayed as replay
from picortex_xero.cash_flow.values import Item

SEEDS, COUNTRIES = (101, 102), ("NZ", "UK")


def test_what_has_come_by_the_end_of_each_week_is_expected_better_than_by_the_due_day() -> None:
    app, due = (tried.back_test(rule, SEEDS, COUNTRIES, replay.AUTHOR) for rule in (tried.expected_days, tried.due_days))
    assert app.came == due.came and all(app.came[week] for week in range(1, 6))
    for week in range(1, 5):
        assert app.until(week) < due.until(week)
    assert app.until(4) < 1


@pytest.mark.parametrize("generator", replay.GENERATORS)
def test_a_rule_that_knows_the_days_is_off_by_what_is_paid_in_parts_or_never_alone(generator: str) -> None:
    known = {each.item.name: each for each in replay.replayed("NZ", 101, generator)}

    def knows(open_: list[Item], _before: Iterable[replay.Replayed], today: date) -> dict[str, date | None]:
        return {each.name: known[each.name].closed for each in open_}

    perfect = tried.back_test(knows, (101,), ("NZ",), generator)
    whole = all(len(each.parts) == 1 and each.parts[0][1] == each.item.left for each in known.values())
    assert whole is (generator == replay.AUTHOR) and perfect.came[1] > 0
    for week in range(1, 9):
        assert perfect.of_week(week) == 0 if whole else perfect.until(week) < Decimal("0.2")


def test_what_is_left_of_a_document_and_whether_it_is_open_follow_its_payments() -> None:
    item = replay.recorded("UK", replay.SALES)[0]
    first, second = item.day + timedelta(days=10), item.day + timedelta(days=20)
    half = item.left / 2
    paid = replay.Replayed(item, ((first, half), (second, item.left - half)), second)
    assert paid.on(first).left == item.left and paid.on(first + timedelta(days=1)).left == item.left - half
    assert not paid.open_on(item.day) and paid.open_on(first + timedelta(days=1)) and paid.open_on(second)
    assert (
        not paid.open_on(second + timedelta(days=1)) and paid.settled_before(second + timedelta(days=1)) and not paid.settled_before(second)
    )
    never = replay.Replayed(item, (), None)
    assert never.open_on(second + timedelta(days=900)) and not never.settled_before(second + timedelta(days=900))


def test_bills_are_replayed_too_without_those_paid_at_once() -> None:
    bills = replay.replayed("AU", 1, doctype=replay.PURCHASES)
    assert len(bills) == 104 and all(each.closed and sum(amount for _, amount in each.parts) == each.item.left for each in bills)
    assert all(each.item.left < 0 for each in bills) and all(each.item.left > 0 for each in replay.replayed("AU", 1))
    assert tried.back_test(tried.due_days, (101,), ("AU",), doctype=replay.PURCHASES).came[1] > 0
    first = bills[0]
    assert tried.expected_days([first.item], [], first.item.day) == tried.due_days([first.item], [], first.item.day)


def test_the_errors_of_two_seeds_are_those_of_both_together() -> None:
    both, one_by_one = tried.back_test(tried.due_days, SEEDS, COUNTRIES), tried.Errors()
    for seed in SEEDS:
        one_by_one.add(tried.back_test(tried.due_days, [seed], COUNTRIES))
    assert both == one_by_one


def test_the_average_delay_is_that_of_what_was_settled_before() -> None:
    bill, other = replay.recorded("UK", replay.SALES)[:2]
    due = bill.due or bill.day
    before = [replay.Replayed(bill, (), due + timedelta(days=late)) for late in (4, 10)]
    assert tried.average_days([other], before, date(2026, 1, 1)) == {other.name: (other.due or other.day) + timedelta(days=7)}
    assert tried.average_days([other], [], date(2030, 1, 1)) == {other.name: date(2030, 1, 1)}


def test_it_is_printed_by_week_with_how_the_documents_were_paid() -> None:
    table = tried.printed([101], replay.STUDIES, replay.PURCHASES)
    assert "390 documents drawn" in table[1] and len(table) == 3 + tried.WEEKS and table[3].lstrip().startswith("1 |")
