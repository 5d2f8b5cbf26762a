"""Batches go by the clock of the site."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from picortex_xero.documents.rules.rule import Setting
from picortex_xero.documents.rules.slots import next_slot

DAILY = Setting(send="Daily", at=time(17, 30))


@pytest.mark.parametrize(
    ("setting", "zone", "now", "slot"),
    [
        (Setting(), "UTC", "2026-11-28 11:30", "2026-11-28 12:00"),
        (Setting(send="Hourly"), "UTC", "2026-11-28 12:00", "2026-11-28 13:00"),
        (Setting(send="Hourly"), "Asia/Kolkata", "2026-11-28 11:20", "2026-11-28 11:30"),
        # 17:30 in Auckland (UTC+13 in summer) is 04:30 UTC.
        (DAILY, "Pacific/Auckland", "2026-11-28 04:29", "2026-11-28 04:30"),
        (DAILY, "Pacific/Auckland", "2026-11-28 04:30", "2026-11-29 04:30"),
        # Britain puts its clocks back on 2026-10-25, and forward on 2026-03-29, when 01:30 is left out.
        (DAILY, "Europe/London", "2026-10-24 18:00", "2026-10-25 17:30"),
        (Setting(send="Daily", at=time(1, 30)), "Europe/London", "2026-03-29 00:00", "2026-03-29 01:30"),
    ],
)
def test_the_next_batch(setting: Setting, zone: str, now: str, slot: str) -> None:
    assert next_slot(setting, zone, datetime.fromisoformat(now)) == datetime.fromisoformat(slot)
