"""Signing in at Xero: one-time states, PKCE, tokens nobody can read, one company to one organisation, and who may do any of it."""

from __future__ import annotations

import importlib
import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import redis

from sandbox.host.site import add_user, open_site
from sandbox.rig import CALLBACK, HOST_ADDRESS, Rig, connect, go_live, map_everything
from tests.scene import rig as scene
from tests.scene.calls import sound
from tests.scene.connecting import ADMIN, CLERK, begin, come_back, consent, secrets_of, whitelisted


def refused(rig: Rig, given: dict[str, str], user: str = ADMIN) -> str:
    """The message with which the callback refuses; no token may be asked for."""
    before = len(rig.xero.calls(path="/connect/token"))
    with open_site(rig.site, user) as frappe, pytest.raises(frappe.PermissionError) as caught:
        come_back(rig, given, user)
    assert len(rig.xero.calls(path="/connect/token")) == before
    return str(caught.value)


def test_the_real_redirects_end_with_an_authorisation(people: Rig) -> None:
    address = begin(people)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["redirect_uri"] == HOST_ADDRESS + CALLBACK and asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 32 and "offline_access" in asked["scope"].split()
    assert come_back(people, consent(address))


def test_a_state_is_good_once(people: Rig) -> None:
    given = consent(begin(people))
    come_back(people, given)
    refused(people, given)


def test_consents_that_nobody_ended_leave_nothing_behind(people: Rig) -> None:
    begin(people)
    people.advance(601)
    begin(people)
    assert len(scene.with_site(people, lambda frappe: frappe.get_all("Xero Authorisation", pluck="name"))) == 1


