"""What the lists of rules for bank lines call: what they would have caught."""

from __future__ import annotations

from typing import Any

import frappe

from ..reconciling import trying_rules
from ..reconciling.rows import LINE, RULE
from .arguments import asks, count, name, one


def _may_see(company: str) -> None:
    """Throws unless the user may read this company, its rules and bank lines."""
    one("Company", company, "read")
    frappe.has_permission(RULE, "read", throw=True)
    frappe.has_permission(LINE, "read", throw=True)


def _may_see_rule(bank_rule: str, **_arguments: Any) -> None:
    one(RULE, bank_rule, "read")
    frappe.has_permission(LINE, "read", throw=True)


@frappe.whitelist(methods=["GET"])
@asks(_may_see, company=name)
def preview(company: str) -> dict[str, Any]:
    """What each rule of a company would have caught of the lines of the last year, and what people did with them."""
    return trying_rules.preview(company)


@frappe.whitelist(methods=["GET"])
@asks(_may_see_rule, bank_rule=name, start=count)
def caught(bank_rule: str, start: int = 0) -> dict[str, Any]:
    """One page of the lines that a rule holds of."""
    return trying_rules.caught(bank_rule, start)
