"""Access tokens: always fresh, refreshed by one process at a time, stored before they are used.

Xero gives a new refresh token with every refresh and accepts the previous one for 30 more minutes (Xero's documentation, "Token types"). So
a process that dies between the answer and storing it costs nothing: the next one refreshes with the token that is stored. The lock is a
lease in the database and holds across workers and machines. The tokens of one Xero user serve all organisations which that user connected.

A sign-in belongs to the site on which somebody signed in, or that a person has said may send (`use_here`). A copy of that site neither uses
nor renews it: the original would lose it.

A sign-in ends only by `invalid_grant`: the first one stops sending, the third ends it if at least ten minutes lie between. Any other refusal
leaves it as it is: what is up is noted on the sign-in until a token comes.
"""

from __future__ import annotations

import hashlib
import secrets as randomness
import time
from datetime import timedelta
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import Text, dump, load
from ..compat import OfTheConnection, affected_rows
from ..engine import heartbeat
from ..engine.clock import now
from ..engine.screen_texts import shown, stored
from ..xero import oauth
from ..xero.secret_text import SecretText
from . import encryption, pauses, settings

DOCTYPE = "Xero Authorisation"
FRESH_FOR = timedelta(minutes=4)
LOCK = timedelta(seconds=45)
WAIT_SECONDS = 40
POLL_SECONDS = 0.25
ACTIVE, RECONNECT = "Active", "Reconnect Needed"
# So many refusals of the grant end it, if the first is so long ago; between two of them a minute passes.
REFUSALS, REFUSED_FOR = 3, timedelta(minutes=10)
BETWEEN_REFUSALS = timedelta(minutes=1)
# No token lasts so long, and no lock. A later time was written while the database's clock was ahead, and does not count.
IMPOSSIBLE = timedelta(hours=1)
NO_TROUBLE = {
    "trouble": "",
    "trouble_since": None,
    "refusals": 0,
    "refused_since": None,
    "try_again_at": None,
    "reason": "",
    "cure": "",
    "reason_parts": "",
}


class Trouble(OfTheConnection):
    """No token. `problem` says why and what to do; `str()` is both as one message."""

    def __init__(self, problem: Problem):
        super().__init__(pauses.joined(problem))
        self.problem = problem


class ReconnectNeeded(Trouble):
    """The authorisation no longer works, and a person has to connect again."""


class NotNow(Trouble):
    """No token at the moment, try later: Xero's sign-in gives none, or another process holds the lock."""


def access_token(authorisation: str, *, refused: str = "") -> str:
    """A token that is valid for at least four more minutes. Pass a token that Xero just refused as `refused` to have it refreshed.

    Raises ReconnectNeeded, NotNow. Commits.
    """
    stop = time.monotonic() + WAIT_SECONDS
    while True:
        found = _read(authorisation)
        if _usable(found, refused):
            return SecretText(found["tokens"]["access_token"])
        owner = _lock(authorisation)
        if owner:
            try:
                return _refresh(authorisation, owner, refused)
            finally:
                _unlock(authorisation, owner)
        if time.monotonic() > stop:
            raise NotNow(pauses.busy())
        time.sleep(POLL_SECONDS)


def renew(authorisation: str) -> None:
    """Get a new token whether or not the stored one is still good. Raises ReconnectNeeded, NotNow. Commits."""
    access_token(authorisation, refused=_read(authorisation)["tokens"].get("access_token", ""))


def refreshable(authorisation: str) -> bool:
    """Whether a refresh token is stored, which Xero forgets 60 days after it was given. A custom connection has none. Raises
    ReconnectNeeded."""
    return bool(_read(authorisation)["tokens"].get("refresh_token"))


def revocable(authorisation: str) -> tuple[oauth.App, str] | None:
    """The app and the refresh token with which this sign-in can be ended at Xero; None where there is none. Raises ReconnectNeeded."""
    found = _read(authorisation, ended_too=True)
    token = found["tokens"].get("refresh_token", "")
    return (found["app"], token) if token else None


def store(authorisation: str, token: dict[str, Any]) -> None:
    """Store a token set that somebody has just signed in for, encrypted. Commits, since it must be safe before anyone uses it."""
    frappe.db.set_value(DOCTYPE, authorisation, _columns(token))
    frappe.db.commit()


