"""The file that says how many seconds app and simulator are ahead of real time, which many processes read while it changes."""

from __future__ import annotations

import os
from pathlib import Path


def put(clock_file: Path, ahead: float | str) -> None:
    """Be so many seconds ahead from now on. Whoever reads meanwhile sees what was or what is: an empty file would be no seconds, and a request sealed days before or after its step."""
    written = clock_file.with_name(f"{clock_file.name}.{os.getpid()}")
    written.write_text(str(ahead))
    os.replace(written, clock_file)
