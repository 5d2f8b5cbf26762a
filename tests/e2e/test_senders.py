"""One sender per organisation, one refresh per sign-in, whoever stalls, dies or comes second."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest

from sandbox.rig import Rig, go_live, map_everything, prepare_organisation
from tests.scene import rig as scene


def at_once(*works: Any) -> None:
    """Run several works in threads and raise the first failure."""
    failed: list[BaseException] = []

    def guarded(work: Any) -> None:
        try:
            work()
        except BaseException as error:  # raised again below
            failed.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failed:
        raise failed[0]


def mentions(rig: Rig, resource: str, field: str) -> Counter[str]:
    """How often each element was written to Xero, by one of its fields."""
    return Counter(element[field] for call in scene.writes(rig, resource) for element in call["request"][resource])


def token_calls(rig: Rig) -> list[dict[str, Any]]:
    """Calls of the token endpoint."""
    return rig.xero.calls(path="/connect/token")


def set_authorisation(rig: Rig, **values: Any) -> None:
    """Change the one stored authorisation."""

    def change(frappe: Any) -> None:
        for name in frappe.get_all("Xero Authorisation", pluck="name"):
            frappe.db.set_value("Xero Authorisation", name, values)

    scene.with_site(rig, change)


def test_of_two_dispatchers_at_once_only_one_sends(rig: Rig) -> None:
    records = scene.invoices(rig, 20)
    rig.play(records)
    rig.xero.person("set_limits", latency=0.1)
    at_once(rig.dispatch, rig.dispatch, rig.dispatch)
    rig.xero.person("set_limits", latency=0)
    scene.settle(rig)
    scene.assert_once(rig, records)
    assert set(mentions(rig, "Invoices", "InvoiceNumber").values()) == {1}
    assert set(mentions(rig, "Contacts", "ContactNumber").values()) == {1}


def test_of_two_workers_at_once_only_one_sends(rig: Rig) -> None:
    records = scene.invoices(rig, 20)
    rig.play(records)
    for _ in range(4):
        scene.with_site(rig, lambda frappe: frappe.enqueue("picortex_xero.sync.jobs.dispatch", queue="short", connection=rig.connection))
    rig.xero.person("set_limits", latency=0.05)
    rig.worker()
    rig.worker()
    rig.wait(rig.drained, 180)
    scene.assert_once(rig, records)
    assert set(mentions(rig, "Invoices", "InvoiceNumber").values()) == {1}


def test_a_stalled_holder_whose_lease_expired_sends_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """It sleeps between sealing and sending; meanwhile a second holder takes over, replays what was sealed and finishes."""
    from picortex_xero.engine import seal

    records = scene.invoices(rig, 3)
    rig.play(records)
    sealing, stalled = seal.build, []

    def build_then_stall(*arguments: Any) -> Any:
        sealed = sealing(*arguments)
        if sealed and not stalled:
            stalled.append(sealed)
            rig.advance(scene.LEASE_SECONDS)
            at_once(rig.dispatch)
            stalled.append(len(scene.writes(rig)))
        return sealed

    monkeypatch.setattr(seal, "build", build_then_stall)
    rig.dispatch()
    assert stalled and len(scene.writes(rig)) == stalled[1], "the stalled holder sent something"
    scene.settle(rig)
    scene.assert_once(rig, records)
    keys = Counter(call["headers"]["idempotency-key"] for call in scene.writes(rig))
    assert set(keys.values()) == {1}


def test_two_organisations_of_one_sign_in_refresh_once(unconnected: Rig) -> None:
    rig = unconnected
    rig.xero.control("POST", "organisations", {"edition": "NZ", "currency": "NZD", "name": "Second Ltd"})
    scene.set_up(rig)
    first = rig.connection
    second = connect_second(rig)
    records = scene.invoices(rig, 2)
    other = scene.copied(records[1], "SECOND-1", company="Second Ltd")
    rig.play([records[0], other])
    rig.advance(1790)
    rig.xero.fault("hold_after", path="/connect/token", seconds=0.7)
    before = len(token_calls(rig))
    at_once(lambda: dispatch(rig, first), lambda: dispatch(rig, second))
    assert len(token_calls(rig)) - before == 1
    tenants = {call["headers"]["xero-tenant-id"] for call in scene.writes(rig, "Invoices")}
    assert len(tenants) == 2


def connect_second(rig: Rig) -> str:
    """A second company on a second organisation, with the sign-in there is."""
    from picortex_xero.api import connect as api

    def work(frappe: Any) -> str:
        company = frappe.get_doc("Company", rig.company["name"]).as_dict()
        from sandbox.host import storage

        storage.store({**company, "name": "Second Ltd", "company_name": "Second Ltd"})
        # The recorded accounts serve both companies here.
        for master in ("Account", "Cost Center", "Item Tax Template"):
            frappe.db.sql(f"UPDATE `tab{master}` SET `company`=''")
        authorisation = frappe.get_all("Xero Authorisation", pluck="name")[0]
        tenant = next(each["tenantId"] for each in api.organisations(authorisation) if each["tenantName"] == "Second Ltd")
        return str(api.choose_organisation(authorisation, tenant, "Second Ltd"))

    first, rig.connection = rig.connection, scene.with_site(rig, work)
    tenant = next(each["tenant"] for each in rig.xero.control("GET", "organisations")["organisations"] if each["name"] == "Second Ltd")
    prepare_organisation(rig, tenant)
    scene.with_site(rig, lambda frappe: _refresh(rig.connection))
    map_everything(rig)
    go_live(rig, "AUTHORISED")
    second, rig.connection = rig.connection, first
    return second


def _refresh(connection: str) -> None:
    from picortex_xero.api import connect as api

    api.refresh(connection)


def dispatch(rig: Rig, connection: str) -> None:
    """One dispatch of a named connection."""
    with rig.frappe():
        from picortex_xero.sync import jobs

        jobs.dispatch(connection)


def test_a_dead_sign_in_pauses_with_one_alert_and_a_reconnect_goes_on(rig: Rig) -> None:
    records = scene.invoices(rig, 2)
    rig.play(records)
    rig.advance(1900)
    rig.xero.fault("oauth_error", path="/connect/token", times=99)
    before = len(token_calls(rig))
    for _ in range(8):
        rig.dispatch()
        rig.advance(120)
    assert scene.connection_state(rig) == "Paused" and len(scene.error_log(rig)) == 1
    assert len(token_calls(rig)) - before == 6, "every two minutes, until the first was ten minutes ago"
    rig.xero.clear_faults()
    from sandbox.rig import connect

    connect(rig)
    go_live(rig, "AUTHORISED")
    scene.settle(rig)
    scene.assert_once(rig, records)


def test_invalid_grant_after_another_process_refreshed_uses_its_tokens(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.connection import tokens
    from picortex_xero.xero import oauth

    records = scene.invoices(rig, 2)
    rig.play(records)
    rig.advance(1900)
    asking, asked = tokens._ask, []

    def beaten(stored: dict[str, Any]) -> dict[str, Any]:
        if asked:
            return asking(stored)
        asked.append(stored)
        tokens.store(stored["name_of"], asking(stored))
        raise oauth.Denied("invalid_grant")

    name = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Authorisation", pluck="name")[0])
    reading = tokens._read
    monkeypatch.setattr(tokens, "_read", lambda authorisation: {**reading(authorisation), "name_of": name})
    monkeypatch.setattr(tokens, "_ask", beaten)
    rig.dispatch()
    assert scene.connection_state(rig) == "Live" and not scene.error_log(rig)
    scene.assert_once(rig, records)


def test_a_refresh_whose_answer_was_lost_is_repeated_within_the_grace(rig: Rig) -> None:
    records = scene.invoices(rig, 2)
    rig.play(records)
    rig.advance(1900)
    rig.xero.fault("drop_after", path="/connect/token")
    rig.dispatch()
    assert scene.connection_state(rig) == "Live" and rig.counts() == {"Pending": 2}
    rig.advance(60)
    scene.settle(rig)
    scene.assert_once(rig, records)
    assert not scene.error_log(rig)


def test_a_token_that_xero_refuses_early_is_renewed_and_the_request_sent_again(rig: Rig) -> None:
    records = scene.invoices(rig, 2)
    rig.play(records)
    rig.advance(1900)
    set_authorisation(rig, access_expires_at="2099-01-01 00:00:00")
    before = len(token_calls(rig))
    rig.dispatch()
    scene.assert_once(rig, records)
    assert len(token_calls(rig)) - before == 1


def test_without_the_encryption_key_a_reconnect_is_all_it_takes(rig: Rig) -> None:
    records = scene.invoices(rig, 2)
    rig.play(records)
    set_authorisation(rig, tokens_encrypted="not a ciphertext of this key")
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused" and len(scene.error_log(rig)) == 1
    from sandbox.rig import connect

    connect(rig)
    go_live(rig, "AUTHORISED")
    scene.settle(rig)
    scene.assert_once(rig, records)
