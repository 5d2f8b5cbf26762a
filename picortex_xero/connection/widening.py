"""Give More Permissions: what was switched on since somebody consented, and nothing else."""

from __future__ import annotations

import frappe
from frappe import _

from ..xero import scopes
from . import connecting, organisation, permissions, this_site

AUTHORISATION, CONNECTION = "Xero Authorisation", "Xero Connection"


def more_permissions(user: str, connection: str) -> str:
    """Ask Xero for what this connection's consent lacks, and for nothing else; the address at Xero to open. A custom connection has no such
    page: it gets a token with them, "" is returned, and where Xero refuses, what has to be changed there is said. Commits for those."""
    doc = frappe.get_doc(CONNECTION, connection)
    if not doc.authorisation:
        frappe.throw(_("Connect to Xero first"))
    if organisation.is_custom(doc.authorisation):
        this_site.must_be_this_site(connection)
        permissions.of_custom_connection(doc.authorisation)
        return ""
    granted = frappe.db.get_value(AUTHORISATION, doc.authorisation, "scopes")
    # Xero refuses for want of a permission that we take as given: it was taken back there.
    lost = doc.reason_code == "scope-missing"
    return connecting.begin(user, None if lost else scopes.additional(permissions.wanted(), granted))
