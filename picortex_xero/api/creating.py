"""What the mapping screen calls to create an account or a tracking option in Xero: what it would be is shown first, nothing is forced, and nothing is
created while the switch for it on the Xero Connection is off."""

from __future__ import annotations

from typing import Any

import frappe

from ..connection import new_in_xero
from .arguments import asks, name, one, text

CONNECTION = "Xero Connection"


def _may_read(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "read")
    frappe.has_permission("Xero Creation", "read", throw=True)


def _may_change(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "write")


@frappe.whitelist(methods=["GET"])
@asks(_may_read, connection=name, account=name)
def proposed_account(connection: str, account: str) -> dict[str, Any]:
    """The account that could be created in Xero for one of ERPNext's: `on` (the switch), `why_not`, `code`, `name`, `type`, `tax_type`, `types` and
    `tax_types` to choose from."""
    return new_in_xero.proposed_account(connection, account)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, account=name, code=text, account_name=text, account_type=text, tax_type=text)
def create_account(connection: str, account: str, code: str, account_name: str, account_type: str, tax_type: str) -> dict[str, Any]:
    """Create the account in Xero as it was shown, and map ERPNext's account to it: `code`, `name`, `was_there` (found in Xero, not created) and
    `hint` (what is left to do)."""
    return new_in_xero.create_account(connection, account, code.strip(), account_name.strip(), account_type, tax_type)


@frappe.whitelist(methods=["GET"])
@asks(_may_read, connection=name, cost_center=name)
def proposed_option(connection: str, cost_center: str) -> dict[str, Any]:
    """The tracking option that could be created in Xero for a cost centre: `on`, `why_not`, `name`, `categories` (each with how many active options
    it has, and whether it is full) and `hint`."""
    return new_in_xero.proposed_option(connection, cost_center)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, cost_center=name, category=text, option=text)
def create_option(connection: str, cost_center: str, category: str, option: str) -> dict[str, Any]:
    """Create the option in Xero as it was shown, and map the cost centre to it: `category`, `option`, `was_there` and `hint`."""
    return new_in_xero.create_option(connection, cost_center, category, option.strip())
