"""Connecting a company to a Xero organisation, going live, pausing, disconnecting. Links and the outbox survive all of it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets as randomness
from datetime import timedelta
from typing import Any

import frappe
from frappe import _

from ..attention import notifications
from ..compat import affected_rows
from ..documents import registry
from ..engine import heartbeat, restored, write_protection
from ..engine.clock import now
from ..engine.contexts import files_on
from ..engine.screen_texts import html, shown, stored
from ..engine.search_walk import RESTART
from ..engine.wake import wake
from ..extras.file_rules import SETTINGS
from ..xero import client, oauth, scopes
from ..xero.client import Request
from ..xero.secret_text import SecretText
from . import encryption, settings, tokens, xero_lists

AUTHORISATION, CONNECTION, STATE = "Xero Authorisation", "Xero Connection", "Xero Connection State"
CONSENT_TIME = timedelta(minutes=10)
# Failures that a button shows as a sentence: Xero or its sign-in does not work, or stored secrets cannot be read any more.
TROUBLE = (tokens.ReconnectNeeded, tokens.NotNow, oauth.Denied, oauth.Unreachable, encryption.Unreadable)


def begin(user: str) -> str:
    """Start a consent by `user`; returns the address at Xero to open. Part of the caller's transaction."""
    app = settings.app()
    if not app.client_id or not app.client_secret:
        frappe.throw(_("Enter the client ID and secret of your app at Xero in Xero Settings first"))
    # Delete consents that nobody completed in time.
    frappe.db.delete(AUTHORISATION, {"state": "Authorising", "pending_expires_at": ("<", now())})
    state, verifier = randomness.token_urlsafe(32), SecretText(randomness.token_urlsafe(64))
    pending = {
        "doctype": AUTHORISATION,
        "grant_type": "Authorisation Code",
        "state": "Authorising",
        "user": user,
        "pending_state_hash": _hash(state),
        "pending_encrypted": encryption.encrypted({"verifier": verifier}),
        "pending_expires_at": now() + CONSENT_TIME,
    }
    with write_protection.own_writes():
        frappe.get_doc(pending).insert(ignore_permissions=True)
    return oauth.authorisation_url(settings.endpoints(), app, _wanted_scopes(), state, verifier)


def _wanted_scopes(with_user: bool = True) -> list[str]:
    """The permissions to ask for: files only where a connection of this site sends some."""
    connections = frappe.get_all(CONNECTION, fields=["name", *SETTINGS])
    return scopes.scopes_for(registry.scopes(), with_user, files=any(files_on(each) for each in connections))


def finish(user: str, state: str, code: str) -> str:
    """Complete a consent; returns the name of the authorisation. The state is valid once, for ten minutes, for the user it was made for.
    Commits."""
    fields = ["name", "user", "pending_encrypted", "pending_expires_at"]
    pending = frappe.db.get_value(AUTHORISATION, {"pending_state_hash": _hash(state)}, fields, as_dict=True)
    if not pending or pending["user"] != user or pending["pending_expires_at"] < now() or not _consume(pending["name"], state):
        frappe.throw(_("This sign-in was not started here, is used up or has expired: start again"), exc=frappe.PermissionError)
    verifier = encryption.decrypted(pending["pending_encrypted"])["verifier"]
    try:
        token = oauth.exchange_code(settings.endpoints(), settings.app(), code, verifier)
    except (oauth.Denied, oauth.Unreachable) as error:
        frappe.throw(_("Xero did not complete the sign-in ({0}); start again").format(html(error)))
    return _adopt(pending["name"], user, subject(token["access_token"]), token)


def refused(user: str, state: str) -> None:
    """Xero sent the browser back without a code: the consent that this user began is over."""
    pending = frappe.db.get_value(AUTHORISATION, {"pending_state_hash": _hash(state)}, ["name", "user"], as_dict=True)
    if pending and pending["user"] == user:
        _consume(pending["name"], state)


def _consume(name: str, state: str) -> bool:
    """Use up the state of a consent; False where another callback did so first."""
    frappe.db.sql(
        f"UPDATE `tab{AUTHORISATION}` SET `pending_state_hash`=NULL, `pending_encrypted`='' WHERE `name`=%(name)s AND `pending_state_hash`=%(hash)s",
        {"name": name, "hash": _hash(state)},
    )
    taken = affected_rows() == 1
    frappe.db.commit()
    return taken


def _adopt(name: str, user: str, who: str, token: dict[str, Any]) -> str:
    """Keep one authorisation per Xero user: reconnecting renews it, so that all organisations of that user work again. It belongs to
    whoever signed in last; connections that this person may not change stay as they are."""
    existing = frappe.db.get_value(AUTHORISATION, {"subject_key": who}, "name") if who else None
    if existing and existing != name:
        frappe.db.delete(AUTHORISATION, {"name": name})
        name = existing
    frappe.db.set_value(AUTHORISATION, name, {"subject_key": who or name, "grant_type": "Authorisation Code", "user": user})
    tokens.store(name, token)
    for connection in frappe.get_all(CONNECTION, filters={"authorisation": name, "state": "Paused"}, pluck="name"):
        # Signing in again is no confirmation that a copy of the site, or one that was put back, may send.
        known = settings.is_this_site(connection) and not restored.waits_for_a_person(connection)
        if known and frappe.has_permission(CONNECTION, "write", doc=connection, user=user):
            resume(connection)
    return name


