"""Connecting: what the buttons of Xero Settings and the Xero Connection call. Only those who may edit connections."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import frappe
from frappe import _

from ..sync import connecting, offers

CONNECTION = "Xero Connection"


def _may_connect() -> None:
    frappe.has_permission(CONNECTION, "create", throw=True)


def _may_change(connection: str) -> None:
    frappe.has_permission(CONNECTION, "write", doc=connection, throw=True)


@frappe.whitelist(methods=["POST"])
def start() -> str:
    """The address at Xero where the admin gives consent."""
    _may_connect()
    return connecting.begin(frappe.session.user)


@frappe.whitelist(methods=["GET"])
def callback(state: str = "", code: str = "", error: str = "") -> None:
    """Where Xero sends the browser back; goes on to choosing the organisation."""
    _may_connect()
    if error or not code:
        frappe.throw(_("Xero did not give access ({0})").format(error or _("no code")))
    authorisation = connecting.finish(frappe.session.user, state, code)
    frappe.local.response["type"] = "redirect"
    frappe.local.response["location"] = "/app/xero-settings?" + urlencode({"authorisation": authorisation})


@frappe.whitelist(methods=["POST"])
def custom_connection(client_id: str, client_secret: str) -> str:
    """Authorise a custom connection by its own id and secret; returns the authorisation."""
    _may_connect()
    return connecting.custom(client_id, client_secret)


@frappe.whitelist(methods=["POST"])
def organisations(authorisation: str) -> list[dict[str, Any]]:
    """The organisations this sign-in may connect."""
    _may_connect()
    return connecting.organisations(authorisation)


@frappe.whitelist(methods=["POST"])
def choose_organisation(authorisation: str, tenant_id: str, company: str) -> str:
    """Tie a company to an organisation; returns the Xero Connection."""
    _may_connect()
    frappe.has_permission("Company", "read", doc=company, throw=True)
    return connecting.choose(authorisation, tenant_id, company)


@frappe.whitelist(methods=["POST"])
def refresh(connection: str) -> dict[str, int]:
    """Read accounts, taxes and tracking anew; returns how many of each."""
    _may_change(connection)
    return {name: len(entries) for name, entries in connecting.refresh(connection).items()}


@frappe.whitelist(methods=["GET", "POST"])
def choices(connection: str) -> dict[str, Any]:
    """What may be chosen in the mapping forms: Xero's accounts, tax types and tracking, and the host's taxes."""
    frappe.has_permission(CONNECTION, "read", doc=connection, throw=True)
    return offers.choices(connection)


@frappe.whitelist(methods=["POST"])
def go_live(connection: str, date: str) -> None:
    """Start sending documents dated `date` or later."""
    _may_change(connection)
    connecting.go_live(connection, date)


@frappe.whitelist(methods=["POST"])
def resume(connection: str) -> None:
    """Let a paused connection send again from this site."""
    _may_change(connection)
    connecting.resume(connection)


@frappe.whitelist(methods=["POST"])
def disconnect(connection: str) -> None:
    """Give the organisation back; nothing that links the books is lost."""
    _may_change(connection)
    connecting.disconnect(connection)
