"""Sign-in through the simulator's real redirects: PKCE, refresh, custom connections, giving an organisation back; and scopes."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from picortex_xero.documents import registry
from picortex_xero.xero import oauth
from picortex_xero.xero.oauth import App, Denied, Endpoints, Unreachable
from picortex_xero.xero.scopes import scopes_for
from sandbox import passing_time
from sandbox.xero.process import RunningXero
from tests.scene.xero_server import CALLBACK

WEB = App("sandbox-web", "sandbox-web-secret", CALLBACK)
CUSTOM = App("sandbox-custom", "sandbox-custom-secret")
VERIFIER = "v" * 64
INVOICES, MONEY = ["accounting.invoices"], ["accounting.payments", "accounting.banktransactions"]
SCOPES = scopes_for([*INVOICES, *MONEY])


def endpoints(xero: RunningXero) -> Endpoints:
    at = xero.address
    return Endpoints(
        f"{at}/identity/connect/authorize", f"{at}/connect/token", f"{at}/connect/revocation", f"{at}/connections", f"{at}/api.xro/2.0/"
    )


def consent(xero: RunningXero, verifier: str = VERIFIER, decision: str = "allow") -> dict[str, list[str]]:
    """What the browser brings back after the admin decided on Xero's page."""
    address = oauth.authorisation_url(endpoints(xero), WEB, SCOPES, "state-1", verifier)
    form = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    page = httpx.post(endpoints(xero).authorize, data={**form, "tenant": xero.tenant, "decision": decision})
    assert page.status_code == 302 and page.headers["location"].startswith(CALLBACK), page.text
    return parse_qs(urlsplit(page.headers["location"]).query)


def signed_in(xero: RunningXero) -> oauth.Token:
    return oauth.exchange_code(endpoints(xero), WEB, consent(xero)["code"][0], VERIFIER)


def test_the_address_carries_state_scopes_and_a_hashed_secret_but_not_the_secret(xero: RunningXero) -> None:
    address = oauth.authorisation_url(Endpoints(), WEB, SCOPES, "state-1", VERIFIER)
    query = parse_qs(urlsplit(address).query)
    assert address.startswith("https://login.xero.com/identity/connect/authorize?")
    assert query["state"] == ["state-1"] and query["redirect_uri"] == [CALLBACK] and query["response_type"] == ["code"]
    assert query["scope"] == [" ".join(SCOPES)] and query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43 and VERIFIER not in address and WEB.client_secret not in address


def test_from_consent_to_tokens_and_organisations(xero: RunningXero) -> None:
    token = signed_in(xero)
    assert token["access_token"] and token["refresh_token"] and token["expires_in"] == 1800
    assert set(token["scope"].split()) == set(SCOPES)
    found = oauth.connections(endpoints(xero), token["access_token"])
    assert [entry["tenantName"] for entry in found] == ["Kauri Supplies"] and found[0]["tenantId"] == xero.tenant


def test_an_admin_who_says_no_brings_back_an_error(xero: RunningXero) -> None:
    back = consent(xero, decision="cancel")
    assert back["error"] == ["access_denied"] and back["state"] == ["state-1"] and "code" not in back


def test_a_code_needs_its_own_secret_and_works_once(xero: RunningXero) -> None:
    with pytest.raises(Denied) as denied:
        oauth.exchange_code(endpoints(xero), WEB, consent(xero)["code"][0], "w" * 64)
    assert denied.value.code == "invalid_grant"
    code = consent(xero)["code"][0]
    assert oauth.exchange_code(endpoints(xero), WEB, code, VERIFIER)["access_token"]
    with pytest.raises(Denied):
        oauth.exchange_code(endpoints(xero), WEB, code, VERIFIER)


def test_a_code_expires(xero: RunningXero, clock_file: Path) -> None:
    code = consent(xero)["code"][0]
    passing_time.put(clock_file, 301)
    with pytest.raises(Denied):
        oauth.exchange_code(endpoints(xero), WEB, code, VERIFIER)


