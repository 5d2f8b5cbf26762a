"""The site's own facts: the registered app, Xero's addresses, the instance id and the fingerprint."""

from __future__ import annotations

import hashlib

import frappe
from frappe import _
from frappe.utils import get_url

from ..engine import reserved
from ..xero.hidden import Hidden
from ..xero.oauth import App, Endpoints
from . import secrets

DOCTYPE, CONNECTION = "Xero Settings", "Xero Connection"
CALLBACK = "/api/method/picortex_xero.api.connect.callback"


def endpoints() -> Endpoints:
    """Xero's addresses; `xero_endpoints` in site_config.json replaces them (only the sandbox does)."""
    return Endpoints(**(frappe.conf.get("xero_endpoints") or {}))


def app() -> App:
    """The app the customer registered at Xero, with its secret in clear for the token endpoint."""
    secret = secrets.unseal(frappe.db.get_single_value(DOCTYPE, "client_secret_encrypted")).get("client_secret", "")
    return App(frappe.db.get_single_value(DOCTYPE, "client_id") or "", secret, redirect_uri())


def redirect_uri() -> str:
    """The callback address, byte for byte what must be registered at Xero."""
    return get_url(CALLBACK)


def instance_id() -> str:
    """The random id made at install that marks what this site sent."""
    return frappe.db.get_single_value(DOCTYPE, "instance_id") or ""


def fingerprint() -> str:
    """Instance, site and database in one hash: a restored backup or a staging clone has another one."""
    parts = (instance_id(), frappe.local.site, str(frappe.conf.get("db_name") or ""), str(frappe.conf.get("db_host") or ""))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def keep_secret(secret: str) -> None:
    """Keep the registered app's secret, encrypted. Part of the caller's transaction."""
    doc = frappe.get_doc(DOCTYPE)
    doc.client_secret_encrypted = secrets.seal({"client_secret": Hidden(secret.strip())})
    with reserved.own_writes():
        doc.save(ignore_permissions=True)


def only_for_every_company() -> None:
    """Throws unless the user may change every connection: the app at Xero serves them all."""
    if not all(frappe.has_permission(CONNECTION, "write", doc=name) for name in frappe.get_all(CONNECTION, pluck="name")):
        frappe.throw(
            _("The app at Xero serves companies that you may not see: somebody who may change all their connections has to do this"),
            exc=frappe.PermissionError,
        )
