"""One simulator, queue server and site for all these tests; every test starts from the same connected, empty books.

The site's database is put back from a snapshot and the simulator founded anew, which takes under a second; what stands afterwards
is the app connected, mapped and live as an admin would leave it. After a test every exchange is judged by Xero's own description.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis

from sandbox.rig import Rig, prepare_organisation, standing
from tests.sandbox_xero import exchange_check
from tests.scene.rig import set_up


@pytest.fixture(scope="session")
def stage() -> Iterator[tuple[Rig, Path]]:
    """Everything running, masters loaded, nobody connected; and the snapshot of that database."""
    with standing(connected=False, limits=False) as rig:
        snapshot = rig.folder / "snapshot.db"
        with closing(sqlite3.connect(rig.site / "site.db")) as source, closing(sqlite3.connect(snapshot)) as target:
            source.backup(target)
        yield rig, snapshot


@pytest.fixture
def unconnected(stage: tuple[Rig, Path], request: pytest.FixtureRequest) -> Iterator[Rig]:
    """Empty books and a new organisation; the admin has done nothing yet."""
    rig, snapshot = stage
    put_back(rig, snapshot)
    yield rig
    for process in rig.processes:
        process.kill()
    rig.processes.clear()
    rig.xero.clear_faults()
    calls = rig.xero.calls()
    crashes = [call["crash"] for call in calls if call.get("crash")]
    assert not crashes, crashes[0]
    if exchange_check.available() and request.node.get_closest_marker("odd_answers") is None:
        complaints = [text for call in calls for text in exchange_check.complaints(call)]
        assert not complaints, "\n".join(complaints[:20])


@pytest.fixture
def rig(unconnected: Rig) -> Rig:
    """Connected, mapped and live; documents arrive authorised."""
    set_up(unconnected)
    return unconnected


def put_back(rig: Rig, snapshot: Path) -> None:
    """The site and the organisation as the snapshot has them, whatever a test left behind."""
    # Another stage of this process may have its own clock.
    os.environ["PICORTEX_SANDBOX_CLOCK"] = str(rig.clock_file)
    for leftover in rig.site.glob("site.db*"):
        leftover.unlink()
    for files in ("private", "public"):
        shutil.rmtree(rig.site / files, ignore_errors=True)
    shutil.copy(snapshot, rig.site / "site.db")
    with closing(sqlite3.connect(rig.site / "site.db")) as database:
        database.execute("pragma journal_mode = wal")
    redis.Redis.from_url(rig.queue.url).flushall()
    rig.clock_file.write_text("0")
    rig.connection = ""
    rig.xero.reset()
    rig.xero.unlimited()
    prepare_organisation(rig)
