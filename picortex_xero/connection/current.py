"""Which connection is a company's: the one that is not retired. Retired ones say what is in organisations that the company has left."""

from __future__ import annotations

import frappe

from ..engine.screen_texts import shown

CONNECTION = "Xero Connection"
RETIRED = "Retired"
# Documents are noted and shown as they would go; no request that writes leaves for the organisation.
WATCH_ONLY = "Watch Only"


def of_company(company: str) -> str | None:
    """The company's connection; None where it has none."""
    found = frappe.db.get_value(CONNECTION, {"company": company, "state": ("!=", RETIRED)}, "name")
    return str(found) if found else None


def watches_only(connection: str) -> bool:
    """Whether this connection only watches now."""
    return bool(frappe.db.get_value(CONNECTION, connection, "state") == WATCH_ONLY)


def organisation_is_watched(tenant_id: str) -> bool:
    """Whether the connection to this organisation only watches: it is then read, and nothing is written there."""
    return bool(tenant_id) and bool(frappe.db.exists(CONNECTION, {"tenant_id": tenant_id, "state": WATCH_ONLY}))


def seen() -> list[dict[str, str]]:
    """The connections in use that this user may see: `name`, `company`, `organisation`, `state`."""
    fields = ["name", "company", "organisation_name", "state"]
    rows = frappe.get_all(CONNECTION, filters={"state": ("!=", RETIRED)}, fields=fields, order_by="company asc")
    return [
        {"name": row["name"], "company": row["company"], "organisation": shown(row["organisation_name"]), "state": row["state"]}
        for row in rows
        if frappe.has_permission(CONNECTION, "read", doc=row["name"])
    ]


def former_of_company(company: str) -> list[str]:
    """The company's retired connections, the latest first."""
    return list(frappe.get_all(CONNECTION, filters={"company": company, "state": RETIRED}, pluck="name", order_by="modified desc"))
