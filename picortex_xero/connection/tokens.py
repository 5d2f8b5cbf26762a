"""Access tokens: always fresh, refreshed by one process at a time, stored before they are used.

Xero gives a new refresh token with every refresh and accepts the previous one for 30 more minutes (Xero's documentation, "Token types"). So
a process that dies between the answer and storing it costs nothing: the next one refreshes with the token that is stored. The lock is a
lease in the database and holds across workers and machines. The tokens of one Xero user serve all organisations which that user connected.
"""

from __future__ import annotations

import secrets as randomness
import time
from datetime import timedelta
from typing import Any

import frappe

from ..accounting.texts import Text, _, dump, plain
from ..compat import affected_rows
from ..engine import heartbeat
from ..engine.clock import now
from ..engine.screen_texts import stored
from ..xero import oauth
from ..xero.secret_text import SecretText
from . import encryption, settings

DOCTYPE = "Xero Authorisation"
FRESH_FOR = timedelta(minutes=4)
LOCK = timedelta(seconds=45)
WAIT_SECONDS = 40
POLL_SECONDS = 0.25
INVALID_GRANT = "invalid_grant"
ACTIVE, RECONNECT = "Active", "Reconnect Needed"


class ReconnectNeeded(Exception):
    """The authorisation no longer works, and a person has to connect again. `said`: why."""

    def __init__(self, said: Text):
        super().__init__(said)
        self.said = said


class NotNow(Exception):
    """No token at the moment, try later: Xero's sign-in does not answer, or another process holds the lock. `said`: which."""

    def __init__(self, said: Text):
        super().__init__(said)
        self.said = said


def access_token(authorisation: str, *, refused: str = "") -> str:
    """A token that is valid for at least four more minutes. Pass a token that Xero just refused as `refused` to have it refreshed.

    Raises ReconnectNeeded, NotNow. Commits.
    """
    stop = time.monotonic() + WAIT_SECONDS
    while True:
        stored = _read(authorisation)
        token = stored["tokens"].get("access_token", "")
        if token and token != refused and stored["access_expires_at"] and stored["access_expires_at"] > now() + FRESH_FOR:
            return SecretText(token)
        owner = _lock(authorisation)
        if owner:
            try:
                return _refresh(authorisation, owner, refused)
            finally:
                _unlock(authorisation, owner)
        if time.monotonic() > stop:
            raise NotNow(_("Another process is still refreshing the Xero sign-in"))
        time.sleep(POLL_SECONDS)


def store(authorisation: str, token: dict[str, Any]) -> None:
    """Store a token set, encrypted. Commits, since it must be safe before anyone uses it."""
    expires = now() + timedelta(seconds=int(token.get("expires_in") or 1800))
    frappe.db.set_value(
        DOCTYPE,
        authorisation,
        {
            "tokens_encrypted": encryption.encrypted({name: token.get(name, "") for name in ("access_token", "refresh_token", "scope")}),
            "access_expires_at": expires,
            "refreshed_at": now(),
            "scopes": stored(token.get("scope")),
            "state": ACTIVE,
            "reason": "",
            "reason_parts": "",
        },
    )
    frappe.db.commit()


def _refresh(authorisation: str, owner: str, refused: str) -> str:
    stored = _read(authorisation)
    token = stored["tokens"].get("access_token", "")
    if token and token != refused and stored["access_expires_at"] and stored["access_expires_at"] > now() + FRESH_FOR:
        return SecretText(token)
    try:
        fresh = _ask(stored)
    except oauth.Unreachable as error:
        raise NotNow(plain(error)) from error
    except oauth.Denied as error:
        again = _read(authorisation)
        if again["tokens"] != stored["tokens"]:
            # Another process refreshed meanwhile: its token is the valid one.
            return SecretText(again["tokens"]["access_token"])
        if error.code == INVALID_GRANT:
            heartbeat.grant_refused(authorisation, stored["refreshed_at"])
        _declare_dead(authorisation, error)
        raise ReconnectNeeded(plain(error)) from error
    store(authorisation, fresh)
    return SecretText(fresh["access_token"])


def _ask(stored: dict[str, Any]) -> dict[str, Any]:
    app, endpoints = stored["app"], settings.endpoints()
    if stored["grant_type"] == "Custom Connection":
        return oauth.client_credentials(endpoints, app, stored["tokens"]["scope"].split())
    fresh = oauth.refresh(endpoints, app, stored["tokens"]["refresh_token"])
    return {**fresh, "refresh_token": fresh.get("refresh_token") or stored["tokens"]["refresh_token"]}


def _declare_dead(authorisation: str, error: oauth.Denied) -> None:
    reason = _("Xero no longer accepts this sign-in ({code})").format(code=error.code)
    said = {"reason": stored(reason), "reason_parts": dump(reason=reason)}
    frappe.db.set_value(DOCTYPE, authorisation, {"state": RECONNECT, **said})
    frappe.db.commit()


def _read(authorisation: str) -> dict[str, Any]:
    """The stored grant, read in a new transaction. Raises ReconnectNeeded where nothing usable is stored."""
    frappe.db.commit()
    row = frappe.db.get_value(
        DOCTYPE,
        authorisation,
        ["grant_type", "state", "tokens_encrypted", "client_encrypted", "access_expires_at", "refreshed_at"],
        as_dict=True,
    )
    if not row or row["state"] not in (ACTIVE,):
        raise ReconnectNeeded(_("This Xero sign-in has ended; connect again"))
    try:
        tokens = encryption.decrypted(row["tokens_encrypted"])
        own = encryption.decrypted(row["client_encrypted"])
        app = oauth.App(own["client_id"], own["client_secret"]) if own else settings.app()
    except encryption.Unreadable as error:
        raise ReconnectNeeded(error.said) from error
    return {**row, "tokens": tokens, "app": app}


def _lock(authorisation: str) -> str:
    owner = randomness.token_hex(8)
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET `refresh_owner`=%(owner)s, `refresh_until`=%(until)s WHERE `name`=%(name)s AND (`refresh_until` IS NULL OR `refresh_until`<=%(now)s)",
        {"owner": owner, "until": now() + LOCK, "now": now(), "name": authorisation},
    )
    got = affected_rows() == 1
    frappe.db.commit()
    return owner if got else ""


def _unlock(authorisation: str, owner: str) -> None:
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET `refresh_until`=%(now)s WHERE `name`=%(name)s AND `refresh_owner`=%(owner)s",
        {"now": now(), "name": authorisation, "owner": owner},
    )
    frappe.db.commit()
