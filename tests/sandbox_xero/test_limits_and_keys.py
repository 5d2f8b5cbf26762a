"""Rate limits and the Idempotency-Key, with time moved through the clock both processes share."""
from __future__ import annotations

import threading
import time

import httpx
import pytest

from tests.scene.xero_client import Client


def test_every_answer_tells_what_is_left(api: Client) -> None:
    api.xero.person("set_limits", minute=60, day=5000)
    used = [dict(api.get(path).headers) for path in ("Organisation", "Invoices/none", "Nothing")]
    assert [h["x-minlimit-remaining"] for h in used] == ["59", "58", "57"]
    assert [h["x-daylimit-remaining"] for h in used] == ["4999", "4998", "4997"]
    assert all("x-appminlimit-remaining" in h for h in used)


def test_the_minute_limit_resets_with_its_window(api: Client, move) -> None:
    api.xero.person("set_limits", minute=3)
    answers = [api.get("Organisation") for _ in range(5)]
    refused = [a for a in answers if a.status_code == 429]
    assert len(refused) >= 1, "a window may end in between, not twice"
    assert refused[-1].headers["x-rate-limit-problem"] == "minute"
    assert 0 < int(refused[-1].headers["retry-after"]) <= 60
    move(61)
    assert api.get("Organisation").status_code == 200


def test_the_day_limit_parks_for_long(api: Client, move) -> None:
    api.xero.person("set_limits", day=1)
    api.get("Organisation")
    refused = api.get("Organisation")
    assert (refused.status_code, refused.headers["x-rate-limit-problem"]) == (429, "day")
    wait = int(refused.headers["retry-after"])
    assert 0 < wait <= 86400 and refused.headers["x-daylimit-remaining"] == "0"


def test_limits_are_per_organisation(xero) -> None:
    one, two = Client(xero), Client(xero, xero.organisations[1]["tenant"])
    xero.person("set_limits", minute=0)
    assert one.get("Organisation").status_code == 429 and two.get("Organisation").status_code == 200


def test_the_sixth_call_in_flight_is_refused_without_retry_after(api: Client) -> None:
    held = [api.xero.fault("hold_before", path="/Organisation$") for _ in range(5)]
    answers: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda: answers.append(api.get("Organisation"))) for _ in held]
    for thread in threads:
        thread.start()
    for fault in held:
        api.xero.wait_until_held(fault["id"])
    assert not answers, "five calls run side by side"
    refused = api.get("Organisation")
    assert refused.status_code == 429
    assert refused.headers["x-rate-limit-problem"] == "concurrent" and "retry-after" not in refused.headers
    api.xero.release()
    for thread in threads:
        thread.join()
    assert [each.status_code for each in answers] == [200] * 5
    assert api.get("Organisation").status_code == 200, "places are given back"


def test_every_call_takes_at_least_its_latency(api: Client) -> None:
    api.xero.person("set_limits", latency=0.2)
    started = time.monotonic()
    api.get("Organisation")
    took = time.monotonic() - started
    api.xero.person("set_limits", latency=0)
    assert took >= 0.2


def test_a_key_gets_the_first_answer_for_six_minutes(api: Client, move) -> None:
    who = api.contact()
    bill = api.bill(who, "B-1")
    first = api.put("Invoices", bill, key="k-1")
    assert api.put("Invoices", bill, key="k-1").text == first.text
    move(355)
    assert api.put("Invoices", bill, key="k-1").text == first.text
    move(365)
    assert api.put("Invoices", bill, key="k-1").json()["Invoices"][0]["InvoiceID"] not in first.text
    assert len(api.xero.documents("Invoices")) == 2, "after six minutes the key is new and makes a duplicate"


def test_a_key_belongs_to_one_request(api: Client) -> None:
    who = api.contact()
    api.put("Invoices", api.bill(who, "B-1"), key="k-1")
    other = "Idempotency Key: k-1 is used with a different request."
    for answer in (api.put("Invoices", api.bill(who, "B-2"), key="k-1"),
                   api.put("Invoices", api.bill(who, "B-1"), key="k-1", query="summarizeErrors=false"),
                   api.post("Invoices?summarizeErrors=false&unitdp=4", {"Invoices": [api.bill(who, "B-1")]}, key="k-1")):
        assert (answer.status_code, answer.json()["Message"]) == (400, other)
    assert len(api.xero.documents("Invoices")) == 1


@pytest.mark.wrong_requests
def test_keys_have_a_length(api: Client) -> None:
    bill = api.bill(api.contact(), "B-1")
    assert api.put("Invoices", bill, key="k" * 129).status_code == 400
    assert api.http.put("/Invoices", json={"Invoices": [bill]}, headers={"Idempotency-Key": ""}).status_code == 400
    assert api.put("Invoices", bill, key="k" * 128).status_code == 200
    assert len(api.xero.documents("Invoices")) == 1


def test_a_500_is_remembered_and_a_429_is_not(api: Client) -> None:
    bill = api.bill(api.contact(), "B-1")
    api.xero.fault("error_after", path="/Invoices$", status=500)
    assert api.put("Invoices", bill, key="k-1").status_code == 500
    assert api.put("Invoices", bill, key="k-1").status_code == 500, "cached though the fault is over"
    assert len(api.xero.documents("Invoices")) == 1, "and the invoice is there"
    assert api.put("Invoices", bill, key="k-2").status_code == 200
    api.xero.fault("limit", path="/Invoices$", problem="minute", retry_after=7)
    refused = api.put("Invoices", bill, key="k-3")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    assert api.put("Invoices", bill, key="k-3").status_code == 200


def test_a_repeat_waits_for_the_first(api: Client) -> None:
    bill = api.bill(api.contact(), "B-1")
    api.xero.person("set_limits", latency=0.3)
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(api.put("Invoices", bill, key="k-1").text))
               for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    api.xero.person("set_limits", latency=0)
    assert len(set(answers)) == 1 and len(api.xero.documents("Invoices")) == 1


def test_keys_that_are_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days of answers would fill the memory."""
    from types import SimpleNamespace

    from sandbox.xero import idempotency
    from sandbox.xero.refusals import Answer

    time_now = [0.0]
    monkeypatch.setattr(idempotency.clock, "now", lambda: time_now[0])
    keys = idempotency.Keys()

    def call(key: str) -> None:
        asked = SimpleNamespace(key=key, method="PUT", client="c", org=SimpleNamespace(tenant="t"), path="Invoices", query={}, body=b"")
        keys.run(asked, lambda: Answer(200, "{}"))  # type: ignore[arg-type]

    call("one")
    time_now[0] = idempotency.KEPT - 1.0
    call("two")
    assert [name for (_client, name), _kept in keys.remembered()] == ["one", "two"]
    time_now[0] = idempotency.KEPT + 1.0
    call("three")
    assert [name for (_client, name), _kept in keys.remembered()] == ["two", "three"]
