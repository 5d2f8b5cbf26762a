"""When reports are read again: on a schedule, and sooner where something was sent or Xero told of a change, within the calls a day that reports may use."""

from __future__ import annotations

from datetime import datetime, timedelta

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
# As it comes: all reports of a company are about seven requests, so 42 a day.
SCHEDULED = 4 * HOUR
# What is out of date is read so soon after the last reading: by how many hundredths of the day's calls for reports are used up. Beyond the last
# line it waits for the schedule: what is left then is for that and for people's presses.
OUT_OF_DATE: tuple[tuple[int, timedelta], ...] = ((60, 15 * MINUTE), (80, HOUR))
# A failure is asked about again after so long: one that passes by itself soon, one that a person has to cure daily.
PASSES, NEEDS_A_PERSON = 15 * MINUTE, 24 * HOUR
# A person's press is refused so soon after the last reading: it would show nothing else.
PRESSED = MINUTE


def due(
    read: datetime | None,
    tried: datetime | None,
    out_of_date: datetime | None,
    used: int,
    now: datetime,
    cured_by_a_person: bool = False,
    scheduled: timedelta = SCHEDULED,
) -> bool:
    """Whether the reports are read now. `read`: when they were last read well; `tried`: when they were last asked for; `out_of_date`: since when
    something has changed; `used`: hundredths of the day's calls that are used up; `cured_by_a_person`: the last try failed by what only a person cures; `scheduled`: how long
    what was read stays without a change."""
    failed = tried is not None and (read is None or tried > read)
    if failed and tried is not None:
        return _passed(tried, NEEDS_A_PERSON if cured_by_a_person else PASSES, now)
    if read is None:
        return True
    if out_of_date is not None and out_of_date > read:
        soon = next((each for most, each in OUT_OF_DATE if used < most), scheduled)
        return _passed(read, min(soon, scheduled), now)
    return _passed(read, scheduled, now)


def fits(calls: int, spent: int, a_day: int) -> bool:
    """Whether so many requests more stay within the day's."""
    return spent + calls <= a_day


def _passed(since: datetime, wait: timedelta, now: datetime) -> bool:
    """A time to come was written while the clock was ahead, and does not count."""
    return not since <= now < since + wait
