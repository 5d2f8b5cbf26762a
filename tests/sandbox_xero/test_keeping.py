"""The simulator's state in a file: what another process makes of it."""

from __future__ import annotations

import json
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sandbox.xero import keeping
from sandbox.xero.idempotency import Keys
from sandbox.xero.process import RunningXero, running
from sandbox.xero.world import World
from tests.scene.xero_client import Client


def test_another_process_goes_on_with_the_state_of_this_one(api: Client) -> None:
    who = api.contact()
    body = api.bill(who, "B-1")
    made = api.put("Invoices", body, key="k-1")
    (invoice,) = made.json()["Invoices"]
    api.made("Payments", {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 1, "Date": "2026-10-20"})
    state = api.xero.state()
    with running(["NZ:NZD:Other"]) as other:
        other.put_state(state)
        assert other.state() == state, "nothing is lost on the way"
        assert [each["tenant"] for each in other.organisations] == [each["tenant"] for each in api.xero.organisations]
        assert other.ledger(parts="documents")["documents"] == api.xero.ledger(parts="documents")["documents"]
        assert other.calls() == [] and other.ledger()["changes"] == []
        later = Client(other)
        assert later.get(f"Invoices/{invoice['InvoiceID']}").json()["Invoices"][0]["AmountPaid"] == 1
        assert later.put("Invoices", body, key="k-1").text == made.text, "the key is remembered"
        assert len(other.documents("Invoices")) == len(api.xero.documents("Invoices"))


def test_one_without_a_clock_goes_by_real_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("864000")
    monkeypatch.setenv("PICORTEX_SANDBOX_CLOCK", str(tmp_path / "clock"))
    before = time.time()
    with running(["NZ:NZD:Other"]) as other:
        Client(other).contact()
        moments = [float(call["at"]) for call in other.calls()]
        assert moments and all(before <= at <= time.time() for at in moments)


def test_what_is_held_in_two_places_is_one_again() -> None:
    shared = {"Amount": Decimal("1.50"), "on": date(2026, 10, 20)}
    text = keeping.written(World(settings={"a": [shared], "b": (shared, b"x", {1, 2}, {3: None}, 0.5)}), Keys())
    world = World()
    keeping.put_back(world, Keys(), text)
    assert world.settings["a"] == [shared] and world.settings["b"] == (shared, b"x", {1, 2}, {3: None}, 0.5)
    assert world.settings["a"][0] is world.settings["b"][0]


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        keeping.written(World(settings={"a": object()}), Keys())


def test_the_text_is_plain_json(xero: RunningXero) -> None:
    assert set(json.loads(xero.state())) == {*keeping.WORLD, "keys"}
