"""How much work something is, whatever the machine: measured in loops that are timed beside it, so that a slow or busy machine slows both.

A loop is some milliseconds of a processor of today. A limit on loops catches work that grows with the square of what it is given; it is no promise
of seconds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

Clock = Callable[[], float]


def loops(work: Callable[[], object], enough: float, clock: Clock = time.process_time, tries: int = 3) -> float:
    """How many loops `work` takes by this clock; where that is more than `enough`, the least of several tries."""
    best = float("inf")
    for _try in range(tries):
        beside = _loop()
        began = clock()
        work()
        took = clock() - began
        best = min(best, 2 * took / (beside + _loop()))
        if best <= enough:
            break
    return best


def _loop() -> float:
    """Seconds of this process's processor time that one loop takes now."""
    times = []
    for _time in range(5):
        began = time.process_time()
        found: dict[int, tuple[int, str]] = {}
        for at in range(30_000):
            found[at % 1_000] = (at, str(at))
        times.append(time.process_time() - began)
    return sorted(times)[2]


def processor_time_of(pid: int) -> Clock:
    """The seconds of processor time that another process has taken."""

    def clock() -> float:
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    return clock
