"""OAuth 2.0 as Xero does it: consent with real redirects, PKCE, token rotation with its grace, custom connections.

Access tokens live 30 minutes, codes 5, refresh tokens 60 days; a replaced refresh token works for 30 more minutes
(A/B: Xero developer documentation, OAuth 2.0 token types). Tokens have the form of JWTs but are signed with a throw-away key.
"""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox.xero import clock
from sandbox.xero.refusals import Answer
from sandbox.xero.world import World

ACCESS_LIFE, CODE_LIFE, REFRESH_LIFE, GRACE = 1800, 300, 60 * 86400, 1800
_WITH_READ = ("invoices", "payments", "banktransactions", "manualjournals", "contacts", "settings", "attachments")
_REPORTS = ("aged", "balancesheet", "banksummary", "budgetsummary", "executivesummary", "profitandloss",
            "trialbalance", "taxreports", "tenninetynine")
SCOPES = {"openid", "profile", "email", "offline_access", "accounting.budgets.read", "app.connections",
          *(f"accounting.{name}{end}" for name in _WITH_READ for end in ("", ".read")),
          *(f"accounting.reports.{name}.read" for name in _REPORTS)}  # granular names only (A: section 1.3)
_SIGNING_KEY = secrets.token_bytes(32)


def oauth_error(error: str, description: str = "", status: int = 400) -> Answer:
    body = {"error": error, **({"error_description": description} if description else {})}
    return Answer(status, body)


def redirect_allowed(uri: str) -> bool:
    """https anywhere, http only for localhost; 127.0.0.1 is refused (A)."""
    parts = urlsplit(uri)
    return parts.scheme == "https" and bool(parts.netloc) or parts.scheme == "http" and parts.hostname == "localhost"


def register(world: World, client: dict[str, Any]) -> dict[str, Any]:
    """Adds an app: client_id, client_secret (None for PKCE apps), grant ``code`` or ``custom``, redirect_uris,
    scopes and tenant (custom). Raises ValueError for what Xero's app page would not take."""
    for uri in client.get("redirect_uris", []):
        if not redirect_allowed(uri):
            raise ValueError(f"redirect URI {uri!r}: https or http://localhost only")
    unknown = set(client.get("scopes", [])) - SCOPES
    if unknown:
        raise ValueError(f"unknown scopes: {', '.join(sorted(unknown))}")
    if client.get("grant", "code") == "custom" and client.get("tenant") not in world.organisations:
        raise ValueError("a custom connection needs the tenant of an organisation")
    kept = {"grant": "code", "client_secret": None, "redirect_uris": [], "tenant": None, **client}
    world.clients[kept["client_id"]] = kept
    return kept


def check_request(world: World, query: dict[str, str]) -> dict[str, Any]:
    """Checks an authorize request. Wrong client or redirect URI is an error page; the rest goes back by redirect."""
    client = world.clients.get(query.get("client_id", ""))
    if client is None or client["grant"] != "code":
        raise Answer(400, "Sorry, something went wrong. Error: unauthorized_client. Unknown client.")
    if query.get("redirect_uri") not in client["redirect_uris"]:
        raise Answer(400, "Sorry, something went wrong. Error: unauthorized_client. Invalid redirect_uri.")
    if query.get("response_type") != "code":
        raise send_back(query, error="unsupported_response_type")
    asked = query.get("scope", "").split()
    if not asked or not set(asked) <= SCOPES:
        raise send_back(query, error="invalid_scope")
    challenge = query.get("code_challenge")
    if challenge and query.get("code_challenge_method") != "S256" or client["client_secret"] is None and not challenge:
        raise send_back(query, error="invalid_request", error_description="code challenge required, method S256")
    return client


def send_back(query: dict[str, str], **values: str) -> Answer:
    """The redirect to the app, state echoed unchanged."""
    if "state" in query:
        values["state"] = query["state"]
    uri = query["redirect_uri"]
    return Answer(302, "", {"Location": uri + ("&" if "?" in uri else "?") + urlencode(values)})


