"""Reports are read within their share of the day's calls: scheduled, and soon where something changed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from picortex_xero.reports.pace import due, fits

NOW = datetime(2026, 11, 29, 12, 0)


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize(("read", "tried", "changed", "used", "expected"), [
    (None, None, None, 0, True),
    (ago(30), ago(30), None, 0, False), (ago(240), ago(240), None, 0, True),
    # What changed is shown within a quarter of an hour while calls are left.
    (ago(15), ago(15), ago(14), 0, True), (ago(14), ago(14), ago(2), 0, False), (ago(15), ago(15), ago(16), 0, False),
    (ago(15), ago(15), ago(5), 60, False), (ago(60), ago(60), ago(5), 60, True), (ago(60), ago(60), ago(5), 80, False), (ago(240), ago(240), ago(5), 80, True),
    # Failed.
    (ago(500), ago(14), None, 0, False), (ago(500), ago(15), None, 0, True), (None, ago(5), None, 0, False),
    # Written by a clock that was ahead.
    (ago(-5), ago(-5), None, 0, True),
])  # fmt: skip
def test_when_reports_are_read(read: datetime | None, tried: datetime | None, changed: datetime | None, used: int, expected: bool) -> None:
    assert due(read, tried, changed, used, NOW) is expected


def test_what_only_a_person_cures_is_asked_about_once_a_day() -> None:
    assert not due(ago(9999), ago(60), ago(30), 0, NOW, cured_by_a_person=True)
    assert due(ago(9999), ago(1440), None, 0, NOW, cured_by_a_person=True)


@pytest.mark.parametrize("every", [1, 7, 16])
def test_a_day_on_starter_stays_within_its_share_however_often_something_changes(every: int) -> None:
    """Seven requests a reading, 200 a day, counted over the last 24 hours; something changes every so many minutes, for three days."""
    made: list[datetime] = []
    read: datetime | None = None
    changed: datetime | None = None
    for minute in range(3 * 1440):
        at = NOW + timedelta(minutes=minute)
        changed = at if minute % every == 0 else changed
        spent = 7 * sum(1 for each in made if each > at - timedelta(days=1))
        if due(read, read, changed, spent * 100 // 200, at) and fits(7, spent, 200):
            made.append(at)
            read = at
        assert 7 * sum(1 for each in made if each > at - timedelta(days=1)) <= 200
        assert read is not None and at - read <= timedelta(hours=4)
    # The first changes are shown within a quarter of an hour, for hours.
    assert max(b - a for a, b in zip(made[:15], made[1:16])) <= timedelta(minutes=15 + every)
