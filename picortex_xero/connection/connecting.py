"""Connecting a company to a Xero organisation, going live, resuming. Links and the outbox survive all of it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets as randomness
from datetime import timedelta
from typing import Any

import frappe
from frappe import _

from ..compat import affected_rows, let_pass
from ..engine import heartbeat, restored, write_protection
from ..engine.clock import now
from ..engine.screen_texts import html, in_words, stored
from ..engine.wake import wake_waiting
from ..xero import oauth
from ..xero.secret_text import SecretText
from . import (
    before_connecting,
    changed_in_xero,
    encryption,
    history,
    item_codes,
    leaving,
    organisation,
    pauses,
    permissions,
    resuming,
    rights,
    settings,
    this_site,
    tokens,
    xero_lists,
)
from .current import RETIRED

AUTHORISATION, CONNECTION, STATE = "Xero Authorisation", "Xero Connection", "Xero Connection State"
CONSENT_TIME = timedelta(minutes=10)
# Failures that a button shows as a sentence: Xero or its sign-in does not work, or stored secrets cannot be read any more.
TROUBLE = (tokens.ReconnectNeeded, tokens.NotNow, oauth.Denied, oauth.Unreachable, encryption.Unreadable)


def words(trouble: Exception) -> str:
    """What a screen says of one of these failures: what is up and what to do, in the reader's language."""
    if isinstance(trouble, tokens.Trouble):
        problem = trouble.problem
    elif isinstance(trouble, encryption.Unreadable):
        problem = pauses.unreadable()
    else:
        problem = pauses.no_answer(str(trouble))
    return in_words(pauses.joined(problem))


def begin(user: str, asked: list[str] | None = None) -> str:
    """Start a consent by `user`; returns the address at Xero to open. `asked`: the scopes to ask for, without it those of all that is switched
    on. Part of the caller's transaction."""
    before_connecting.refuse_red()
    app = settings.app()
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
    return oauth.authorisation_url(settings.endpoints(), app, asked or permissions.wanted(), state, verifier)