def consent_page(world: World, query: dict[str, str]) -> str:
    """The page a person sees: which organisation, Allow or Cancel."""
    import html
    client = world.clients[query["client_id"]]
    fields = "".join(f'<input type="hidden" name="{html.escape(k)}" value="{html.escape(v)}">'
                     for k, v in query.items())
    choices = "".join(f'<p><label><input type="checkbox" name="tenant" value="{org.tenant}" checked> '
                      f"{html.escape(org.name)}</label></p>" for org in world.organisations.values() if not org.closed)
    return (f"<!doctype html><html><head><title>Xero sandbox</title></head><body><h1>"
            f"{html.escape(client.get('name', client['client_id']))} wants access</h1>"
            f'<form method="post">{fields}{choices}<p>{html.escape(query.get("scope", ""))}</p>'
            '<button name="decision" value="allow">Allow access</button> '
            '<button name="decision" value="cancel">Cancel</button></form></body></html>')


def allow(world: World, query: dict[str, str], tenants: list[str]) -> Answer:
    """Consent given: connects the organisations to the app and sends the code back."""
    event, user = str(uuid.uuid4()), query.get("user") or str(uuid.uuid5(uuid.NAMESPACE_URL, "sandbox/user"))
    for tenant in tenants:
        connect(world, query["client_id"], user, tenant, event)
    code = secrets.token_urlsafe(24)
    given = _given(world, query["client_id"], user)
    scope = " ".join(dict.fromkeys([*given, *query["scope"].split()]))
    world.codes[code] = {"client": query["client_id"], "redirect_uri": query["redirect_uri"], "at": clock.now(),
                         "scope": scope, "challenge": query.get("code_challenge"), "user": user,
                         "event": event, "nonce": query.get("nonce")}
    return send_back(query, code=code, scope=query["scope"], session_state=secrets.token_hex(8))


def _given(world: World, client: str, user: str) -> list[str]:
    """What this user has given this app before: scopes add up, and only revoking takes them away (A: Xero's FAQ on granular scopes)."""
    held = [each["grant"] for each in world.refresh_tokens.values() if each["client"] == client and each["grant"]["user"] == user]
    return held[-1]["scope"].split() if held else []


def connect(world: World, client: str, user: str, tenant: str, event: str) -> None:
    stamp = clock.utc(clock.now()).strftime("%Y-%m-%dT%H:%M:%S.%f")
    org = world.organisations[tenant]
    for known in world.connections.values():
        if (known["client"], known["user"], known["tenantId"]) == (client, user, tenant):
            known.update(authEventId=event, updatedDateUtc=stamp)
            return
    connection = {"id": str(uuid.uuid4()), "authEventId": event, "tenantId": tenant, "tenantType": "ORGANISATION",
                  "tenantName": org.name, "createdDateUtc": stamp, "updatedDateUtc": stamp, "client": client,
                  "user": user}
    world.connections[connection["id"]] = connection


def client_of(world: World, headers: dict[str, str], form: dict[str, str]) -> dict[str, Any]:
    """The app calling the token endpoint: Basic header or client_secret_post (A/B)."""
    client_id, secret = form.get("client_id", ""), form.get("client_secret")
    given = headers.get("authorization", "")
    if given.lower().startswith("basic "):
        try:
            client_id, _, secret = base64.b64decode(given[6:]).decode().partition(":")
        except ValueError:
            raise oauth_error("invalid_client") from None
    if not client_id:
        raise oauth_error("invalid_request")
    client = world.clients.get(client_id)
    if client is None or client["client_secret"] != secret:
        raise oauth_error("invalid_client")
    return client


def token(world: World, headers: dict[str, str], form: dict[str, str]) -> dict[str, Any]:
    """POST /connect/token."""
    client = client_of(world, headers, form)
    grant = form.get("grant_type")
    if grant == "authorization_code" and client["grant"] == "code":
        return _exchange(world, client, form)
    if grant == "refresh_token" and client["grant"] == "code":
        return _refresh(world, client, form)
    if grant == "client_credentials" and client["grant"] == "custom":
        asked = form.get("scope", "").split() or client.get("scopes") or []
        allowed = set(client.get("scopes") or SCOPES)
        if not set(asked) <= allowed & SCOPES:
            raise oauth_error("invalid_scope", "Client credentials scope validation failed")
        return issue(world, {"client": client["client_id"], "user": "", "scope": " ".join(asked), "event": "",
                              "tenant": client["tenant"]}, refreshable=False)
    if grant in ("authorization_code", "refresh_token", "client_credentials"):
        raise oauth_error("unauthorized_client")
    raise oauth_error("unsupported_grant_type")


