"""UTC time for everything that is compared across machines: the database's clock, so that workers whose own clocks differ agree.

The database is asked once per run. From there a clock counts on that cannot be set and goes on while a machine is suspended. The
environment variable PICORTEX_SANDBOX_CLOCK, which only the sandbox sets, names a file with seconds to add, so that tests pass minutes in
milliseconds, in every process at once.
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
# Seconds after which a long-lived process (of the web server) asks again; a job asks when it begins.
GOOD_FOR = 600.0
# Linux gives every start of a machine an id; its containers share that id and its clock.
BOOT = Path("/proc/sys/kernel/random/boot_id")
# By site: the database's time when it was asked, and `_elapsed` at that moment.
_asked: dict[str, tuple[datetime, float]] = {}


def synchronise() -> None:
    """Ask the database for the time. Called at the beginning of every run."""
    _asked[frappe.local.site] = (frappe.db.sql("SELECT UTC_TIMESTAMP(6)")[0][0], _elapsed())


def now() -> datetime:
    """The current time in UTC, without time zone, as all columns but Frappe's own hold it."""
    return running()()


def running() -> Callable[[], datetime]:
    """A clock that goes on from here without asking the database, for code that must not touch it."""
    site = frappe.local.site
    if site not in _asked or _elapsed() - _asked[site][1] > GOOD_FOR:
        synchronise()
    then, elapsed = _asked[site]
    return lambda: then + timedelta(seconds=_elapsed() - elapsed + _shift())


def running_time() -> tuple[str, int]:
    """(name of this machine since its last start, "" where it has none; for how many whole seconds it has been running). Unlike the time of
    day that cannot be set. Two values of one machine can be compared across processes until it starts anew and has another name."""
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
    try:
        shift = os.open(shift_file, os.O_RDONLY)
    except FileNotFoundError:
        return 0.0
    try:
        return float(os.read(shift, 100) or 0)
    finally:
        os.close(shift)