def test_two_consents_of_one_xero_user_at_once_both_end_well(people: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one is stored between this one's look and its writing."""
    from picortex_xero.connection import connecting

    mine, _other = consent(begin(people)), begin(people)
    one_of_each, raced = connecting._one_of_each, []

    def meanwhile(name: str, user: str, who: str) -> str:
        import frappe

        if raced:
            return one_of_each(name, user, who)
        (other,) = frappe.get_all("Xero Authorisation", filters={"name": ("!=", name)}, pluck="name")
        raced.append(other)
        frappe.db.set_value("Xero Authorisation", other, "subject_key", who)
        frappe.db.commit()
        frappe.db.set_value("Xero Authorisation", name, "subject_key", who)
        raise AssertionError("the column is unique")

    monkeypatch.setattr(connecting, "_one_of_each", meanwhile)
    assert come_back(people, mine) == raced[0]
    with people.frappe() as frappe:
        assert frappe.get_all("Xero Authorisation", fields=["name", "state"]) == [{"name": raced[0], "state": "Active"}]
    assert not scene.error_log(people)


def test_a_state_expires(people: Rig) -> None:
    given = consent(begin(people))
    people.advance(601)
    refused(people, given)


def test_a_state_belongs_to_the_user_it_was_made_for(people: Rig) -> None:
    add_user(people.site, "second@example.com", ["Xero Admin"])
    given = consent(begin(people))
    refused(people, given, "second@example.com")
    assert come_back(people, given)


@pytest.mark.parametrize("state", ["", "wrong", "a" * 43])
def test_a_state_that_was_never_made_is_refused(people: Rig, state: str) -> None:
    refused(people, {**consent(begin(people)), "state": state})


def test_a_person_who_says_no_is_told_so(people: Rig) -> None:
    with open_site(people.site, ADMIN) as frappe, pytest.raises(frappe.ValidationError, match="access_denied"):
        come_back(people, {"state": "x", "error": "access_denied"})


def test_xero_checks_the_pkce_verifier(people: Rig) -> None:
    """The simulator refuses a verifier that does not belong to the challenge; so where the app gets a token, its verifier was the right
    one."""
    given = consent(begin(people))

    def tamper(frappe: Any) -> None:
        from picortex_xero.connection import encryption

        name = frappe.get_all("Xero Authorisation", pluck="name")[0]
        frappe.db.set_value("Xero Authorisation", name, "pending_encrypted", encryption.encrypted({"verifier": "v" * 60}))

    scene.with_site(people, tamper)
    with open_site(people.site, ADMIN) as frappe, pytest.raises(frappe.ValidationError, match="invalid_grant"):
        come_back(people, given)


def test_a_company_and_an_organisation_belong_to_each_other_alone(rig: Rig) -> None:
    with rig.frappe() as frappe:
        from picortex_xero.api import connect as api
        from sandbox.host import storage

        storage.store({**frappe.get_doc("Company", rig.company["name"]).as_dict(), "name": "Twin Ltd", "company_name": "Twin Ltd"})
        storage.store(
            {
                **frappe.get_doc("Company", rig.company["name"]).as_dict(),
                "name": "Euro Ltd",
                "company_name": "Euro Ltd",
                "default_currency": "EUR",
            }
        )
        frappe.db.commit()
        authorisation = frappe.get_all("Xero Authorisation", pluck="name")[0]
        with pytest.raises(frappe.ValidationError, match="connected to"):
            api.choose_organisation(authorisation, rig.xero.tenant, "Twin Ltd")
        with pytest.raises(frappe.ValidationError, match="not among"):
            api.choose_organisation(authorisation, "11111111-2222-3333-4444-555555555555", "Twin Ltd")


def test_books_in_another_currency_are_refused(people: Rig) -> None:
    with people.frappe() as frappe:
        from picortex_xero.api import connect as api

        frappe.db.set_value("Company", people.company["name"], "default_currency", "EUR")
        frappe.db.commit()
    authorisation = come_back(people, consent(begin(people)))
    with people.frappe() as frappe, pytest.raises(frappe.ValidationError, match="EUR"):
        api.choose_organisation(authorisation, people.xero.tenant, people.company["name"])
    assert not scene.with_site(people, lambda frappe: frappe.get_all("Xero Connection", pluck="name"))


def test_a_custom_connection_from_end_to_end(unconnected: Rig) -> None:
    rig = unconnected
    with rig.frappe() as frappe:
        from picortex_xero.api import connect as api

        authorisation = api.custom_connection("sandbox-custom", "sandbox-custom-secret")
        organisation = api.organisations(authorisation)[0]
        rig.connection = api.choose_organisation(authorisation, organisation["tenantId"], rig.company["name"])
        frappe.db.commit()
    map_everything(rig)
    go_live(rig, "AUTHORISED")
    *invoices, payment = scene.paid(rig)
    rig.play([*invoices, payment])
    rig.advance(1900)  # client credentials have no refresh token: a new one is asked for
    scene.settle(rig)
    scene.assert_once(rig, [*invoices, payment])
    assert not [call for call in scene.writes(rig) if "xero-tenant-id" in call["headers"]]


# Secrets


def everything_stored(rig: Rig) -> Iterator[tuple[str, str]]:
    """(place, text): every table, everything in Redis with the jobs unpacked, and the processes' logs."""
    with closing(sqlite3.connect(rig.site / "site.db")) as database:
        for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            yield table, repr(database.execute(f'select * from "{table}"').fetchall())
    server = redis.Redis.from_url(rig.queue.url)
    for key in server.scan_iter():
        kind = server.type(key)
        for value in server.hgetall(key).values() if kind == b"hash" else [server.get(key) or b""] if kind == b"string" else []:
            yield f"Redis {key!r}", repr(zlib.decompress(value) if value[:1] == b"\x78" else value)
    for log in (rig.site / "logs").glob("*"):
        yield log.name, log.read_text()


def test_tokens_are_nowhere_in_clear(rig: Rig) -> None:
    known = secrets_of(rig)
    assert len(known) == 3, "access token, refresh token and the app's secret"
    rig.play(scene.invoices(rig, 3))
    rig.worker("--burst").process.wait(180)
    rig.advance(1900)
    known |= secrets_of(rig)
    rig.xero.fault("oauth_error", path="/connect/token", error="invalid_client")
    rig.play(scene.bills(rig, 2))
    rig.dispatch()
    rig.xero.clear_faults()
    rig.xero.person("disconnect")
    rig.advance(120)
    rig.dispatch()
    assert scene.connection_state(rig) == "Disconnected" and scene.error_log(rig)
    connect(rig)
    go_live(rig, "AUTHORISED")
    rig.dispatch()
    known |= secrets_of(rig)
    assert len(known) >= 5
    places = list(everything_stored(rig))
    assert len(places) > 100
    for place, text in places:
        assert not [secret[:6] for secret in known if secret in text], place
    said = json.dumps([call["response"] for call in rig.xero.calls()], default=str)
    assert not any(secret in said for secret in known), "the sandbox's own record keeps none either"


def test_documents_and_answers_show_no_token(rig: Rig) -> None:
    known = secrets_of(rig)
    with rig.frappe() as frappe:
        from picortex_xero.api import connect as api

        authorisation = frappe.get_all("Xero Authorisation", pluck="name")[0]
        shown = [frappe.get_doc("Xero Authorisation", authorisation).as_dict(), frappe.get_doc("Xero Settings").as_dict()]
        shown += [frappe.get_doc("Xero Connection", rig.connection).as_dict(), api.organisations(authorisation)]
    assert not [secret[:6] for secret in known if secret in json.dumps(shown, default=str)]


@pytest.mark.parametrize("fault", ["drop_after", "truncated", "oauth_error", "error_before"])
def test_what_a_failed_sign_in_raises_holds_no_secret(people: Rig, fault: str) -> None:
    given = consent(begin(people))
    known = {given["code"], given["state"], *secrets_of(people)}
    people.xero.fault(fault, path="/connect/token", status=500)
    with open_site(people.site, ADMIN) as frappe:
        with pytest.raises(frappe.ValidationError) as caught:
            come_back(people, given)
        assert not [secret[:6] for secret in known if secret in str(caught.value)]


# Who may


def test_there_are_whitelisted_functions() -> None:
    assert len(whitelisted()) >= 10


@pytest.mark.parametrize("user", [CLERK, "Guest"])
def test_nobody_without_a_role_may_call_anything(rig: Rig, user: str) -> None:
    add_user(rig.site, CLERK, [])
    record = scene.invoices(rig)[0]
    rig.play([record])
    calls = [(module, function, sound(rig, record, function, parameters)) for module, function, parameters in whitelisted()]
    before, let_in = rig.xero.call_count(), []
    with open_site(rig.site, user) as frappe:
        for module, function, given in calls:
            called = getattr(importlib.import_module(f"picortex_xero.api.{module}"), function)
            try:
                called(**given)
            except frappe.PermissionError:
                continue
            let_in.append(function)
    assert not let_in
    assert rig.xero.call_count() == before
    assert scene.connection_state(rig) == "Live"


def test_a_reader_of_invoices_sees_the_indicator_but_no_reason(rig: Rig) -> None:
    add_user(rig.site, CLERK, ["Accounts User"])
    rig.xero.person("set_lock_dates", period="2026-10-31")
    record = scene.invoices(rig)[0]
    rig.play([record])
    scene.settle(rig)
    with open_site(rig.site, CLERK) as frappe:
        from picortex_xero.api import status

        assert status.document_status("Sales Invoice", record["name"]) == {
            "message": "Waiting: the period is locked in Xero",
            "colour": "orange",
        }
        with pytest.raises(frappe.PermissionError):
            status.retry("Sales Invoice", record["name"])


@pytest.mark.case("B2")
def test_the_address_is_shown_as_it_is_sent_and_one_that_xero_refuses_is_named_first(people: Rig) -> None:
    config = people.site / "site_config.json"
    settings_before = config.read_text()

    def form(frappe: Any) -> Any:
        doc = frappe.get_doc("Xero Settings")
        doc.onload()
        return doc

    def shown(frappe: Any) -> tuple[str, str]:
        doc = form(frappe)
        return doc.redirect_uri, doc.get("__onload")["refused_address"]

    def saved(frappe: Any) -> None:
        form(frappe).save(ignore_permissions=True)

    for address, taken in (("https://erp.example.com", True), ("http://erp.example.com", False), ("http://localhost:8123", True)):
        config.write_text(json.dumps({**json.loads(settings_before), "host_name": address}))
        there, why_not = scene.with_site(people, shown)
        assert there == address + CALLBACK and (why_not == "") is taken
        scene.with_site(people, saved)
        if taken:
            assert parse_qs(urlsplit(begin(people)).query)["redirect_uri"] == [there]
        else:
            assert address in why_not and "host_name" in why_not
            with pytest.raises(Exception, match="https addresses only"):
                begin(people)
    config.write_text(settings_before)