def _exchange(world: World, client: dict[str, Any], form: dict[str, str]) -> dict[str, Any]:
    code = world.codes.pop(form.get("code", ""), None)
    if (code is None or code["client"] != client["client_id"] or clock.now() - code["at"] > CODE_LIFE
            or form.get("redirect_uri") != code["redirect_uri"]):
        raise oauth_error("invalid_grant")
    if code["challenge"]:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code["challenge"]:
            raise oauth_error("invalid_grant")
    return issue(world, {key: code.get(key) for key in ("client", "user", "scope", "event", "nonce")},
                  refreshable="offline_access" in code["scope"].split())


def _refresh(world: World, client: dict[str, Any], form: dict[str, str]) -> dict[str, Any]:
    held = world.refresh_tokens.get(form.get("refresh_token", ""))
    now = clock.now()
    if held is None or held["client"] != client["client_id"] or now - held["issued"] > REFRESH_LIFE:
        raise oauth_error("invalid_grant")
    if held["replaced"] is not None and now - held["replaced"] > GRACE:
        raise oauth_error("invalid_grant")
    if held["replaced"] is None:
        held["replaced"] = now
    return issue(world, held["grant"], refreshable=True)


def issue(world: World, grant: dict[str, Any], *, refreshable: bool) -> dict[str, Any]:
    now = clock.now()
    claims = {"iss": "https://identity.sandbox.invalid", "client_id": grant["client"], "sub": grant["user"],
              "xero_userid": grant["user"], "authentication_event_id": grant["event"], "iat": int(now),
              "exp": int(now) + ACCESS_LIFE, "jti": secrets.token_hex(16), "scope": grant["scope"].split()}
    access = _jwt(claims)
    world.access_tokens[access] = {**grant, "expires": now + ACCESS_LIFE}
    answer = {"access_token": access, "expires_in": ACCESS_LIFE, "token_type": "Bearer", "scope": grant["scope"]}
    if "openid" in grant["scope"].split():
        identity = {**claims, "aud": grant["client"], "exp": int(now) + 300, "email": "admin@example.com",
                    "given_name": "Ada", "family_name": "Admin", "name": "Ada Admin"}
        identity.pop("scope")
        if grant.get("nonce"):
            identity["nonce"] = grant["nonce"]
        answer["id_token"] = _jwt(identity)
    if refreshable:
        refresh = secrets.token_urlsafe(48)
        world.refresh_tokens[refresh] = {"client": grant["client"], "grant": grant, "issued": now, "replaced": None}
        answer["refresh_token"] = refresh
    return answer


def _jwt(claims: dict[str, Any]) -> str:
    def part(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    head = f'{part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())}.{part(json.dumps(claims).encode())}'
    return f"{head}.{part(hmac.digest(_SIGNING_KEY, head.encode(), 'sha256'))}"


def revoke(world: World, headers: dict[str, str], form: dict[str, str]) -> None:
    """POST /connect/revocation: ends the user's tokens and all of that user's connections (A/B)."""
    client = client_of(world, headers, form)
    held = world.refresh_tokens.get(form.get("token", ""))
    if held is None or held["client"] != client["client_id"]:
        return
    owner = (held["client"], held["grant"]["user"])
    world.refresh_tokens = {t: h for t, h in world.refresh_tokens.items()
                            if (h["client"], h["grant"]["user"]) != owner}
    world.access_tokens = {t: g for t, g in world.access_tokens.items() if (g["client"], g["user"]) != owner}
    world.connections = {i: c for i, c in world.connections.items() if (c["client"], c["user"]) != owner}
