"""The permissions (OAuth scopes) that Xero is asked for: those of what is switched on, and of these the ones that a consent lacks. A custom
connection has no page at Xero where a person is asked: a token with them is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _

from ..documents import registry
from ..engine.contexts import files_on
from ..engine.screen_texts import html
from ..extras.file_rules import SETTINGS
from ..reports import kinds
from ..xero import oauth, scopes
from . import encryption, organisation, settings, tokens
from .current import RETIRED

AUTHORISATION, CONNECTION = "Xero Authorisation", "Xero Connection"
# What Xero says where the app's page at developer.xero.com does not have a permission (github.com/XeroAPI/xero-mcp-server/issues/209).
NOT_GIVEN = ("invalid_scope", "unauthorized_client")


def wanted(with_user: bool = True) -> list[str]:
    """The permissions to ask for: files only where a connection of this site sends some, changing settings only where one creates
    some, reports only where one reads them."""
    fields = ["name", *SETTINGS, "create_accounts", "create_tracking", "read_trial_balance", "read_reports"]
    connections = frappe.get_all(CONNECTION, filters={"state": ("!=", RETIRED)}, fields=fields)
    creating = any(each["create_accounts"] or each["create_tracking"] for each in connections)
    return scopes.scopes_for(
        registry.scopes(),
        with_user,
        files=any(files_on(each) for each in connections),
        creating=creating,
        reports=_of_reports(connections),
    )


def _of_reports(connections: list[dict[str, Any]]) -> list[str]:
    if any(each["read_reports"] for each in connections):
        return [each.scope for each in kinds.KINDS.values()]
    return [scopes.TRIAL_BALANCE] if any(each["read_trial_balance"] for each in connections) else []


def lacks_any(connection: str, needed: Iterable[str]) -> bool:
    """Whether this connection's consent lacks one of these permissions."""
    authorisation = frappe.db.get_value(CONNECTION, connection, "authorisation")
    granted = frappe.db.get_value(AUTHORISATION, authorisation, "scopes") if authorisation else ""
    return bool(scopes.missing(needed, granted))


def lacks(connection: str) -> list[str]:
    """The permissions that this connection's consent does not give although something is switched on that needs them."""
    authorisation = frappe.db.get_value(CONNECTION, connection, "authorisation")
    if not authorisation:
        return []
    granted = frappe.db.get_value(AUTHORISATION, authorisation, "scopes")
    return scopes.missing(wanted(with_user=not organisation.is_custom(authorisation)), granted)


def of_custom_connection(authorisation: str) -> None:
    """Store a token with all that is wanted, fetched with the custom connection's own id and secret. Throws, with what to do at Xero, where it
    does not give them. Commits."""
    asked = wanted(with_user=False)
    own = encryption.decrypted(frappe.db.get_value(AUTHORISATION, authorisation, "client_encrypted"))
    frappe.db.commit()
    try:
        token = oauth.client_credentials(settings.endpoints(), oauth.App(own["client_id"], own["client_secret"]), asked)
    except oauth.Denied as error:
        if error.code not in NOT_GIVEN:
            raise
        frappe.throw(
            _(
                "The custom connection does not have all that is switched on here. Open it at developer.xero.com, add these permissions, authorise it again, then press Give More Permissions once more: {0}"
            ).format(html(", ".join(asked)))
        )
    tokens.store(authorisation, {**token, "scope": token.get("scope") or " ".join(asked)})