def finish(user: str, state: str, code: str) -> str:
    """Complete a consent; returns the name of the authorisation. The state is valid once, for ten minutes, for the user it was made for.
    Commits."""
    fields = ["name", "user", "pending_encrypted", "pending_expires_at"]
    pending = frappe.db.get_value(AUTHORISATION, {"pending_state_hash": _hash(state)}, fields, as_dict=True)
    if (
        not pending
        or pending["user"] != user
        or not now() <= pending["pending_expires_at"] <= now() + CONSENT_TIME
        or not _consume(pending["name"], state)
    ):
        frappe.throw(_("This sign-in was not started here, is used up or has expired: start again"), exc=frappe.PermissionError)
    verifier = encryption.decrypted(pending["pending_encrypted"])["verifier"]
    try:
        token = oauth.exchange_code(settings.endpoints(), settings.app(), code, verifier)
    except (oauth.Denied, oauth.Unreachable) as error:
        if isinstance(error, oauth.Denied) and error.code in pauses.ABOUT_THE_APP:
            frappe.throw(html(words(tokens.NotNow(pauses.app_refused(error.code, own=False)))))
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
    whoever signed in last; connections of companies that this person may not connect stay as they are."""
    try:
        adopted = _one_of_each(name, user, who)
    except Exception as error:
        let_pass(error)
        if not frappe.db.is_unique_key_violation(error):
            raise
        # Another consent of the same Xero user was completed at this moment: this one renews what that one has made.
        frappe.db.rollback()
        adopted = _one_of_each(name, user, who)
    _renewed(adopted, user, token)
    return adopted


def _one_of_each(name: str, user: str, who: str) -> str:
    existing = frappe.db.get_value(AUTHORISATION, {"subject_key": who}, "name") if who else None
    if existing and existing != name:
        frappe.db.delete(AUTHORISATION, {"name": name})
        name = str(existing)
    frappe.db.set_value(AUTHORISATION, name, {"subject_key": who or name, "grant_type": "Authorisation Code", "user": user})
    return name


def _renewed(authorisation: str, user: str, token: dict[str, Any]) -> None:
    """Store the tokens and resume what stood still for want of this sign-in, as far as Xero lists the organisation and the user may connect
    its company. Commits."""
    had_trouble = bool(tokens.trouble_of(authorisation))
    tokens.store(authorisation, token)
    fields = ["name", "tenant_id", "reason_code", "state"]
    rows = frappe.get_all(CONNECTION, filters={"authorisation": authorisation, "state": ("!=", RETIRED)}, fields=fields)
    try:
        # Not for a first sign-in: which organisations there are is asked where one is chosen.
        listed = {each["tenantId"]: each["id"] for each in organisations(authorisation)} if rows else {}
    except (*TROUBLE, frappe.ValidationError):
        # The person goes on to choose an organisation, and learns there what is wrong.
        listed = {}
    for row in rows:
        if row["tenant_id"] in listed:
            frappe.db.set_value(CONNECTION, row["name"], "xero_connection_id", listed[row["tenant_id"]], update_modified=False)
        cured = row["tenant_id"] in listed or (not listed and (row["reason_code"] or "") in pauses.CURED_BY_A_TOKEN)
        if not frappe.has_permission(CONNECTION, "create", doc=row["name"], user=user):
            continue
        # One that is Disconnected and still has its sign-in was disconnected in Xero.
        if row["state"] in ("Paused", "Disconnected") and cured:
            resuming.go_on(row["name"], resuming.after_signing_in(row["name"]))
        elif row["state"] == "Live" and had_trouble:
            resuming.go_on(row["name"], {"state": "Live"})
    frappe.db.commit()


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
    wanted = permissions.wanted(with_user=False)
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
    _renewed(str(name), frappe.session.user, {**token, "scope": token.get("scope") or " ".join(wanted)})
    return str(name)


def organisations(authorisation: str) -> list[dict[str, Any]]:
    """The organisations that this authorisation may connect, as Xero lists them now: `tenantId`, `tenantName`, `id`. Commits."""
    if frappe.db.get_value(AUTHORISATION, authorisation, "grant_type") == "Custom Connection":
        found = organisation.facts(authorisation, "")
        return [{"id": "", "tenantId": found["OrganisationID"], "tenantName": found["Name"], "tenantType": "ORGANISATION"}]
    token = tokens.access_token(authorisation)
    try:
        return oauth.connections(settings.endpoints(), token)
    except oauth.Denied:
        token = tokens.access_token(authorisation, refused=token)
    try:
        return oauth.connections(settings.endpoints(), token)
    except oauth.Denied as error:
        raise tokens.ReconnectNeeded(pauses.token_refused()) from error


def choose(authorisation: str, tenant_id: str, company: str) -> str:
    """Tie a company to one of the authorisation's organisations, one to one. Returns the connection. Commits.

    A company that was connected to the same organisation before gets that connection back with all its links, in the state it had. One that
    is connected to another organisation leaves that one: its connection is retired (connection/leaving), and this one begins anew. While
    documents are linked there, it has to be disconnected first.
    """
    entry = next((each for each in organisations(authorisation) if each["tenantId"] == tenant_id), None)
    if entry is None:
        frappe.throw(_("That organisation is not among those this sign-in may connect"))
    taken = frappe.db.get_value(CONNECTION, {"tenant_id": tenant_id, "company": ("!=", company), "state": ("!=", RETIRED)}, "company")
    if taken:
        known = frappe.has_permission("Company", "read", doc=taken)
        frappe.throw(_("{0} is connected to {1} already").format(html(entry["tenantName"]), html(taken) if known else _("another company")))
    facts = organisation.facts(authorisation, tenant_id)
    base = frappe.get_cached_value("Company", company, "default_currency")
    if facts["BaseCurrency"] != base:
        frappe.throw(
            _("{0} keeps its books in {1}, {2} in {3}: they cannot be connected").format(
                html(company), html(base), html(facts["Name"]), html(facts["BaseCurrency"])
            )
        )
    organisation.refuse_another(company, tenant_id, facts["Name"])
    name = frappe.db.get_value(CONNECTION, {"company": company, "tenant_id": tenant_id}, "name")
    left = _leave_the_former(company, tenant_id)
    doc = frappe.get_doc(CONNECTION, name) if name else frappe.get_doc({"doctype": CONNECTION, "company": company, "state": "Setting Up"})
    back, former_sign_in = doc.state == RETIRED, doc.authorisation
    doc.authorisation, doc.tenant_id, doc.xero_connection_id = authorisation, tenant_id, entry["id"]
    doc.active_company, doc.active_tenant = company, tenant_id
    doc.organisation_name, doc.short_code, doc.base_currency = stored(facts["Name"]), facts["ShortCode"], facts["BaseCurrency"]
    doc.country_code = facts["CountryCode"]
    with write_protection.own_writes():
        doc.save(ignore_permissions=True) if name else doc.insert(ignore_permissions=True)
        if not frappe.db.exists(STATE, doc.name):
            frappe.get_doc({"doctype": STATE, "connection": doc.name, "company": company}).insert(ignore_permissions=True)
    heartbeat.note(doc.name)
    history.connected(doc.name, facts["Name"])
    resuming.go_on(doc.name, leaving.after_retirement(doc.name) if back else resuming.after_signing_in(doc.name))
    for each in (former_sign_in, left):
        leaving.drop_unused(each)
    frappe.db.commit()
    _read_lists(doc, facts, by_hand=True)
    return str(doc.name)


def _leave_the_former(company: str, tenant_id: str) -> str | None:
    """Retire the company's connection to another organisation; the sign-in that it used."""
    filters = {"company": company, "tenant_id": ("!=", tenant_id), "state": ("!=", RETIRED)}
    former = frappe.db.get_value(CONNECTION, filters, ["name", "authorisation"], as_dict=True)
    if not former:
        return None
    leaving.retire(former["name"])
    return former["authorisation"] or None


