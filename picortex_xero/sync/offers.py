"""What the organisation offers - accounts, tax rates, tracking - as last read, and checks of what people choose from it.

Read from Xero when connecting and on request, kept as text on the connection's state row, so that saving a mapping needs no call.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import frappe
import simplejson
from frappe import _

from .clock import now

STATE = "Xero Connection State"
ACCOUNT_FIELDS = (
    "AccountID",
    "Code",
    "Name",
    "Type",
    "Class",
    "TaxType",
    "Status",
    "SystemAccount",
    "EnablePaymentsToAccount",
    "CurrencyCode",
)
RATE_FIELDS = (
    "TaxType",
    "Name",
    "Status",
    "EffectiveRate",
    "CanApplyToAssets",
    "CanApplyToEquity",
    "CanApplyToExpenses",
    "CanApplyToLiabilities",
    "CanApplyToRevenue",
)
Offers = dict[str, list[dict[str, Any]]]


def keep(connection: str, accounts: list[dict[str, Any]], rates: list[dict[str, Any]], categories: list[dict[str, Any]]) -> Offers:
    """Store what Xero listed, and bring names and rates of the mappings up to date. Part of the caller's transaction."""
    offers: Offers = {
        "accounts": [{field: each.get(field) for field in ACCOUNT_FIELDS} for each in accounts],
        "tax_rates": [{field: each.get(field) for field in RATE_FIELDS} for each in rates],
        "tracking": [
            {"Name": each["Name"], "Options": [option["Name"] for option in each.get("Options") or [] if option.get("Status") == "ACTIVE"]}
            for each in categories
            if each.get("Status") == "ACTIVE"
        ],
    }
    frappe.db.set_value(STATE, connection, {"xero_lists": simplejson.dumps(offers, use_decimal=True), "lists_read_at": now()})
    _refresh_mappings(connection, offers)
    return offers


def _refresh_mappings(connection: str, offers: Offers) -> None:
    rates = {rate["TaxType"]: rate for rate in offers["tax_rates"]}
    for row in frappe.get_all("Xero Tax Mapping", filters={"connection": connection}, fields=["name", "tax_type"]):
        if rate := rates.get(row["tax_type"]):
            frappe.db.set_value(
                "Xero Tax Mapping", row["name"], {"xero_rate": rate["EffectiveRate"], "xero_tax_name": rate["Name"], "last_checked": now()}
            )
    accounts = {account["Code"]: account for account in offers["accounts"] if account["Code"]}
    for row in frappe.get_all("Xero Account Mapping", filters={"connection": connection}, fields=["name", "xero_account_code"]):
        if account := accounts.get(row["xero_account_code"]):
            frappe.db.set_value("Xero Account Mapping", row["name"], {"xero_account_name": account["Name"], "last_checked": now()})


def stored(connection: str) -> Offers:
    """The lists as last read. Throws where they never were."""
    text = frappe.db.get_value(STATE, connection, "xero_lists")
    if not text:
        frappe.throw(_("The organisation's accounts and taxes were not read yet: press Refresh From Xero on the Xero Connection"))
    return dict(json.loads(text))


def read_at(connection: str) -> datetime | None:
    """When the lists were read (UTC)."""
    return frappe.db.get_value(STATE, connection, "lists_read_at")


def account(offers: Offers, code: str) -> dict[str, Any]:
    """The active Xero account with this code that takes invoice lines. Throws."""
    found = next((each for each in offers["accounts"] if each["Code"] == code), None)
    if not found or found["Status"] != "ACTIVE":
        frappe.throw(_("Xero has no active account with the code {0}").format(code))
    if found["Type"] == "BANK" or found["SystemAccount"] in ("DEBTORS", "CREDITORS"):
        frappe.throw(_("The Xero account {0} {1} takes no invoice lines; choose another one").format(code, found["Name"]))
    return found


def tax_rate(offers: Offers, tax_type: str) -> dict[str, Any]:
    """The active tax rate with this type. Throws."""
    found = next((each for each in offers["tax_rates"] if each["TaxType"] == tax_type), None)
    if not found or found["Status"] != "ACTIVE":
        frappe.throw(_("Xero has no active tax type {0}").format(tax_type))
    return found


def tracking(offers: Offers, category: str, option: str) -> None:
    """Throws unless the category has this option."""
    if not any(each["Name"] == category and option in each["Options"] for each in offers["tracking"]):
        frappe.throw(_("Xero has no active tracking option {0} in a category {1}").format(option, category))


def payment_account(offers: Offers, code_or_id: str) -> dict[str, Any]:
    """The active account with this id or code that payments may be made to (a bank account, or payments enabled). Throws."""
    found = next((each for each in offers["accounts"] if code_or_id in (each["AccountID"], each["Code"])), None)
    if not found or found["Status"] != "ACTIVE":
        frappe.throw(_("Xero has no active account {0}").format(code_or_id))
    if found["Type"] != "BANK" and not found["EnablePaymentsToAccount"]:
        frappe.throw(
            _("Payments cannot be made to the Xero account {0}: choose a bank account, or enable payments to it in Xero").format(
                found["Name"]
            )
        )
    return found


def keep_unique(doc: Any, *key: str) -> None:
    """Set a mapping's `host_key`; throws where the connection has another mapping for the same thing."""
    doc.host_key = hashlib.sha256("\x1f".join((doc.doctype, doc.connection, *key)).encode()).hexdigest()[:40]
    other = frappe.db.get_value(doc.doctype, {"host_key": doc.host_key}, "name")
    if other and other != doc.name:
        frappe.throw(_("{0} is mapped already").format(" / ".join(part for part in key if part)))
