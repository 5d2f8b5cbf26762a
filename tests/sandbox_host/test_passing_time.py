"""The clock of app and simulator, read by many processes while it is put forward."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

from sandbox import passing_time


def test_nobody_reads_a_moment_that_never_was(tmp_path: Path) -> None:
    clock, stop, seen = tmp_path / "clock", Event(), set()
    passing_time.put(clock, -600000)

    def read() -> None:
        while not stop.is_set():
            seen.add(clock.read_text())

    reader = Thread(target=read)
    reader.start()
    for ahead in range(-600000, -596000):
        passing_time.put(clock, ahead)
    stop.set()
    reader.join()
    assert len(seen) > 1 and all(-600000 <= float(each or 0) < -596000 for each in seen)
    assert [each.name for each in tmp_path.iterdir()] == ["clock"]
