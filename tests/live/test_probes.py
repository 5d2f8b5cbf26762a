"""`make test-live` runs the probes on a Demo Company; `make test` runs the same ones on the simulator, so that they cannot rot."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox.replay import expected, run
from sandbox.xero.process import running
from tests.live import booking_probes, tax_probes  # noqa: F401 - importing them registers them
from tests.live.organisation import Organisation, Unavailable, demo_company
from tests.live.probes import PROBES


@pytest.fixture(scope="module", params=["NZ:NZD", "UK:GBP"])
def simulated(request: pytest.FixtureRequest) -> Iterator[Organisation]:
    with running([f"{request.param}:Demo Company"]) as xero:
        xero.unlimited()
        headers = {"Authorization": f"Bearer {xero.token()['access_token']}", "Xero-Tenant-Id": xero.tenant, "Accept": "application/json"}
        yield Organisation(httpx.Client(base_url=f"{xero.address}/api.xro/2.0/", headers=headers, timeout=30))


@pytest.fixture(scope="module")
def live() -> Organisation:
    if not os.environ.get("LIVE"):
        pytest.skip("experiments on a Xero Demo Company run by `make test-live` only")
    try:
        return demo_company()
    except Unavailable as why:
        pytest.skip(f"no Xero Demo Company: {why}")


@pytest.mark.parametrize("name", PROBES)
def test_on_the_simulator(simulated: Organisation, name: str) -> None:
    assert PROBES[name][1](simulated)


@pytest.mark.parametrize("name", PROBES if os.environ.get("LIVE") else ["only by `make test-live`"])
def test_on_a_demo_company(live: Organisation, name: str) -> None:
    settles, probe = PROBES[name]
    print(f"\n{name}: {probe(live)}  (settles: {settles})")


def test_the_readme_names_every_experiment() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    assert [name for name in PROBES if f"`{name}`" not in readme] == []


def test_every_experiment_that_a_review_names_exists() -> None:
    reviews = [(case, each["reviewed"]) for country in run.COUNTRIES for case, each in expected.read(country).items()]
    named = [(case, name) for case, text in reviews for name in re.findall(r"\b[a-z]+(?:_[a-z]+){3,}\b", text)]
    assert len(named) > 30 and [each for each in named if each[1] not in PROBES] == []