def subject(access_token: str) -> str:
    """The id of the Xero user that an access token (a JWT) belongs to; "" where the token does not say. The token is not verified: the id
    only names a row."""
    parts = access_token.split(".")
    if len(parts) != 3:
        return ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return ""
    who = claims.get("xero_userid") if isinstance(claims, dict) else ""
    return who if isinstance(who, str) and len(who) <= 140 and who.isascii() else ""


def custom(client_id: str, client_secret: str) -> str:
    """Authorise a custom connection: Xero's client credentials instead of a user's consent. Returns the name of the authorisation.
    Commits."""
    app = oauth.App(client_id.strip(), SecretText(client_secret.strip()))
    wanted = _wanted_scopes(with_user=False)
    try:
        token = oauth.client_credentials(settings.endpoints(), app, wanted)
    except (oauth.Denied, oauth.Unreachable) as error:
        frappe.throw(_("Xero does not accept this custom connection ({0})").format(html(error)))
    name = frappe.db.get_value(AUTHORISATION, {"subject_key": app.client_id}, "name")
    if not name:
        fields = {"doctype": AUTHORISATION, "grant_type": "Custom Connection", "subject_key": app.client_id, "user": frappe.session.user}
        with write_protection.own_writes():
            name = frappe.get_doc(fields).insert(ignore_permissions=True).name
    sealed = encryption.encrypted({"client_id": app.client_id, "client_secret": app.client_secret})
    frappe.db.set_value(AUTHORISATION, name, {"client_encrypted": sealed, "user": frappe.session.user})
    tokens.store(name, {**token, "scope": token.get("scope") or " ".join(wanted)})
    return str(name)


def organisations(authorisation: str) -> list[dict[str, Any]]:
    """The organisations that this authorisation may connect, as Xero lists them now: `tenantId`, `tenantName`, `id`. Commits."""
    token = tokens.access_token(authorisation)
    if frappe.db.get_value(AUTHORISATION, authorisation, "grant_type") == "Custom Connection":
        organisation = _one(client.Organisation(settings.endpoints().api, "", token))
        return [{"id": "", "tenantId": organisation["OrganisationID"], "tenantName": organisation["Name"], "tenantType": "ORGANISATION"}]
    return oauth.connections(settings.endpoints(), token)


def choose(authorisation: str, tenant_id: str, company: str) -> str:
    """Tie a company to one of the authorisation's organisations, one to one. Returns the connection. Commits.

    A company that was connected to the same organisation before gets that connection back with all its links.
    """
    entry = next((each for each in organisations(authorisation) if each["tenantId"] == tenant_id), None)
    if entry is None:
        frappe.throw(_("That organisation is not among those this sign-in may connect"))
    taken = frappe.db.get_value(CONNECTION, {"tenant_id": tenant_id, "company": ("!=", company)}, "company")
    if taken:
        known = frappe.has_permission("Company", "read", doc=taken)
        frappe.throw(_("{0} is connected to {1} already").format(html(entry["tenantName"]), html(taken) if known else _("another company")))
    name = frappe.db.get_value(CONNECTION, {"company": company}, "name")
    doc = frappe.get_doc(CONNECTION, name) if name else frappe.get_doc({"doctype": CONNECTION, "company": company})
    if doc.tenant_id and doc.tenant_id != tenant_id:
        frappe.throw(
            _("{0} belongs to another organisation ({1}); its history would not fit {2}").format(
                html(company), html(shown(doc.organisation_name)), html(entry["tenantName"])
            )
        )
    facts = _organisation(authorisation, tenant_id)
    base = frappe.get_cached_value("Company", company, "default_currency")
    if facts["BaseCurrency"] != base:
        frappe.throw(
            _("{0} keeps its books in {1}, {2} in {3}: they cannot be connected").format(
                html(company), html(base), html(facts["Name"]), html(facts["BaseCurrency"])
            )
        )
    doc.authorisation, doc.tenant_id, doc.xero_connection_id = authorisation, tenant_id, entry["id"]
    doc.organisation_name, doc.short_code, doc.base_currency = stored(facts["Name"]), facts.get("ShortCode"), facts["BaseCurrency"]
    doc.country_code, doc.state, doc.reason, doc.reason_parts = facts.get("CountryCode"), "Setting Up", "", ""
    with write_protection.own_writes():
        doc.save(ignore_permissions=True) if name else doc.insert(ignore_permissions=True)
        if not frappe.db.exists(STATE, doc.name):
            frappe.get_doc({"doctype": STATE, "connection": doc.name, "company": company}).insert(ignore_permissions=True)
    heartbeat.note(doc.name)
    frappe.db.commit()
    refresh(doc.name)
    return str(doc.name)


