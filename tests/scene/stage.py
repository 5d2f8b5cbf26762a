"""One simulator, queue server and site for all these tests; every test starts from the same connected, empty books.

Site, organisation and clock are put back to a remembered moment, which takes some hundredths of a second; what stands afterwards is the app
connected, mapped and live as an admin has just left it, however long ago that is in real time. After a test every exchange is judged by Xero's
own description.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from sandbox import passing_time
from sandbox.host.site import replace_database
from sandbox.rig import Rig, prepare_organisation, standing
from tests.sandbox_xero import exchange_check
from tests.scene.rig import set_up

CONNECTED = "connected"


@dataclass
class Connected:
    """The moment after the admin's afternoon: database, queue (key, value, milliseconds left), connection, when it was (seconds since 1970), and
    the last call that it took."""

    database: Path
    queue: list[tuple[bytes, bytes, int]]
    connection: str
    made: float
    calls: int


class Stage:
    """A rig whose site and organisation can be put back."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self._empty = rig.folder / "empty.db"
        self._connected: Connected | None = None
        self._queue = redis.Redis.from_url(rig.queue.url)
        _copy(rig.site / "site.db", self._empty)

    def empty(self) -> None:
        """Masters loaded and a new organisation; nobody is connected."""
        self._site(self._empty)
        self.rig.connection = ""
        self.rig.xero.reset()
        self.rig.xero.unlimited()
        prepare_organisation(self.rig)

    def connected(self) -> int:
        """Connected, mapped and live; documents arrive authorised. Returns the number of the last call that this took."""
        if self._connected is None:
            self._connected = self._connect()
        else:
            self._site(self._connected.database, self._connected.made - time.time())
            for key, value, left in self._connected.queue:
                self._queue.restore(key, left, value)
            self.rig.connection = self._connected.connection
            self.rig.xero.restore(CONNECTED)
        return self._connected.calls

    def _connect(self) -> Connected:
        self.empty()
        set_up(self.rig)
        database = self.rig.folder / f"{CONNECTED}.db"
        _copy(self.rig.site / "site.db", database)
        judge(self.rig)
        # Zero is what RESTORE calls no end.
        queue = [(key, self._queue.dump(key), max(self._queue.pttl(key), 0)) for key in self._queue.keys("*")]
        return Connected(database, queue, self.rig.connection, time.time(), self.rig.xero.snapshot(CONNECTED)["calls"])

    def _site(self, database: Path, clock: float = 0) -> None:
        """The site as it was, whatever a test left behind, its clock so many seconds ahead of real time."""
        rig = self.rig
        # Another stage of this process may have its own clock.
        os.environ["PICORTEX_SANDBOX_CLOCK"] = str(rig.clock_file)
        replace_database(rig.site, database)
        for files in ("private", "public"):
            shutil.rmtree(rig.site / files, ignore_errors=True)
        self._queue.flushall()
        passing_time.put(rig.clock_file, clock)


def _copy(database: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("pragma journal_mode = wal")


def judge(rig: Rig, since: int = 0, *, described: bool = True) -> None:
    """Every exchange after that call is as Xero describes it, unless not `described`, and the simulator never failed. AssertionError."""
    calls = rig.xero.calls(since=since)
    crashes = [call["crash"] for call in calls if call.get("crash")]
    assert not crashes, crashes[0]
    if described and exchange_check.available():
        complaints = [text for call in calls for text in exchange_check.complaints(call)]
        assert not complaints, "\n".join(complaints[:20])


@contextmanager
def _judged(rig: Rig, request: pytest.FixtureRequest, since: int = 0) -> Iterator[Rig]:
    yield rig
    for process in rig.processes:
        process.kill()
    rig.processes.clear()
    rig.xero.clear_faults()
    judge(rig, since, described=request.node.get_closest_marker("odd_answers") is None)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Everything running, masters loaded, nobody connected."""
    with standing(connected=False, limits=False) as rig:
        yield Stage(rig)


@pytest.fixture
def unconnected(stage: Stage, request: pytest.FixtureRequest) -> Iterator[Rig]:
    """Empty books and a new organisation; the admin has done nothing yet."""
    stage.empty()
    with _judged(stage.rig, request) as rig:
        yield rig


@pytest.fixture
def rig(stage: Stage, request: pytest.FixtureRequest) -> Iterator[Rig]:
    """Connected, mapped and live; documents arrive authorised."""
    since = stage.connected()
    with _judged(stage.rig, request, since) as rig:
        yield rig