def test_refresh_rotates_and_the_old_one_dies_after_its_grace(xero: RunningXero, clock_file: Path) -> None:
    first = signed_in(xero)
    second = oauth.refresh(endpoints(xero), WEB, first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"] and second["access_token"] != first["access_token"]
    assert oauth.refresh(endpoints(xero), WEB, first["refresh_token"])["access_token"], "a lost answer costs nothing for 30 minutes"
    passing_time.put(clock_file, 1900)
    with pytest.raises(Denied) as denied:
        oauth.refresh(endpoints(xero), WEB, first["refresh_token"])
    assert denied.value.code == "invalid_grant"


def test_a_wrong_app_secret_is_denied(xero: RunningXero) -> None:
    with pytest.raises(Denied) as denied:
        oauth.refresh(endpoints(xero), App("sandbox-web", "wrong"), signed_in(xero)["refresh_token"])
    assert denied.value.code == "invalid_client"


@pytest.mark.parametrize(
    "fault", [{"kind": "drop_after"}, {"kind": "drop_before"}, {"kind": "error_before", "status": 503}, {"kind": "truncated"}]
)
def test_no_usable_answer_is_not_a_refusal(xero: RunningXero, fault: dict[str, object]) -> None:
    """Asking again is safe; a sign-in is never given up because nobody answered."""
    token = signed_in(xero)["refresh_token"]
    xero.fault(path="/connect/token", **fault)  # type: ignore[arg-type]
    with pytest.raises(Unreachable):
        oauth.refresh(endpoints(xero), WEB, token)
    assert oauth.refresh(endpoints(xero), WEB, token)["access_token"]


def test_a_refused_refresh_is_told_apart_by_its_code(xero: RunningXero) -> None:
    token = signed_in(xero)["refresh_token"]
    xero.fault("oauth_error", path="/connect/token", error="invalid_grant")
    with pytest.raises(Denied) as denied:
        oauth.refresh(endpoints(xero), WEB, token)
    assert denied.value.code == "invalid_grant"


def test_nobody_there_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    nowhere = Endpoints(token=f"http://127.0.0.1:{port}/t", connections=f"http://127.0.0.1:{port}/c")
    for call in (lambda: oauth.refresh(nowhere, WEB, "r"), lambda: oauth.connections(nowhere, "a")):
        with pytest.raises(Unreachable):
            call()


def test_an_answer_that_takes_too_long_is_unreachable(xero: RunningXero, monkeypatch: pytest.MonkeyPatch) -> None:
    token = signed_in(xero)["refresh_token"]
    monkeypatch.setattr(oauth, "TOTAL_DEADLINE", 0.5)
    xero.fault("hold_after", path="/connect/token")
    with pytest.raises(Unreachable):
        oauth.refresh(endpoints(xero), WEB, token)


def test_a_custom_connection_signs_itself_in(xero: RunningXero) -> None:
    token = oauth.client_credentials(endpoints(xero), CUSTOM, scopes_for(INVOICES, with_user=False))
    assert token["access_token"] and "refresh_token" not in token
    assert [entry["tenantId"] for entry in oauth.connections(endpoints(xero), token["access_token"])] == [xero.tenant]


def test_an_organisation_is_given_back_by_its_connection_and_once_more_does_no_harm(xero: RunningXero) -> None:
    access = signed_in(xero)["access_token"]
    connection = oauth.connections(endpoints(xero), access)[0]["id"]
    oauth.disconnect(endpoints(xero), access, connection)
    assert oauth.connections(endpoints(xero), access) == []
    oauth.disconnect(endpoints(xero), access, connection)


def test_a_worthless_token_is_denied_and_a_server_error_is_not(xero: RunningXero) -> None:
    with pytest.raises(Denied):
        oauth.connections(endpoints(xero), "nonsense")
    access = signed_in(xero)["access_token"]
    xero.fault("error_before", path="/connections", status=500)
    with pytest.raises(Unreachable):
        oauth.connections(endpoints(xero), access)


def test_errors_never_carry_tokens_or_secrets(xero: RunningXero) -> None:
    token = signed_in(xero)
    shown = []
    for fault in ("drop_after", "oauth_error", "truncated"):
        xero.fault(fault, path="/connect/token")
        with pytest.raises((Denied, Unreachable)) as failed:
            oauth.refresh(endpoints(xero), WEB, token["refresh_token"])
        shown.append(str(failed.value))
    assert not [text for text in shown if token["refresh_token"] in text or WEB.client_secret in text]


def test_only_the_permissions_of_what_is_sent_are_asked_for() -> None:
    assert scopes_for([*INVOICES, *INVOICES]) == [
        "openid",
        "profile",
        "email",
        "offline_access",
        "accounting.settings.read",
        "accounting.contacts",
        "accounting.invoices",
    ]
    assert "accounting.payments" in scopes_for(MONEY) and "accounting.payments" not in scopes_for(INVOICES)


def test_what_is_sent_says_which_permissions_it_needs() -> None:
    assert registry.scopes() == [*INVOICES, *MONEY, "accounting.manualjournals"]


def test_files_are_a_permission_of_their_own() -> None:
    assert "accounting.attachments" not in scopes_for(registry.scopes())
    assert scopes_for(INVOICES, files=True) == [*scopes_for(INVOICES), "accounting.attachments"]


def test_a_custom_connection_asks_for_no_sign_in() -> None:
    assert not [scope for scope in scopes_for(INVOICES, with_user=False) if not scope.startswith("accounting.")]


def test_every_scope_is_one_that_xero_knows_today(xero: RunningXero) -> None:
    """The simulator takes granular names only, as Xero does for new apps."""
    assert oauth.exchange_code(endpoints(xero), WEB, consent(xero)["code"][0], VERIFIER)["scope"]
