"""Giving an organisation back: this connection alone, the sign-in where nothing else uses it, and whatever fails at Xero ends in a sentence."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.host import storage
from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig, connect
from tests.scene import organisations as scenes
from tests.scene import rig as scene
from tests.scene.calls import sound
from tests.scene.connecting import ADMIN, whitelisted

SECOND = "Second Books Ltd"
HTML = "<!doctype html><html><body><h1>We'll be back soon</h1></body></html>"


def secrets(rig: Rig) -> dict[str, Any]:
    """The tokens of the one sign-in there is."""

    def read(frappe: Any) -> dict[str, Any]:
        from picortex_xero.connection import encryption

        (row,) = frappe.get_all("Xero Authorisation", fields=["tokens_encrypted"])
        return encryption.decrypted(row["tokens_encrypted"])

    return dict(scene.with_site(rig, read))


def still_good(rig: Rig, token: dict[str, Any]) -> bool:
    """Whether Xero gives a new token for this refresh token."""
    from picortex_xero.xero import oauth
    from sandbox.rig import endpoints

    try:
        oauth.refresh(
            oauth.Endpoints(**endpoints(rig.xero.address)), oauth.App("sandbox-web", "sandbox-web-secret"), token["refresh_token"]
        )
    except oauth.Denied:
        return False
    return True


def at_xero(rig: Rig) -> list[str]:
    """The tenants that are connected to the app at Xero."""
    calls = rig.xero.calls(path="/connections")
    return sorted(call["path"] for call in calls if call["method"] == "DELETE")


def messages(rig: Rig, function: str) -> list[str]:
    """What the user was shown after pressing a button."""
    with rig.frappe() as frappe:
        from picortex_xero.api import connect as buttons

        getattr(buttons, function)(rig.connection)
        frappe.db.commit()
        return [each["message"] for each in frappe.local.message_log]


def twin(rig: Rig, tenant: str) -> str:
    """A second company whose connection uses the same sign-in."""

    def found(frappe: Any) -> None:
        company = frappe.get_doc("Company", rig.company["name"]).as_dict()
        storage.store({**company, "name": "Twin Ltd", "company_name": "Twin Ltd"})

    scene.with_site(rig, found)
    return scenes.choose(rig, scenes.sign_in(rig, rig.xero.tenant, tenant), tenant, "Twin Ltd")


@pytest.fixture
def alone(rig: Rig) -> Rig:
    """The Xero user has connected this organisation alone, whatever other tests have founded."""
    token = secrets(rig)
    from picortex_xero.xero import oauth
    from sandbox.rig import endpoints

    where = oauth.Endpoints(**endpoints(rig.xero.address))
    for each in oauth.connections(where, token["access_token"]):
        if each["tenantId"] != rig.xero.tenant:
            oauth.disconnect(where, token["access_token"], each["id"])
    return rig


@pytest.mark.case("S10")
def test_the_last_connection_takes_the_sign_in_with_it(alone: Rig) -> None:
    token, deleted = secrets(alone), len(at_xero(alone))
    assert scenes.press(alone, "before_disconnecting") == {"here": [], "elsewhere": [], "custom": False, "may_end": True}
    assert messages(alone, "disconnect") == []
    assert len(at_xero(alone)) == deleted + 1 and not still_good(alone, token)
    assert scene.connection_state(alone) == "Disconnected"
    assert not scene.with_site(alone, lambda frappe: frappe.get_all("Xero Authorisation", pluck="name")), "and nothing of it is kept here"


@pytest.mark.case("S10")
def test_a_sign_in_that_another_connection_here_uses_is_left_alone(alone: Rig) -> None:
    rig = alone
    other = twin(rig, scenes.found(rig, SECOND))
    token = secrets(rig)
    assert scenes.press(rig, "before_disconnecting")["here"] == ["Twin Ltd"]
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="Other connections"):
        scenes.press(rig, "disconnect_and_end_sign_in")
    assert scene.connection_state(rig) == "Live", "nothing was done"
    scenes.press(rig, "disconnect")
    assert still_good(rig, token)
    assert scenes.connection(rig, other)["authorisation"] and scene.connection_state(rig) == "Disconnected"
    scenes.press(rig, "refresh", other)


@pytest.mark.case("S10")
@pytest.mark.parametrize(("pressed", "ended"), [("disconnect", False), ("disconnect_only", False), ("disconnect_and_end_sign_in", True)])
def test_what_the_sign_in_opens_elsewhere_is_said_and_chosen(alone: Rig, pressed: str, ended: bool) -> None:
    """For instance a staging site with the same app: revoking would take its connection too."""
    rig = alone
    scenes.sign_in(rig, rig.xero.tenant, scenes.found(rig, SECOND))
    token = secrets(rig)
    assert scenes.press(rig, "before_disconnecting")["elsewhere"] == [SECOND]
    said = messages(rig, pressed)
    assert still_good(rig, token) is not ended
    assert len(said) == (pressed == "disconnect") and all(SECOND in each for each in said)
    assert scene.connection_state(rig) == "Disconnected"


@pytest.mark.case("S10")
def test_the_sign_in_of_somebody_else_is_not_ended_nor_what_it_opens_named(alone: Rig) -> None:
    rig = alone
    scenes.sign_in(rig, rig.xero.tenant, scenes.found(rig, SECOND))
    token = secrets(rig)
    add_user(rig.site, ADMIN, ["Xero Admin"])
    with open_site(rig.site, ADMIN) as frappe:
        from picortex_xero.api import connect as buttons

        touched = buttons.before_disconnecting(rig.connection)
        assert touched["elsewhere"] == ["further organisations (1)"] and not touched["may_end"]
        with pytest.raises(frappe.PermissionError, match="Only whoever signed in"):
            buttons.disconnect_and_end_sign_in(rig.connection)
        buttons.disconnect(rig.connection)
        assert SECOND not in str(frappe.local.message_log)
        frappe.db.commit()
    assert still_good(rig, token) and scene.connection_state(rig) == "Disconnected"


@pytest.mark.case("S10")
def test_a_sign_in_that_is_kept_may_be_alone(alone: Rig) -> None:
    token = secrets(alone)
    scenes.press(alone, "disconnect_only")
    assert still_good(alone, token) and scene.connection_state(alone) == "Disconnected"


FAILING: list[tuple[str, dict[str, Any]]] = [
    ("error_before", {"path": "/connections", "status": 500}),
    ("error_before", {"path": "/connections", "status": 401}),
    ("drop_before", {"path": "/connections"}),
    ("error_before", {"path": "/connect/revocation", "status": 503}),
    ("error_before", {"path": "/connect/revocation", "status": 400}),
    ("drop_after", {"path": "/connect/revocation"}),
    ("instead", {"path": "/connections", "text": HTML, "method": "GET"}),
]


@pytest.mark.case("S10")
@pytest.mark.odd_answers
@pytest.mark.parametrize("pressed", ["disconnect", "disconnect_and_end_sign_in"])
@pytest.mark.parametrize(("kind", "details"), FAILING, ids=[f"{kind}-{each['path']}-{each.get('status', '')}" for kind, each in FAILING])
def test_whatever_fails_at_xero_ends_in_a_sentence(alone: Rig, kind: str, details: dict[str, Any], pressed: str) -> None:
    alone.xero.fault(kind, times=9, **{"method": "DELETE|POST", **details})
    said = messages(alone, pressed)
    asked = details.get("method") == "GET" and pressed == "disconnect_and_end_sign_in"
    assert asked or (said and all("Connected Apps in Xero" in each for each in said))
    assert scene.connection_state(alone) == "Disconnected" and not scene.error_log(alone)
    alone.xero.clear_faults()
    connect(alone)
    assert scene.connection_state(alone) == "Live"


@pytest.fixture
def same_config(rig: Rig) -> Iterator[None]:
    config = rig.site / "site_config.json"
    kept = config.read_text()
    yield
    config.write_text(kept)


@pytest.mark.case("S10")
@pytest.mark.parametrize("dead", ["ended", "key", "gone at Xero"])
def test_a_dead_sign_in_does_not_keep_anybody_connected(alone: Rig, same_config: None, dead: str) -> None:
    break_the_sign_in(alone, dead)
    said = messages(alone, "disconnect")
    assert bool(said) == (dead != "gone at Xero") and scene.connection_state(alone) == "Disconnected"
    assert scenes.press(alone, "before_disconnecting")["here"] == []


@pytest.mark.case("S10")
def test_a_custom_connection_is_ended_in_xero_itself(unconnected: Rig) -> None:
    rig = unconnected

    def work(_: Any) -> None:
        from picortex_xero.api import connect as buttons

        name = buttons.custom_connection("sandbox-custom", "sandbox-custom-secret")
        rig.connection = buttons.choose_organisation(name, buttons.organisations(name)[0]["tenantId"], rig.company["name"])

    scene.with_site(rig, work)
    assert scenes.press(rig, "before_disconnecting")["custom"]
    (said,) = messages(rig, "disconnect")
    assert "Connected Apps" in said and scene.connection_state(rig) == "Disconnected"


# A sentence on every button


def break_the_sign_in(rig: Rig, how: str) -> None:
    if how == "ended":
        values = {"state": "Reconnect Needed", "reason": "Xero no longer accepts this sign-in (invalid_grant)"}
        authorisation = scenes.connection(rig)["authorisation"]
        scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Authorisation", authorisation, values))
    elif how == "key":
        config = rig.site / "site_config.json"
        kept = json.loads(config.read_text())
        config.write_text(json.dumps({**kept, "encryption_key": "QW5vdGhlciBrZXkgb2YgdGhpcnR5LXR3byBieXRlcy4="}))
    elif how == "no key":
        config = rig.site / "site_config.json"
        config.write_text(json.dumps({**json.loads(config.read_text()), "encryption_key": "not a key"}))
    elif how == "gone at Xero":
        rig.xero.person("disconnect")
    elif how == "refused":
        rig.xero.fault("oauth_error", path="/connect/token", times=99)
    elif how == "HTML":
        rig.xero.fault("instead", method="GET|POST", path="(/api.xro|/connect)", times=99, text=HTML)
    elif how == "odd JSON":
        rig.xero.fault(
            "instead", method="GET|POST", path="(/api.xro|/connect)", times=99, text='{"Organisations": [{}], "Accounts": [[]], "x": null}'
        )
    elif how == "HTML 502":
        rig.xero.fault("error_before", method="GET|POST", path="(/api.xro|/connect)", times=99, status=502)
    elif how == "always 401":
        rig.xero.fault("error_before", method="GET", path="(/api.xro|/connections)", times=99, status=401)
    if how in ("refused", "HTML", "odd JSON", "HTML 502"):
        rig.advance(1900)


EVERYTHING = ("ended", "odd JSON", "always 401")
BROKEN = ["ended", "key", "no key", "gone at Xero", "refused", "HTML", "odd JSON", "HTML 502", "always 401"]


@pytest.mark.case("S11")
@pytest.mark.odd_answers
@pytest.mark.parametrize("how", BROKEN)
def test_every_button_ends_in_a_sentence(rig: Rig, same_config: None, how: str) -> None:
    (record,) = scene.invoices(rig)
    rig.play([record])
    authorisation = scenes.connection(rig)["authorisation"]
    given = scenes.press(rig, "start")
    from tests.scene.connecting import consent

    back = consent(given)
    values = {"authorisation": authorisation, "name": record["name"], "state": back["state"], "code": back["code"], "cause_key": ""}
    values |= {"client_id": "sandbox-custom", "secret": "sandbox-custom-secret"}
    # Each way with what the set-up calls, which is what needs the sign-in; everything that may be called with three of them.
    # What hands on to ERPNext's own function is for the bench (picortex_xero/tests/bench/test_bank_matching.py).
    asked = [
        each
        for each in whitelisted()
        if (how in EVERYTHING and each[0] != "bank_tool" and each[1] != "coding_rows") or each[0] in ("connect", "status", "trying")
    ]
    calls = [(module, function, sound(rig, record, function, parameters)) for module, function, parameters in asked]
    break_the_sign_in(rig, how)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "state", "Paused"))
    last, said = ("callback", "custom_connection", "keep_secret"), dict[str, str]()
    for module, function, given_to in sorted(calls, key=lambda each: (each[1] in last) + 2 * ("disconnect" in each[1])):
        called = getattr(importlib.import_module(f"picortex_xero.api.{module}"), function)
        with open_site(rig.site) as frappe:
            try:
                called(**{name: values.get(name, known) for name, known in given_to.items()})
                frappe.db.commit()
            except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError) as refusal:
                assert getattr(refusal, "http_status_code", 417) < 500 and len(str(refusal)) > 20 and "<" not in str(refusal), function
                assert "Traceback" not in str(refusal) and "Error:" not in str(refusal)
                said[function] = str(refusal)
    assert said or how == "always 401"
    assert {"refresh", "resume", "choose_organisation"} <= said.keys()
    assert not [each for each in scene.error_log(rig) if "paused" not in each["method"].lower()]


@pytest.mark.case("S11")
def test_after_the_key_was_changed_secret_and_sign_in_are_entered_again(rig: Rig, same_config: None) -> None:
    first, second = scene.invoices(rig, 2)
    rig.play([first])
    scene.settle(rig)
    break_the_sign_in(rig, "key")
    rig.play([second])
    rig.dispatch()
    row = scenes.connection(rig)
    assert row["state"] == "Paused" and "client secret" in row["cure"] and "Reconnect" in row["cure"]
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="client secret"):
        scenes.press(rig, "start", *())
    connect(rig)
    assert scene.connection_state(rig) == "Live"
    scene.settle(rig)
    scene.assert_once(rig, [first, second])
