"""OAuth: consent, PKCE, rotation with its grace, custom connections, revocation, connections, scopes."""
from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sandbox.xero.process import ControlError, RunningXero
from tests.scene.xero_client import Client

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASK = {"response_type": "code", "client_id": "sandbox-web", "redirect_uri": "http://localhost:9/callback",
       "scope": "openid offline_access accounting.invoices accounting.settings.read", "state": "s p&1",
       "code_challenge": CHALLENGE, "code_challenge_method": "S256"}
SECRET = ("sandbox-web", "sandbox-web-secret")


def authorize(xero: RunningXero, **changes: str) -> httpx.Response:
    return httpx.get(f"{xero.address}/identity/connect/authorize", params={**ASK, **changes})


def code_of(answer: httpx.Response) -> str:
    assert answer.status_code == 302, answer.text
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert back["state"] == ["s p&1"]
    return back["code"][0]


def token(xero: RunningXero, auth=SECRET, **form: str) -> httpx.Response:
    return httpx.post(f"{xero.address}/connect/token", data=form, auth=auth)


def exchange(xero: RunningXero, code: str, **changes: str) -> httpx.Response:
    return token(xero, **{"grant_type": "authorization_code", "code": code, "redirect_uri": ASK["redirect_uri"],
                          "code_verifier": VERIFIER, **changes})


