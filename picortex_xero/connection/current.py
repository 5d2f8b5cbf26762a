"""Which connection is a company's: the one that is not retired. Retired ones say what is in organisations that the company has left."""

from __future__ import annotations

import frappe

CONNECTION = "Xero Connection"
RETIRED = "Retired"


def of_company(company: str) -> str | None:
    """The company's connection; None where it has none."""
    found = frappe.db.get_value(CONNECTION, {"company": company, "state": ("!=", RETIRED)}, "name")
    return str(found) if found else None


def former_of_company(company: str) -> list[str]:
    """The company's retired connections, the latest first."""
    return list(frappe.get_all(CONNECTION, filters={"company": company, "state": RETIRED}, pluck="name", order_by="modified desc"))
