"""UTC time for everything that is compared across machines.

The environment variable PICORTEX_SANDBOX_CLOCK, set only by the sandbox, names a file with seconds to add, so that tests run
minutes in milliseconds in every process at once.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

SHIFT_VARIABLE = "PICORTEX_SANDBOX_CLOCK"


def now() -> datetime:
    """The current time, naive, in UTC: what every machine column of ours holds."""
    real = datetime.now(timezone.utc).replace(tzinfo=None)
    shift_file = os.environ.get(SHIFT_VARIABLE)
    if not shift_file:
        return real
    path = Path(shift_file)
    text = path.read_text().strip() if path.exists() else ""
    return real + timedelta(seconds=float(text or 0))
