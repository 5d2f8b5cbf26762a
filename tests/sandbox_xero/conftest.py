"""One simulator process for all these tests; every exchange of every test is judged by ``exchange_check``."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import passing_time
from sandbox.xero.process import RunningXero, running
from tests.sandbox_xero import exchange_check
from tests.scene.xero_client import Client

NZ, UK, US, AU = "NZ:NZD:Kauri Supplies", "UK:GBP:Harrow Tools", "US:USD:Mesa Outdoor", "AU:AUD:Banksia Trading"


@pytest.fixture(scope="session")
def clock_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clock") / "offset"
    path.write_text("0")
    return path


@pytest.fixture(scope="session")
def process(clock_file: Path) -> Iterator[RunningXero]:
    with running([NZ, UK, US, AU], clock_file=clock_file,
                 redirect_uris=["http://localhost:9/callback", "https://app.example/cb"]) as xero:
        yield xero


@pytest.fixture
def xero(process: RunningXero, clock_file: Path, request: pytest.FixtureRequest) -> Iterator[RunningXero]:
    """The simulator, fresh and without minute and day limits. Afterwards its exchanges are judged.

    ``@pytest.mark.wrong_requests`` leaves out the judging of requests, for tests that send wrong ones on purpose.
    """
    clock_file.write_text("0")
    process.reset()
    process.settings(app_minute=10 ** 9, auto_consent=False)
    for org in process.organisations:
        process.person("set_limits", org["tenant"], minute=10 ** 9, day=10 ** 9)
    yield process
    process.release()
    calls = process.calls()
    crashes = [call["crash"] for call in calls if call.get("crash")]
    assert not crashes, crashes[0]
    if exchange_check.available():
        judge = request.node.get_closest_marker("wrong_requests") is None
        complaints = [text for call in calls for text in exchange_check.complaints(call, request=judge)]
        assert not complaints, "\n".join(complaints[:20])


@pytest.fixture
def api(xero: RunningXero) -> Client:
    return Client(xero)


@pytest.fixture
def move(clock_file: Path) -> Any:
    """move(seconds): sets the clock of the simulator that far ahead of real time."""
    return lambda seconds: passing_time.put(clock_file, seconds)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "wrong_requests: sends requests that Xero's description forbids, on purpose")
