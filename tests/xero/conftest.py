"""One simulator for these tests; for what it would never do there is `tests.scene.xero_server`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.xero.process import RunningXero, running
from tests.scene.xero_server import CALLBACK, serve

__all__ = ["serve"]


@pytest.fixture(scope="package")
def clock_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clock") / "offset"
    path.write_text("0")
    return path


@pytest.fixture(scope="package")
def process(clock_file: Path) -> Iterator[RunningXero]:
    with running(["NZ:NZD:Kauri Supplies", "UK:GBP:Harrow Tools"], clock_file, [CALLBACK]) as xero:
        yield xero


@pytest.fixture
def xero(process: RunningXero, clock_file: Path) -> Iterator[RunningXero]:
    clock_file.write_text("0")
    process.reset()
    yield process
    process.release()
    process.clear_faults()
