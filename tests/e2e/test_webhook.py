"""What Xero tells: a signed body becomes a row for each event, and the list that shows the record is read soon, once for all of them."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from werkzeug.test import Client

from sandbox.host.web import Front
from sandbox.rig import Rig
from sandbox.xero.webhooks import delivery, signature
from tests.scene import rig as scene
from tests.scene.reading import begin, pass_alive, reads, told
from tests.scene.webhook import ADDRESS, KEY, choose_key, deliver, last, post

EVENT = "Xero Inbound Event"
SOON = 61


def events(rig: Rig, **filters: Any) -> list[dict[str, Any]]:
    def work(frappe: Any) -> list[dict[str, Any]]:
        return list(frappe.get_all(EVENT, filters=filters, fields=["*"], order_by="received_at asc"))

    return scene.with_site(rig, work)


def soon(rig: Rig) -> int:
    """A minute later the sweep finds work, and a worker does it. The number of the last call before."""
    before = rig.xero.call_count()
    pass_alive(rig, SOON)

    def due(frappe: Any) -> bool:
        from picortex_xero.engine import run

        return bool(run.next_due(rig.connection))

    if scene.with_site(rig, due):
        rig.dispatch()
        scene.settle(rig)
    return before


def one_in_xero(rig: Rig) -> tuple[scene.Record, dict[str, Any], int]:
    """An invoice, its record in Xero, and where the ledger is then; the key of the webhook is chosen."""
    choose_key(rig)
    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    begin(rig)
    (shown,) = scene.live(rig)
    return sale, shown, last(rig)


def test_only_what_xero_signed_comes_in_and_the_answer_is_bare(rig: Rig) -> None:
    body = delivery(KEY, [], [])["body"].encode()
    assert post(rig, body, signature(KEY, body)).status_code == 401, "no key was entered"
    choose_key(rig)
    right, wrong = post(rig, body, signature(KEY, body)), post(rig, body, signature("other", body))
    assert (right.status_code, wrong.status_code, post(rig, body, None).status_code) == (200, 401, 401), "intent to receive"
    for answer in (right, wrong):
        assert answer.get_data() == b"" and not answer.headers.getlist("Set-Cookie")
    odd = b"[1]"
    assert post(rig, odd, signature(KEY, odd)).status_code == 200, "Xero would only send it again"
    assert Client(Front(rig.site)).get(ADDRESS).status_code == 403
    assert events(rig) == []

    def stored(frappe: Any) -> tuple[Any, ...]:
        settings = frappe.get_doc("Xero Settings")
        settings.onload()
        return settings.webhook_key_is_set, KEY in str(settings.as_dict()), settings.webhook_address

    assert scene.with_site(rig, stored) == (1, False, f"http://localhost:8123{ADDRESS}")


def test_what_a_person_voids_is_known_within_a_minute_for_one_call(rig: Rig) -> None:
    choose_key(rig)
    sales = scene.invoices(rig, 3)
    rig.play(sales)
    begin(rig)
    assert set(deliver(rig)) == {200}
    ours = len(events(rig))
    assert ours, "our own requests are told as well"
    assert not reads(rig, soon(rig)) and not events(rig, state="Waiting"), "what our own requests made is known: nothing is read for it"
    since = last(rig)
    for shown in scene.live(rig):
        rig.xero.person("void_invoice", InvoiceID=shown["InvoiceID"])
    unread = rig.xero.webhooks(KEY, since)["deliveries"]
    assert deliver(rig, since) == [200] and deliver(rig, since) == [200], "Xero sends again what it thinks was not accepted"
    assert len(events(rig)) == ours + 3 and len(events(rig, state="Waiting")) == 3
    before = soon(rig)
    assert {told(rig, sale)[:2] for sale in sales} == {("Needs Attention", "gone-from-xero")}
    assert len([call for call in reads(rig, before) if call["path"].endswith("/Invoices")]) == 1
    assert not events(rig, state="Waiting") and len(events(rig, state="Read")) == 3
    assert unread and not reads(rig, soon(rig)), "it is over"


def test_a_record_that_its_list_does_not_show_yet_is_read_by_its_id(rig: Rig) -> None:
    sale, shown, since = one_in_xero(rig)
    rig.advance(10)
    rig.xero.person("void_invoice", InvoiceID=shown["InvoiceID"])
    # The event comes long after: what changed since the last read does not show it any more.
    found = rig.xero.webhooks(KEY, since)["deliveries"]
    rig.xero.fault("instead", text='{"Invoices": []}', path="/Invoices$", method="GET", times=1)
    assert [post(rig, each["body"].encode(), each["signature"]).status_code for each in found] == [200]
    soon(rig)
    assert told(rig, sale)[:2] == ("Needs Attention", "gone-from-xero")
    assert not events(rig, state="Waiting")


def test_of_what_no_company_here_is_connected_to_nothing_is_kept(rig: Rig) -> None:
    choose_key(rig)
    ours = {
        "resourceId": "55d84274-a3da-4829-a7c0-0cab601b95cc", "tenantId": rig.xero.tenant, "eventCategory": "TIMESHEET",
        "eventType": "CREATE", "eventDateUtc": "2026-11-28T10:00:00.123",
    }  # fmt: skip
    theirs = ours | {"tenantId": "aef86862-2015-4b6b-88bc-d89032cecc50"}
    mixed = delivery(KEY, [theirs, ours], [1, 2])
    assert post(rig, mixed["body"].encode(), mixed["signature"]).status_code == 200
    (row,) = events(rig)
    assert (row["connection"], row["company"], row["category"], row["state"]) == (
        rig.connection, rig.company["name"], "TIMESHEET", "Waiting",
    )  # fmt: skip
    rig.dispatch()
    assert not reads(rig, soon(rig)) and [each["state"] for each in events(rig)] == ["Not Needed"], "a category that nothing here is about"


def test_while_calls_for_reading_are_used_up_an_event_waits_for_the_turn_of_its_list(rig: Rig) -> None:
    sale, shown, since = one_in_xero(rig)

    def use_up(frappe: Any) -> None:
        from picortex_xero.engine import day_calls

        day_calls.READING.spend(rig.connection, day_calls.READING.a_day(rig.connection) * 8 // 10)

    scene.with_site(rig, use_up)
    rig.advance(10)
    rig.xero.person("void_invoice", InvoiceID=shown["InvoiceID"])
    assert deliver(rig, since) == [200]
    assert not reads(rig, soon(rig)) and told(rig, sale)[0] == "Synced" and len(events(rig, state="Waiting")) == 1
    pass_alive(rig, 3600)
    rig.dispatch()
    assert told(rig, sale)[0] == "Needs Attention" and not events(rig, state="Waiting")


@pytest.mark.parametrize("trouble", ["database", "key"])
def test_what_could_not_be_written_is_no_success(rig: Rig, monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    from picortex_xero.inbound import received

    choose_key(rig)
    body = delivery(KEY, [], [])["body"].encode()
    if trouble == "key":

        def forget(frappe: Any) -> None:
            from picortex_xero.engine import write_protection

            settings = frappe.get_doc("Xero Settings")
            settings.webhook_key_encrypted = "no longer readable"
            with write_protection.own_writes():
                settings.save()

        scene.with_site(rig, forget)
        assert post(rig, body, signature(KEY, body)).status_code == 503
        return

    def fails(_events: Any) -> None:
        raise RuntimeError("the database is down")

    monkeypatch.setattr(received, "keep", fails)
    assert post(rig, body, signature(KEY, body)).status_code == 500


def test_events_in_whatever_order_and_again_and_again_come_to_the_same(rig: Rig) -> None:
    choose_key(rig)
    sales = scene.invoices(rig, 3)
    rig.play(sales)
    begin(rig)
    since = last(rig)
    # What comes within two seconds of our own request is taken for its echo.
    rig.advance(10)
    for shown in scene.live(rig):
        rig.xero.person("edit_invoice", InvoiceID=shown["InvoiceID"], Reference="changed")
        rig.xero.person("void_invoice", InvoiceID=shown["InvoiceID"])
    told_of = [each for one in rig.xero.webhooks(KEY, since)["deliveries"] for each in json.loads(one["body"])["events"]]
    found = [delivery(KEY, [each], [number]) for number, each in enumerate(told_of)]
    assert len(found) == 6
    chance = random.Random(7)
    posted = [*found, *found, *found]
    chance.shuffle(posted)
    late, posted = posted[0], [each for each in posted if each != posted[0]]
    assert {post(rig, each["body"].encode(), each["signature"]).status_code for each in posted} <= {200}
    soon(rig)
    rows = len(events(rig))
    assert {told(rig, sale)[:2] for sale in sales} == {("Needs Attention", "gone-from-xero")}
    for each in [late, *posted, late]:
        assert post(rig, each["body"].encode(), each["signature"]).status_code == 200
    soon(rig)
    assert {told(rig, sale)[:2] for sale in sales} == {("Needs Attention", "gone-from-xero")}, "an event that comes late undoes nothing"
    assert not events(rig, state="Waiting") and rows <= len(events(rig)) <= rows + 1
    for _each in range(8):
        body = bytes(chance.choice(found)["body"].encode())
        at = chance.randrange(len(body))
        body = body[:at] + chance.choice([b"", b"\x00", b"]", b'"', b"\xff", b"{"]) + body[at + chance.randrange(3) :]
        assert post(rig, body, signature(KEY, body)).status_code == 200, "signed, so it is Xero's: whatever it is, it is not sent again"
        assert post(rig, body, chance.choice(found)["signature"]).status_code in (200, 401)
    soon(rig)
    assert scene.connection_state(rig) == "Live" and not events(rig, state="Waiting")
