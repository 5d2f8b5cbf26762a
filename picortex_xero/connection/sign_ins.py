"""Who sees which sign-in at Xero (Xero Authorisation). It has no company that User Permissions could filter by: whoever signed in sees it,
and whoever may see a connection that uses it. Only whoever signed in picks organisations from it (api/connect)."""

from __future__ import annotations

import frappe

AUTHORISATION, CONNECTION = "Xero Authorisation", "Xero Connection"


def seen_by(user: str) -> set[str]:
    """Names of the sign-ins that this user may see."""
    found = set(frappe.get_all(AUTHORISATION, filters={"user": user}, pluck="name"))
    for row in frappe.get_all(CONNECTION, fields=["name", "authorisation"]):
        if row["authorisation"] and frappe.has_permission(CONNECTION, "read", doc=row["name"], user=user):
            found.add(row["authorisation"])
    return found
