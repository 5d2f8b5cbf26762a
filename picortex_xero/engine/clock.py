"""UTC time for everything that is compared across machines: the database's, so that workers whose clocks differ agree.

It is asked once per run and counted on from there by a clock that cannot be set and does not stop while a machine is suspended.
The environment variable PICORTEX_SANDBOX_CLOCK, set only by the sandbox, names a file with seconds to add, so that tests run
minutes in milliseconds in every process at once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import frappe

SHIFT_VARIABLE = "PICORTEX_SANDBOX_CLOCK"
# A process that lives long (a web server's) asks again now and then; a job asks when it begins.
GOOD_FOR = 600.0
# Linux gives every start of a machine a name, which its containers share, as they share its clock.
BOOT = Path("/proc/sys/kernel/random/boot_id")
# The database's time of each site, and what `_elapsed` was then.
_asked: dict[str, tuple[datetime, float]] = {}


def synchronise() -> None:
    """Ask the database what time it is. What begins a run does so."""
    _asked[frappe.local.site] = (frappe.db.sql("SELECT UTC_TIMESTAMP(6)")[0][0], _elapsed())


def now() -> datetime:
    """The current time, naive, in UTC: what every machine column of ours holds."""
    return running()()


def running() -> Callable[[], datetime]:
    """A clock that goes on from here without asking anybody, for what must not touch the database."""
    site = frappe.local.site
    if site not in _asked or _elapsed() - _asked[site][1] > GOOD_FOR:
        synchronise()
    then, elapsed = _asked[site]
    return lambda: then + timedelta(seconds=_elapsed() - elapsed + _shift())


def running_time() -> tuple[str, int]:
    """This machine ("" where it has no name), and for how many whole seconds it has been running: unlike a time of day that cannot be set. Two
    values of one machine can be compared from process to process, until it is started anew and has another name."""
    return _machine(), int(_elapsed() + _shift())


@lru_cache
def _machine() -> str:
    return BOOT.read_text().strip() if BOOT.exists() else ""


def _elapsed() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def _shift() -> float:
    shift_file = os.environ.get(SHIFT_VARIABLE)
    if not shift_file:
        return 0.0
    path = Path(shift_file)
    return float((path.read_text().strip() if path.exists() else "") or 0)