def refresh(connection: str) -> xero_lists.Offers:
    """Read the organisation's accounts, tax rates and tracking categories anew, and fill in choices that were never made and are beyond
    doubt. Returns the lists. Commits."""
    doc = frappe.get_doc(CONNECTION, connection)
    organisation = _reach(doc.authorisation, doc.tenant_id)
    lists = [_get(organisation, path) for path in ("Accounts", "TaxRates", "TrackingCategories")]
    offered = xero_lists.keep(connection, *lists)
    rounding = next((each["Code"] for each in offered["accounts"] if each["SystemAccount"] == "ROUNDING" and each["Code"]), "")
    if rounding and not doc.rounding_account:
        frappe.db.set_value(CONNECTION, connection, "rounding_account", rounding)
    frappe.db.commit()
    return offered


def go_live(connection: str, date: str) -> None:
    """Send from now on every document dated `date` or later. Only this site may send from then on. Part of the caller's transaction."""
    doc = frappe.get_doc(CONNECTION, connection)
    missing = [
        label
        for field, label in (("rounding_account", _("Rounding Account")), ("no_tax_type", _("Tax Type for Lines Without Tax")))
        if not doc.get(field)
    ]
    if missing:
        frappe.throw(_("Choose first: {0}").format(html(", ".join(missing))))
    if not doc.authorisation:
        frappe.throw(_("Connect to Xero first"))
    heartbeat.note(connection)
    frappe.db.set_value(CONNECTION, connection, {"go_live_date": date, "state": "Live", "reason": "", "reason_parts": ""})
    frappe.db.set_value(
        STATE,
        connection,
        {"fingerprint": settings.fingerprint(), "paused_until": None, "paused_reason": "", "paused_reason_parts": "", **RESTART},
    )
    frappe.db.after_commit.add(lambda: wake(connection))


def resume(connection: str) -> None:
    """A person says that a paused connection may send again, from this site, and that the records that were listed belong to its documents
    (engine/restored). Part of the caller's transaction."""
    if frappe.db.get_value(CONNECTION, connection, "state") != "Paused":
        frappe.throw(_("Only a paused connection can be resumed"))
    restored.confirm(connection)
    frappe.db.set_value(CONNECTION, connection, {"state": "Live", "reason": "", "reason_parts": ""})
    notifications.over(connection, "paused")
    frappe.db.set_value(
        STATE, connection, {"fingerprint": settings.fingerprint(), "paused_until": None, "paused_reason": "", "paused_reason_parts": ""}
    )
    frappe.db.after_commit.add(lambda: wake(connection))


def disconnect(connection: str) -> None:
    """Remove the organisation from the app at Xero and stop. Links, mappings and the outbox stay; reconnecting goes on from there.
    Commits."""
    doc = frappe.get_doc(CONNECTION, connection)
    if doc.authorisation and doc.xero_connection_id:
        try:
            oauth.disconnect(settings.endpoints(), tokens.access_token(doc.authorisation), doc.xero_connection_id)
        except (oauth.Denied, oauth.Unreachable, tokens.ReconnectNeeded, tokens.NotNow) as error:
            frappe.msgprint(_("Xero could not be told ({0}): remove the app under Connected Apps in Xero, too").format(html(error)))
    frappe.db.set_value(CONNECTION, connection, {"state": "Disconnected", "authorisation": None, "xero_connection_id": ""})
    if doc.authorisation and not frappe.db.exists(CONNECTION, {"authorisation": doc.authorisation}):
        frappe.db.delete(AUTHORISATION, {"name": doc.authorisation})
    frappe.db.commit()


def _organisation(authorisation: str, tenant_id: str) -> dict[str, Any]:
    return _one(_reach(authorisation, tenant_id))


def _reach(authorisation: str, tenant_id: str) -> client.Organisation:
    custom_grant = frappe.db.get_value(AUTHORISATION, authorisation, "grant_type") == "Custom Connection"
    return client.Organisation(settings.endpoints().api, "" if custom_grant else tenant_id, tokens.access_token(authorisation))


def _one(organisation: client.Organisation) -> dict[str, Any]:
    facts = _get(organisation, "Organisation", "Organisations")
    if len(facts) != 1 or not all(isinstance(facts[0].get(name), str) for name in ("Name", "BaseCurrency", "OrganisationID")):
        frappe.throw(_("Xero does not say which organisation this is; try again in a minute"))
    return facts[0]


def _get(organisation: client.Organisation, path: str, listed_as: str = "") -> list[dict[str, Any]]:
    answer = client.send(organisation, [Request("GET", path)])[0]
    if answer.status != 200:
        frappe.throw(_("Xero did not answer ({0}); try again in a minute").format(html(answer.status or answer.text)))
    found = answer.data.get(listed_as or path) if isinstance(answer.data, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        frappe.throw(_("Xero's answer cannot be read; try again in a minute"))
    return list(found or [])


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
