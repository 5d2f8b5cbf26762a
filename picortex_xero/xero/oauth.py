"""OAuth 2.0 with Xero (Xero's documentation, "OAuth 2.0"): authorisation code with PKCE, refresh, client credentials, connections,
disconnecting.

authlib implements the protocol. This module knows Xero's addresses and raises `Denied` (Xero said no; `code` is the OAuth error) or
`Unreachable` (no usable answer). Tokens are dicts as Xero sends them, their secrets as `SecretText`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from . import safe_json
from .client import PHASES, USER_AGENT, certificates, run
from .secret_text import SecretText
from .token_answer import checked, whole_list

TOTAL_DEADLINE = 30.0
Token = dict[str, Any]
Result = TypeVar("Result")


class Denied(Exception):
    """Xero refused; `code` is the OAuth error, such as "invalid_grant"."""

    def __init__(self, code: str, description: str = ""):
        super().__init__(f"{code}: {description}" if description else code)
        self.code = code


class Unreachable(Exception):
    """No answer, or none that tells what happened; asking again is safe, since Xero accepts the old refresh token for 30 minutes."""


@dataclass(frozen=True)
class Endpoints:
    """Xero's addresses. Only the sandbox has others."""

    authorize: str = "https://login.xero.com/identity/connect/authorize"
    token: str = "https://identity.xero.com/connect/token"
    revoke: str = "https://identity.xero.com/connect/revocation"
    connections: str = "https://api.xero.com/connections"
    api: str = "https://api.xero.com/api.xro/2.0/"


@dataclass(frozen=True)
class App:
    """The app that the customer registered at Xero."""

    client_id: str
    client_secret: str
    redirect_uri: str = ""


def authorisation_url(endpoints: Endpoints, app: App, scopes: list[str], state: str, verifier: str) -> str:
    """The address for the admin's browser. `verifier` is the PKCE secret (43 to 128 characters), kept until the callback."""
    client = _client(app, scopes)
    url, _ = client.create_authorization_url(endpoints.authorize, state=state, code_verifier=verifier)
    return str(url)


def exchange_code(endpoints: Endpoints, app: App, code: str, verifier: str) -> Token:
    """The first token set for the code of a callback (valid once, for 5 minutes). Raises Denied, Unreachable."""
    fields = {"code": SecretText(code), "code_verifier": SecretText(verifier), "redirect_uri": app.redirect_uri}
    return _token(endpoints, app, grant_type="authorization_code", **fields)


def refresh(endpoints: Endpoints, app: App, refresh_token: str) -> Token:
    """A new token set; the old refresh token stays valid for 30 minutes. Raises Denied, Unreachable."""
    return _token(endpoints, app, grant_type="refresh_token", refresh_token=refresh_token)


def client_credentials(endpoints: Endpoints, app: App, scopes: list[str]) -> Token:
    """A token of a custom connection (30 minutes, no refresh token). Raises Denied, Unreachable."""
    return _token(endpoints, app, grant_type="client_credentials", scope=" ".join(scopes))


def connections(endpoints: Endpoints, access_token: str) -> list[dict[str, Any]]:
    """The organisations to which this user gave the app access: `id`, `tenantId`, `tenantName`, `tenantType`."""
    response = _http("GET", endpoints.connections, access_token)
    try:
        return whole_list(response.content)
    except safe_json.Unreadable as error:
        raise Unreachable(f"Xero's list of organisations cannot be used: {error}") from None


def disconnect(endpoints: Endpoints, access_token: str, connection_id: str) -> None:
    """Remove one organisation from the app at Xero; `connection_id` is the `id` in `connections`, not the tenant's."""
    _http("DELETE", f"{endpoints.connections}/{connection_id}", access_token, allowed=(404,))


def revoke(endpoints: Endpoints, app: App, refresh_token: str) -> None:
    """End a sign-in: its tokens, and every connection that this Xero user made with this app, wherever they are used (Xero's documentation,
    "Revoking tokens"). Raises Denied, Unreachable."""

    async def call() -> httpx.Response:
        async with _client(app) as client:
            revoking = client.revoke_token(endpoints.revoke, token=refresh_token, token_type_hint="refresh_token")
            response: httpx.Response = await _answered(revoking)
            return response

    _checked(run(call()))


def _http(method: str, url: str, access_token: str, allowed: tuple[int, ...] = ()) -> httpx.Response:
    async def call() -> httpx.Response:
        headers = {"Authorization": SecretText(f"Bearer {access_token}"), "User-Agent": USER_AGENT, "Accept-Encoding": safe_json.ACCEPTED}
        async with httpx.AsyncClient(
            timeout=PHASES, headers=headers, verify=certificates(), event_hooks=safe_json.at_most(safe_json.SIGN_IN)
        ) as client:
            return await _answered(client.request(method, url))

    return _checked(run(call()), allowed)


def _checked(response: httpx.Response, allowed: tuple[int, ...] = ()) -> httpx.Response:
    if response.is_success or response.status_code in allowed:
        return response
    if response.status_code in (401, 403):
        raise Denied("unauthorized", f"HTTP {response.status_code}")
    raise Unreachable(f"Xero answered HTTP {response.status_code}")


def _client(app: App, scopes: list[str] | None = None) -> AsyncOAuth2Client:
    client = AsyncOAuth2Client(
        app.client_id,
        app.client_secret,
        scope=" ".join(scopes) if scopes else None,
        redirect_uri=app.redirect_uri or None,
        code_challenge_method="S256",
        timeout=PHASES,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": safe_json.ACCEPTED},
        verify=certificates(),
        event_hooks=safe_json.at_most(safe_json.SIGN_IN),
    )
    # Runs before authlib reads the answer.
    client.register_compliance_hook("access_token_response", _only_if_sound)
    return client


def _only_if_sound(response: httpx.Response) -> httpx.Response:
    """The token endpoint's answer if it is a valid one, for authlib to read; else raises Unreachable."""
    if response.status_code < 500:
        try:
            checked(response.content)
        except safe_json.Unreadable as error:
            raise Unreachable(f"Xero's answer to the sign-in cannot be used: {error}") from None
    return response


def _token(endpoints: Endpoints, app: App, **fields: str) -> Token:
    async def call() -> Token:
        async with _client(app) as client:
            answer = await _answered(client.fetch_token(endpoints.token, **fields))
            return {name: SecretText(value) if name.endswith("_token") else value for name, value in dict(answer).items()}

    try:
        return run(call())
    except AuthlibBaseError as error:
        raise Denied(error.error or "unknown", error.description or "") from None


async def _answered(call: Awaitable[Result]) -> Result:
    try:
        return await asyncio.wait_for(call, TOTAL_DEADLINE)
    except (httpx.HTTPError, asyncio.TimeoutError, ValueError) as error:
        raise Unreachable(f"No usable answer from Xero: {type(error).__name__}") from None