def test_a_person_allows_and_the_code_becomes_tokens(xero: RunningXero) -> None:
    page = authorize(xero)
    assert page.status_code == 200 and "Allow access" in page.text and "Kauri Supplies" in page.text
    allowed = httpx.post(f"{xero.address}/identity/connect/authorize",
                         data={**ASK, "tenant": xero.organisations[1]["tenant"], "decision": "allow"})
    tokens = exchange(xero, code_of(allowed)).json()
    assert tokens["expires_in"] == 1800 and tokens["refresh_token"] and tokens["id_token"].count(".") == 2
    found = httpx.get(f"{xero.address}/connections", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert [c["tenantName"] for c in found.json()] == ["Harrow Tools"]


def test_cancel_goes_back_with_access_denied(xero: RunningXero) -> None:
    answer = httpx.post(f"{xero.address}/identity/connect/authorize", data={**ASK, "decision": "cancel"})
    assert "error=access_denied" in answer.headers["location"] and "state=" in answer.headers["location"]


@pytest.mark.parametrize("changes, error", [
    ({"scope": "accounting.transactions"}, "invalid_scope"), ({"scope": ""}, "invalid_scope"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type")])
def test_wrong_requests_go_back_with_an_error(xero: RunningXero, changes: dict, error: str) -> None:
    answer = authorize(xero, auto="1", **changes)
    assert answer.status_code == 302 and f"error={error}" in answer.headers["location"]


@pytest.mark.parametrize("changes", [{"client_id": "nobody"}, {"redirect_uri": "http://localhost:9/callback/"},
                                     {"redirect_uri": "http://localhost:9/Callback"}])
def test_unknown_client_or_redirect_uri_is_not_redirected(xero: RunningXero, changes: dict) -> None:
    assert authorize(xero, auto="1", **changes).status_code == 400


def test_redirect_uri_must_be_https_or_localhost(xero: RunningXero) -> None:
    for uri in ("http://127.0.0.1:8000/cb", "http://app.example/cb"):
        with pytest.raises(ControlError, match="https or http://localhost"):
            xero.client("other", client_secret="s", redirect_uris=[uri])


def test_code_is_single_use_expires_and_is_bound(xero: RunningXero, move) -> None:
    code = code_of(authorize(xero, auto="1"))
    assert exchange(xero, code, code_verifier="w" * 64).json() == {"error": "invalid_grant"}
    assert exchange(xero, code).status_code == 400, "a failed exchange burns the code"
    code = code_of(authorize(xero, auto="1"))
    assert exchange(xero, code, redirect_uri="https://app.example/cb").status_code == 400
    code = code_of(authorize(xero, auto="1"))
    assert exchange(xero, code).status_code == 200
    assert exchange(xero, code).json()["error"] == "invalid_grant"
    code = code_of(authorize(xero, auto="1"))
    move(301)
    assert exchange(xero, code).json()["error"] == "invalid_grant"


def test_wrong_secret_and_grant_types(xero: RunningXero) -> None:
    assert token(xero, ("sandbox-web", "wrong"), grant_type="refresh_token").json() == {"error": "invalid_client"}
    assert token(xero, grant_type="password").json() == {"error": "unsupported_grant_type"}
    assert token(xero, None, grant_type="refresh_token").json() == {"error": "invalid_request"}


def test_refresh_rotates_with_thirty_minutes_of_grace(xero: RunningXero, move) -> None:
    first = exchange(xero, code_of(authorize(xero, auto="1"))).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": first}
    second = token(xero, **form).json()["refresh_token"]
    assert second != first
    move(1700)
    assert token(xero, **form).status_code == 200, "the replaced token still works for 30 minutes"
    move(1900)
    assert token(xero, **form).json() == {"error": "invalid_grant"}
    assert token(xero, grant_type="refresh_token", refresh_token=second).status_code == 200
    posted = httpx.post(f"{xero.address}/connect/token", data={
        "grant_type": "refresh_token", "refresh_token": second, "client_id": SECRET[0], "client_secret": SECRET[1]})
    assert posted.status_code == 200, "client_secret_post"


def test_no_offline_access_no_refresh_token(xero: RunningXero) -> None:
    tokens = exchange(xero, code_of(authorize(xero, auto="1", scope="accounting.invoices"))).json()
    assert "refresh_token" not in tokens and "id_token" not in tokens


def test_access_token_expires_after_thirty_minutes(api: Client, move) -> None:
    assert api.get("Organisation").status_code == 200
    move(1801)
    answer = api.get("Organisation")
    assert answer.status_code == 401 and answer.json()["Detail"].startswith("TokenExpired")


def test_custom_connection_needs_no_tenant_and_has_no_refresh_token(xero: RunningXero) -> None:
    auth = ("sandbox-custom", "sandbox-custom-secret")
    tokens = token(xero, auth, grant_type="client_credentials", scope="accounting.settings").json()
    assert "refresh_token" not in tokens
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert httpx.get(f"{xero.address}/api.xro/2.0/Organisation", headers=bearer).status_code == 200
    assert httpx.get(f"{xero.address}/connections", headers=bearer).json()[0]["tenantId"] == xero.tenant
    broad = token(xero, auth, grant_type="client_credentials", scope="accounting.transactions").json()
    assert broad == {"error": "invalid_scope", "error_description": "Client credentials scope validation failed"}


@pytest.mark.wrong_requests
def test_tenant_must_be_connected(api: Client) -> None:
    assert api.get("Organisation", **{"xero-tenant-id": ""}).status_code == 403
    answer = api.get("Organisation", **{"xero-tenant-id": "11111111-1111-1111-1111-111111111111"})
    assert answer.status_code == 403 and answer.json()["Detail"] == "AuthenticationUnsuccessful"
    assert httpx.get(f"{api.xero.address}/api.xro/2.0/Organisation").status_code == 401


def test_scopes_are_enforced_per_resource(xero: RunningXero) -> None:
    reader = Client(xero, scope="accounting.invoices.read accounting.settings.read")
    assert reader.get("Invoices").status_code == 200 and reader.get("Accounts").status_code == 200
    for answer in (reader.get("Contacts"), reader.get("Payments"),
                   reader.put("Invoices", {"Type": "ACCREC"})):
        assert answer.status_code == 401 and answer.headers["www-authenticate"] == "insufficient_scope"


def test_connections_are_listed_and_removed_by_connection_id(xero: RunningXero) -> None:
    bearer = {"Authorization": f"Bearer {xero.token()['access_token']}"}
    url = f"{xero.address}/connections"
    connections = httpx.get(url, headers=bearer).json()
    assert len(connections) == 4 and {"id", "authEventId", "tenantId", "tenantType", "tenantName", "createdDateUtc",
                                      "updatedDateUtc"} == set(connections[0])
    assert httpx.delete(f"{url}/{connections[0]['tenantId']}", headers=bearer).status_code == 404
    assert httpx.delete(f"{url}/{connections[0]['id']}", headers=bearer).status_code == 204
    assert len(httpx.get(url, headers=bearer).json()) == 3


def test_revocation_ends_tokens_and_connections(xero: RunningXero) -> None:
    tokens = xero.token()
    answer = httpx.post(f"{xero.address}/connect/revocation", data={"token": tokens["refresh_token"]}, auth=SECRET)
    assert (answer.status_code, answer.text) == (200, "")
    assert token(xero, grant_type="refresh_token", refresh_token=tokens["refresh_token"]).status_code == 400
    assert httpx.get(f"{xero.address}/connections", headers={
        "Authorization": f"Bearer {tokens['access_token']}"}).status_code == 401


def test_secrets_are_not_in_the_record_of_calls(xero: RunningXero) -> None:
    tokens = exchange(xero, code_of(authorize(xero, auto="1"))).json()
    recorded = str(xero.calls(path="/connect/token"))
    assert tokens["access_token"] not in recorded and tokens["refresh_token"] not in recorded
    assert "sandbox-web-secret" not in recorded and VERIFIER not in recorded


def test_token_faults(xero: RunningXero) -> None:
    refresh = {"grant_type": "refresh_token", "refresh_token": xero.token()["refresh_token"]}
    xero.fault("drop_after", path="/connect/token")
    with pytest.raises(httpx.RemoteProtocolError):
        token(xero, **refresh)
    xero.fault("error_before", path="/connect/token", status=503)
    assert token(xero, **refresh).status_code == 503
    xero.fault("oauth_error", path="/connect/token")
    assert token(xero, **refresh).json() == {"error": "invalid_grant"}
    assert token(xero, **refresh).status_code == 200, "the lost rotation is inside the grace"