def _columns(token: dict[str, Any]) -> dict[str, Any]:
    return {
        "tokens_encrypted": encryption.encrypted({name: token.get(name, "") for name in ("access_token", "refresh_token", "scope")}),
        "access_expires_at": now() + timedelta(seconds=int(token.get("expires_in") or 1800)),
        "refreshed_at": now(),
        "scopes": stored(token.get("scope")),
        "state": ACTIVE,
        "site": settings.fingerprint(),
        "opens": "",
        **NO_TROUBLE,
    }


def store_renewed(authorisation: str, found: dict[str, Any], token: dict[str, Any]) -> bool:
    """Store a renewed token set in the place of the one that was renewed (`found`); False where somebody has signed in meanwhile: those
    tokens are the newer ones, and may permit more. Commits."""
    columns = _columns(token)
    assignments = ", ".join(f"`{field}`=%({field})s" for field in columns)
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET {assignments} WHERE `name`=%(name)s AND COALESCE(`tokens_encrypted`, '')=%(renewed)s",
        {**columns, "name": authorisation, "renewed": found["tokens_encrypted"] or ""},
    )
    done = affected_rows() == 1
    frappe.db.commit()
    return done


def use_here(authorisation: str) -> None:
    """A person says that this site is the one that sends: the sign-in is this site's from now on. Part of the caller's transaction."""
    frappe.db.set_value(DOCTYPE, authorisation, "site", settings.fingerprint(), update_modified=False)


def must_be_of_this_site(authorisation: str) -> None:
    """Raises NotNow where the sign-in is another site's."""
    if settings.sign_in_is_elsewhere(authorisation):
        raise NotNow(pauses.sign_in_of_another_site())


def opens(authorisation: str, token: str) -> str:
    """The organisation that this token of a custom connection opens; "" where that was not asked of this token yet."""
    of_token, _, organisation = str(frappe.db.get_value(DOCTYPE, authorisation, "opens") or "").partition(" ")
    return organisation if of_token == _short(token) else ""


def note_opens(authorisation: str, token: str, organisation: str) -> None:
    """Keep which organisation a token opens, as Xero has just said. Part of the caller's transaction."""
    frappe.db.set_value(DOCTYPE, authorisation, "opens", f"{_short(token)} {organisation}", update_modified=False)


