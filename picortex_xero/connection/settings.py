"""What the whole site shares: the app registered at Xero, Xero's addresses, the instance id and the fingerprint."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.utils import get_url

from ..engine import write_protection
from ..xero.oauth import App, Endpoints
from ..xero.secret_text import SecretText
from . import encryption

DOCTYPE, CONNECTION = "Xero Settings", "Xero Connection"
CALLBACK = "/api/method/picortex_xero.api.connect.callback"
WEBHOOK = "/api/method/picortex_xero.api.webhook.receive"


def endpoints() -> Endpoints:
    """Xero's addresses; `xero_endpoints` in site_config.json replaces them (only the sandbox sets it)."""
    return Endpoints(**(frappe.conf.get("xero_endpoints") or {}))


def app() -> App:
    """The app that the customer registered at Xero, with its secret in clear for the token endpoint."""
    secret = encryption.decrypted(frappe.db.get_single_value(DOCTYPE, "client_secret_encrypted")).get("client_secret", "")
    return App(frappe.db.get_single_value(DOCTYPE, "client_id") or "", secret, redirect_uri())


def redirect_uri() -> str:
    """The callback address, exactly as it must be registered at Xero."""
    return get_url(CALLBACK)


def webhook_address() -> str:
    """The delivery URL of the webhook, to be entered at Xero."""
    return get_url(WEBHOOK)


def webhook_key() -> str:
    """The key with which Xero signs what it tells the webhook; "" where none was entered. Raises encryption.Unreadable."""
    return str(encryption.decrypted(frappe.db.get_single_value(DOCTYPE, "webhook_key_encrypted")).get("webhook_key", ""))


def refused_address() -> str:
    """Why Xero would not take the callback address, in the reader's language; "" where it does: https, or http on this very machine (Xero's developer
    documentation, "OAuth 2.0 overview")."""
    address = urlsplit(redirect_uri())
    if address.scheme == "https" or (address.scheme == "http" and address.hostname == "localhost"):
        return ""
    return _(
        "Xero takes https addresses only (or http://localhost, for trying out), and this site calls itself {0}. Set host_name in site_config.json to its https address, or have the proxy say so in X-Forwarded-Proto; then load this page again"
    ).format(redirect_uri())


def instance_id() -> str:
    """The random id, made at install, that marks what this site sent."""
    return frappe.db.get_single_value(DOCTYPE, "instance_id") or ""


def fingerprint() -> str:
    """One hash of instance, site and database: a restored backup or a copy of the site has another one."""
    return fingerprint_with(instance_id())


def fingerprint_with(instance: str) -> str:
    """The same with another id than this site's own: what it was when it still had that one."""
    parts = (instance, frappe.local.site, str(frappe.conf.get("db_name") or ""), str(frappe.conf.get("db_host") or ""))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def is_this_site(connection: str) -> bool:
    """Whether this site is the one that went live with the connection. A copy under another name must neither send nor renew tokens: the
    original would lose its sign-in."""
    return frappe.db.get_value("Xero Connection State", connection, "fingerprint") == fingerprint()


def is_another_site(connection: str) -> bool:
    """Whether the connection has gone live on another site than this one."""
    known = frappe.db.get_value("Xero Connection State", connection, "fingerprint")
    return bool(known) and known != fingerprint()


def sign_in_is_elsewhere(authorisation: str) -> bool:
    """Whether a sign-in at Xero belongs to another site, of which this one is a copy. One of a former release, which did not note the site,
    belongs to where a connection went live that uses it."""
    site = frappe.db.get_value("Xero Authorisation", authorisation, "site")
    if site:
        return bool(site != fingerprint())
    connections = frappe.get_all(CONNECTION, filters={"authorisation": authorisation}, pluck="name")
    live_at = {frappe.db.get_value("Xero Connection State", each, "fingerprint") for each in connections} - {None, ""}
    return bool(live_at) and fingerprint() not in live_at


def keep_secret(secret: str) -> None:
    """Store the registered app's secret, encrypted. Part of the caller's transaction."""
    _keep("client_secret", secret)


def keep_webhook_key(key: str) -> None:
    """Store the key of the app's webhook, encrypted. Part of the caller's transaction."""
    _keep("webhook_key", key)


def _keep(name: str, secret: str) -> None:
    doc = frappe.get_doc(DOCTYPE)
    doc.set(f"{name}_encrypted", encryption.encrypted({name: SecretText(secret.strip())}))
    with write_protection.own_writes():
        doc.save(ignore_permissions=True)


def only_for_every_company() -> None:
    """Throws unless the user may connect every company, since all of them use the one registered app."""
    if not all(frappe.has_permission(CONNECTION, "create", doc=name) for name in frappe.get_all(CONNECTION, pluck="name")):
        frappe.throw(
            _("The app at Xero serves companies that you may not see: somebody who may connect them all has to do this"),
            exc=frappe.PermissionError,
        )
