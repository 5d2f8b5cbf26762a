"""Further permissions for a custom connection: no person is asked on a page of Xero, so a token with them is fetched."""

from __future__ import annotations

import frappe
from frappe import _

from ..engine.screen_texts import html
from ..xero import oauth
from . import encryption, settings, tokens

AUTHORISATION = "Xero Authorisation"
# What Xero says where the app's page at developer.xero.com does not have a permission (github.com/XeroAPI/xero-mcp-server/issues/209).
NOT_GIVEN = ("invalid_scope", "unauthorized_client")


def of_custom_connection(authorisation: str, wanted: list[str]) -> None:
    """Store a token with all these scopes, fetched with the custom connection's own id and secret. Throws, with what to do at Xero, where it
    does not give them. Commits."""
    own = encryption.decrypted(frappe.db.get_value(AUTHORISATION, authorisation, "client_encrypted"))
    frappe.db.commit()
    try:
        token = oauth.client_credentials(settings.endpoints(), oauth.App(own["client_id"], own["client_secret"]), wanted)
    except oauth.Denied as error:
        if error.code not in NOT_GIVEN:
            raise
        frappe.throw(
            _(
                "The custom connection does not have all that is switched on here. Open it at developer.xero.com, add these permissions, authorise it again, then press Give More Permissions once more: {0}"
            ).format(html(", ".join(wanted)))
        )
    tokens.store(authorisation, {**token, "scope": token.get("scope") or " ".join(wanted)})