def _short(token: str) -> str:
    """By what a token is known again: nothing of it can be read from that."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]


def trouble_of(authorisation: str | None) -> dict[str, Any]:
    """What stands in the way of this sign-in: `problem`, `ended` (bool), `since` (UTC); {} where it works."""
    fields = ["state", "trouble", "trouble_since", "reason", "cure", "reason_parts"]
    row = frappe.db.get_value(DOCTYPE, authorisation, fields, as_dict=True) if authorisation else None
    if not row or (row["state"] == ACTIVE and not row["trouble"]):
        return {}
    return {"problem": _said(row), "ended": row["state"] != ACTIVE, "since": row["trouble_since"]}


def _said(row: dict[str, Any]) -> Problem:
    """The problem that is stored on a sign-in. A former release stored no code and no cure."""
    if not row["reason"]:
        return pauses.gone()
    forms = load(row["reason_parts"])
    cure = Text(shown(row["cure"]), forms.get("cure")) if row["cure"] else pauses.SIGN_IN_AGAIN
    return Problem(row["trouble"] or pauses.SIGN_IN_ENDED, Text(shown(row["reason"]), forms.get("reason")), cure)


def _usable(found: dict[str, Any], refused: str) -> bool:
    """Whether the stored access token may be used: after Xero refused the grant only a new one may."""
    token, until = found["tokens"].get("access_token", ""), found["access_expires_at"]
    lasts = until and now() + FRESH_FOR < until <= now() + IMPOSSIBLE
    return bool(token and token != refused and lasts and not found["refusals"])


def _refresh(authorisation: str, owner: str, refused: str) -> str:
    found = _read(authorisation)
    if _usable(found, refused):
        return SecretText(found["tokens"]["access_token"])
    if found["try_again_at"] and now() < found["try_again_at"] <= now() + BETWEEN_REFUSALS:
        raise NotNow(_said(found))
    try:
        fresh = _ask(found)
    except (oauth.Unreachable, oauth.Denied) as error:
        if newer := _newer(authorisation, found):
            return newer
        if isinstance(error, oauth.Denied):
            raise _denied(authorisation, found, error) from error
        raise NotNow(_note(authorisation, found, pauses.no_answer(str(error)))) from error
    if store_renewed(authorisation, found, fresh):
        return SecretText(fresh["access_token"])
    if newer := _newer(authorisation, found):
        return newer
    raise NotNow(pauses.busy())


def _newer(authorisation: str, found: dict[str, Any]) -> str:
    """The token that somebody has stored since these were read, by signing in or from another process; "" where nobody has."""
    again = _read(authorisation)
    return SecretText(again["tokens"]["access_token"]) if again["tokens"] != found["tokens"] else ""


def _ask(found: dict[str, Any]) -> dict[str, Any]:
    app, endpoints = found["app"], settings.endpoints()
    if found["grant_type"] == "Custom Connection":
        return oauth.client_credentials(endpoints, app, found["tokens"].get("scope", "").split())
    refresh_token = found["tokens"].get("refresh_token", "")
    if not refresh_token:
        raise oauth.Denied(pauses.GRANT_REFUSED)
    fresh = oauth.refresh(endpoints, app, refresh_token)
    return {**fresh, "refresh_token": fresh.get("refresh_token") or refresh_token}


def _denied(authorisation: str, found: dict[str, Any], error: oauth.Denied) -> Trouble:
    """Note what Xero refused, and what that means for the sign-in."""
    if error.code in pauses.ABOUT_THE_APP:
        own = found["grant_type"] == "Custom Connection"
        return NotNow(_note(authorisation, found, pauses.app_refused(error.code, own)))
    if error.code != pauses.GRANT_REFUSED:
        return NotNow(_note(authorisation, found, pauses.no_answer(error.code)))
    # A copy of this site may have used the token: its records are looked for before anything is created.
    heartbeat.grant_refused(authorisation, found["refreshed_at"])
    at = now()
    count, since = int(found["refusals"] or 0) + 1, min(found["refused_since"] or at, at)
    if count >= REFUSALS and at - since >= REFUSED_FOR:
        return ReconnectNeeded(_note(authorisation, found, pauses.ended(error.code), state=RECONNECT))
    counted = {"refusals": count, "refused_since": since, "try_again_at": at + BETWEEN_REFUSALS}
    return NotNow(_note(authorisation, found, pauses.refused(error.code), **counted))


def _note(authorisation: str, found: dict[str, Any], problem: Problem, **fields: Any) -> Problem:
    """Store on the sign-in why it gives no token. Commits."""
    same = found["trouble"] == problem.code and found["trouble_since"] and found["trouble_since"] <= now()
    said = {
        "trouble": problem.code,
        "trouble_since": found["trouble_since"] if same else now(),
        "reason": stored(problem.message),
        "cure": stored(problem.resolution),
        "reason_parts": dump(reason=problem.message, cure=problem.resolution),
    }
    frappe.db.set_value(DOCTYPE, authorisation, {**said, **fields})
    frappe.db.commit()
    return problem


def _read(authorisation: str, ended_too: bool = False) -> dict[str, Any]:
    """The stored grant, read in a new transaction. Raises ReconnectNeeded where nothing usable is stored."""
    frappe.db.commit()
    fields = ["grant_type", "state", "tokens_encrypted", "client_encrypted", "access_expires_at", "trouble", "trouble_since"]
    fields += ["refusals", "refused_since", "try_again_at", "refreshed_at", "reason", "cure", "reason_parts"]
    row = frappe.db.get_value(DOCTYPE, authorisation, fields, as_dict=True)
    if row:
        must_be_of_this_site(authorisation)
    if not row or (row["state"] != ACTIVE and not ended_too):
        raise ReconnectNeeded(_said(row) if row else pauses.gone())
    try:
        tokens = encryption.decrypted(row["tokens_encrypted"])
        own = encryption.decrypted(row["client_encrypted"])
        app = oauth.App(own["client_id"], own["client_secret"]) if own else settings.app()
    except encryption.Unreadable as error:
        raise ReconnectNeeded(_note(authorisation, row, pauses.unreadable())) from error
    if row["trouble"] == pauses.SECRETS:
        # The former key is back.
        frappe.db.set_value(DOCTYPE, authorisation, NO_TROUBLE)
        frappe.db.commit()
    return {**row, "tokens": tokens, "app": app}


def _lock(authorisation: str) -> str:
    owner = randomness.token_hex(8)
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET `refresh_owner`=%(owner)s, `refresh_until`=%(until)s WHERE `name`=%(name)s AND (`refresh_until` IS NULL OR `refresh_until`<=%(now)s OR `refresh_until`>%(never)s)",
        {"owner": owner, "until": now() + LOCK, "now": now(), "never": now() + IMPOSSIBLE, "name": authorisation},
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
