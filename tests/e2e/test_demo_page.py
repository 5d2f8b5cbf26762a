"""The page of the demo: submitted over HTTP, a document arrives in Xero; a mapping that is missing keeps one, and mapping it lets it go."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox import erp, page
from sandbox.rig import Rig
from tests.scene import rig as scene

HOSTILE = "<img src=x onerror=window.hit=1>"


@pytest.fixture
def served(rig: Rig) -> Iterator[tuple[Rig, httpx.Client]]:
    recording = erp.read(erp.RECORDED / "cases" / "cases-nz.json.gz")
    (sale, other) = scene.invoices(rig, 2)
    cases = {page.CASES[0]: [sale, scene.cancelling(sale)], page.FAILING: [other]}
    # What the real page offers is there.
    named = {case["case"] for case in recording["cases"]}
    assert {*page.CASES, page.FAILING} <= named
    front = page.server(page.Demo(rig, cases))
    thread = threading.Thread(target=front.serve_forever)
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{front.server_port}", headers={page.HEADER: "1"}, timeout=60) as browser:
        yield rig, browser
    front.shutdown()
    front.server_close()
    thread.join(10)
    assert not thread.is_alive(), "it ends"


def row(state: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in state["here"] if each["name"] == name)


def arrived(rig: Rig, browser: httpx.Client) -> dict[str, Any]:
    scene.settle(rig)
    return dict(browser.get("/state").json())


def test_a_newcomer_sees_documents_arrive_fail_and_go(served: tuple[Rig, httpx.Client]) -> None:
    rig, browser = served
    assert "textContent" in browser.get("/").text and "//" not in browser.get("/").text.replace("<!doctype", ""), "nothing from elsewhere"
    assert browser.get("/nothing").status_code == 404
    first = browser.get("/state").json()
    (case,) = [each for each in first["next"] if each["case"] == page.CASES[0]]
    name = case["says"].rsplit(" ", 1)[1]
    assert httpx.post(str(browser.base_url) + "/submit", content=case["case"]).status_code == 404, "another site's page submits nothing"
    assert browser.post("/submit", content=HOSTILE).status_code == 400
    browser.post("/submit", content=case["case"]).raise_for_status()
    state = arrived(rig, browser)
    assert (row(state, name)["says"], row(state, name)["colour"]) == ("In Xero", "green")
    assert (state["there"][0]["what"], state["there"][0]["name"]) == ("Invoice", name)
    assert state["there"][0]["amount"] == row(state, name)["amount"] and state["there"][0]["amount"][-3] == "."
    browser.post("/submit", content=case["case"]).raise_for_status()
    state = arrived(rig, browser)
    assert row(state, name)["says"] == "Cancelled in Xero too" and state["there"][0]["status"] == "VOIDED"

    browser.post("/unmap").raise_for_status()
    stuck = browser.post("/submit", content=page.FAILING).json()["here"][0]["name"]
    state = arrived(rig, browser)
    assert row(state, stuck)["colour"] in ("red", "orange") and state["unmapped"] in row(state, stuck)["reason"]
    browser.post("/map").raise_for_status()
    deadline = time.monotonic() + 120
    while row(state := arrived(rig, browser), stuck)["colour"] != "green" and time.monotonic() < deadline:
        rig.advance(60)
    assert row(state, stuck)["says"] == "In Xero" and not state["unmapped"]
    assert state["there"][0]["name"] == stuck, "what arrived last is on top"


def test_hostile_text_is_data_on_the_page() -> None:
    """The page takes JSON and puts it in as text; it has no way to make HTML of it."""
    assert not [way for way in ("innerHTML", "insertAdjacentHTML", "document.write", "outerHTML") if way in page.PAGE]
