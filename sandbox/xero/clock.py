"""The simulator's only source of time: real UTC plus the offset in the file named by PICORTEX_SANDBOX_CLOCK."""
from __future__ import annotations

import os
import time
from datetime import datetime, timezone


def offset() -> float:
    """Seconds added to real time; read on every call so that a test can move time while processes run."""
    path = os.environ.get("PICORTEX_SANDBOX_CLOCK")
    if not path:
        return 0.0
    try:
        with open(path) as handle:
            text = handle.read().strip()
    except FileNotFoundError:
        return 0.0
    return float(text) if text else 0.0


def now() -> float:
    """Seconds since 1970, UTC."""
    return time.time() + offset()


def utc(moment: float) -> datetime:
    """The aware UTC datetime of ``now()``-style seconds."""
    return datetime.fromtimestamp(moment, timezone.utc)
