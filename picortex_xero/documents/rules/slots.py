"""When the next batch goes: at the next full hour, or at the next time of day that was chosen, by the clock of the site."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from .rule import DAILY, Setting

UTC = timezone.utc


def next_slot(setting: Setting, zone: str, now: datetime) -> datetime:
    """The first moment after `now` at which a batch goes; both in UTC, without zone. A time that a change of the clock leaves out or repeats is the one
    that comes first after it."""
    if setting.send != DAILY:
        # Where a zone is half an hour off, the site's full hour is not UTC's.
        local = now.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return now - into + timedelta(hours=1)
    today = now.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
    for days in (0, 1, 2):
        local = datetime.combine(today + timedelta(days=days), setting.at, tzinfo=ZoneInfo(zone))
        if (slot := local.astimezone(UTC).replace(tzinfo=None)) > now:
            return slot
    raise AssertionError("one of three days has a time that is still to come")


def local_time(moment: datetime, zone: str) -> str:
    """A moment (UTC) as a clock of the site shows it: "2026-12-31 17:00"."""
    return f"{moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
