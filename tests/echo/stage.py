"""The stage of the fuzz: one site and one simulator, put back to a named moment in milliseconds, their clock with them."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import redis

from sandbox import passing_time
from sandbox.host.site import replace_database
from sandbox.rig import Rig, standing

# In memory where there is such a place: a reset is then a copy of two megabytes of it.
IN_MEMORY = Path("/dev/shm")


class Stage:
    """A rig with moments to come back to. `before` tells what the simulator had done by then."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.before: dict[str, dict[str, Any]] = {}
        self.at = ""
        self._taken: dict[str, float] = {}
        self._redis = redis.Redis.from_url(rig.queue.url)

    def keep(self, name: str) -> None:
        """Remember this moment."""
        target = self._file(name)
        target.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.rig.site / "site.db")) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("pragma journal_mode = wal")
        self.before[name] = self.rig.xero.snapshot(name)
        self._taken[name] = time.time() + float(self.rig.clock_file.read_text() or 0)

    def put_back(self, name: str) -> None:
        """Be at that moment again: site, queue, simulator and time. `at` is its name."""
        self.at = name
        # Another stage of this process may have its own clock.
        os.environ["PICORTEX_SANDBOX_CLOCK"] = str(self.rig.clock_file)
        replace_database(self.rig.site, self._file(name))
        self._redis.flushall()
        self.rig.xero.restore(name)
        passing_time.put(self.rig.clock_file, self._taken[name] - time.time())

    def now(self) -> float:
        """The simulated time in seconds since 1970."""
        return time.time() + float(self.rig.clock_file.read_text() or 0)

    def _file(self, name: str) -> Path:
        return self.rig.folder / f"kept-{name}.db"


@contextmanager
def built() -> Iterator[Stage]:
    """Connected, mapped and live, nothing in Xero yet: the moment "empty"."""
    place = str(IN_MEMORY) if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="picortex-echo-", dir=place) as folder, standing(limits=False, folder=Path(folder)) as rig:
        stage = Stage(rig)
        stage.keep("empty")
        yield stage
