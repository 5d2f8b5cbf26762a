"""A process whose own clock is wrong: SANDBOX_CLOCK_SKEW seconds are added to what Python tells it of the time of day.

Clocks that count on (monotonic ones) and the database's time stay right, as on a machine whose time of day was never set.
"""

from __future__ import annotations

import datetime as module
import os
import time
from typing import Any


def install_from_environment() -> None:
    """Skew `time.time` and `datetime`; nothing without the variable. Before anything else imports `datetime` from its module."""
    seconds = float(os.environ.get("SANDBOX_CLOCK_SKEW") or 0)
    if not seconds:
        return
    real, right = module.datetime, time.time
    delta = module.timedelta(seconds=seconds)

    class Meta(type):
        def __instancecheck__(cls, value: Any) -> bool:
            return isinstance(value, real)

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, real)

    class Skewed(real, metaclass=Meta):  # type: ignore[misc]
        """The time of day as this machine believes it is."""

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return real.now(tz) + delta

        @classmethod
        def utcnow(cls) -> Any:
            return real.fromtimestamp(right(), module.timezone.utc).replace(tzinfo=None) + delta

        @classmethod
        def today(cls) -> Any:
            return real.today() + delta

    module.datetime = Skewed  # type: ignore[misc]
    time.time = lambda: right() + seconds
