"""The forecast is worth more than the due day, on seeds that the printed figures do not use."""

from __future__ import annotations

from benchmarks import cash_flow_back_test as tried


def test_what_has_come_by_the_end_of_each_week_is_expected_better_than_by_the_due_day() -> None:
    seeds, countries = (101, 102), ("NZ", "UK")
    app, due = (tried.back_test(rule, seeds, countries) for rule in (tried.expected_days, tried.due_days))
    assert app.came == due.came and all(app.came[week] for week in range(1, 6))
    for week in range(1, 5):
        assert app.until(week) < due.until(week)
    assert app.until(4) < 1


def test_a_rule_that_knows_the_days_is_never_off() -> None:
    known = {each.item.name: each.paid for each in tried.recorded("NZ", 101)}
    perfect = tried.back_test(lambda open_, _before, _today: {each.name: known[each.name] for each in open_}, (101,), ("NZ",))
    assert [perfect.of_week(week) for week in range(1, 9)] == [0] * 8 and perfect.came[1] > 0