def refresh(connection: str, by_hand: bool = True) -> xero_lists.Offers:
    """Read the organisation's accounts, tax rates, tracking categories, currencies and lock dates anew, and fill in choices that were never
    made and are beyond doubt. Returns the lists. Where a person asks for it (`by_hand`), what waits for something in Xero is decided anew,
    whether or not the lists show it. Commits."""
    doc = frappe.get_doc(CONNECTION, connection)
    if not doc.authorisation:
        frappe.throw(_("Connect to Xero first"))
    this_site.must_be_this_site(connection)
    return _read_lists(doc, organisation.facts(doc.authorisation, doc.tenant_id), by_hand)


def _read_lists(doc: Any, facts: dict[str, Any], by_hand: bool) -> xero_lists.Offers:
    """The rest of `refresh`, for a connection (`doc`) whose organisation Xero has just described (`facts`)."""
    connection = str(doc.name)
    lists = {path: organisation.listed(doc.authorisation, doc.tenant_id, path) for path in item_codes.paths(item_codes.are_sent(doc))}
    offered = xero_lists.keep(connection, lists, facts, by_hand)
    rounding = next((each["Code"] for each in offered["accounts"] if each["SystemAccount"] == "ROUNDING" and each["Code"]), "")
    if rounding and not doc.rounding_account:
        frappe.db.set_value(CONNECTION, connection, "rounding_account", rounding)
    if by_hand:
        rights.note(connection, rights.observe(doc.authorisation, doc.tenant_id))
    changed_in_xero.tell(connection)
    frappe.db.commit()
    wake_waiting(connection)
    return offered


def resume(connection: str) -> None:
    """A person says that a paused connection may send again, from this site, and that the records that were listed belong to its documents
    (engine/restored). Throws, with what to do, while Xero does not let it. Commits what it learns of the sign-in; the rest is part of the
    caller's transaction."""
    doc = frappe.get_doc(CONNECTION, connection)
    if doc.state != "Paused" and not (doc.state == "Disconnected" and doc.authorisation):
        frappe.throw(_("Only a paused connection can be resumed"))
    if not doc.authorisation:
        frappe.throw(_("Connect to Xero first"))
    _has_what_was_missing(doc)
    tokens.use_here(doc.authorisation)
    organisation.must_be_reached(doc.authorisation, doc.tenant_id)
    restored.confirm(connection)
    frappe.db.set_value(STATE, connection, "fingerprint", settings.fingerprint())
    history.resumed(connection)
    resuming.go_on(connection, {"state": "Live", **resuming.NOTHING_SAID})


def _has_what_was_missing(doc: Any) -> None:
    """Throws where the connection stopped for a permission that its consent still does not give."""
    if doc.reason_code == "scope-missing" and permissions.lacks(doc.name):
        frappe.throw(_("Press Reconnect and give the missing permission at Xero"))


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
