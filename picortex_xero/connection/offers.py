"""What the forms and the mapping page offer to choose from: Xero's lists as last read, and ERPNext's taxes."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..accounting import account_classes, causes, tax_types
from ..accounting.money import decimal
from ..accounting.tax import NO_TAX, fixed_name, part_name, template_key
from ..suggestions.taxes import likeliest_first
from . import xero_lists


def choices(connection: str) -> dict[str, Any]:
    """Lists of {value, label, description} for the forms: `accounts`, `payment_accounts`, `clearing_accounts`, `bank_accounts`,
    `tax_rates`, `untaxed` (both the likeliest first), `categories`, `options` (by category) and `host_taxes` (ERPNext's taxes). An account has its `kind` besides, and
    `kinds` gives that of ERPNext's root types."""
    offered = xero_lists.stored(connection)
    active = [each for each in offered["accounts"] if each["Status"] == "ACTIVE"]
    rates = likeliest_first(each for each in offered["tax_rates"] if tax_types.usable(each))
    return {
        "accounts": [
            {**_choice(each["Code"], each["Name"], _class_words(each)), "kind": _kind(each)}
            for each in active
            if each["Code"] and xero_lists.takes_lines(each) and not account_classes.moved_by_xero(each)
        ],
        "kinds": account_classes.ROOT_TYPES,
        "payment_accounts": [
            _choice(each["AccountID"], each["Name"], each["CurrencyCode"]) for each in active if xero_lists.takes_payments(each)
        ],
        "clearing_accounts": [
            _choice(each["AccountID"], each["Name"], each["Code"])
            for each in active
            if each["Code"] and xero_lists.takes_payments(each) and xero_lists.takes_lines(each) and not account_classes.moved_by_xero(each)
        ],
        "bank_accounts": [_choice(each["AccountID"], each["Name"], each["CurrencyCode"]) for each in active if each["Type"] == "BANK"],
        "tax_rates": [_choice(each["TaxType"], each["Name"], _rate_words(each)) for each in rates],
        "untaxed": [_choice(each["TaxType"], each["Name"], "") for each in rates if not each["EffectiveRate"]],
        "categories": [_choice(each["Name"], "", "") for each in offered["tracking"]],
        "options": {each["Name"]: [_choice(option, "", "") for option in each["Options"]] for each in offered["tracking"]},
        "host_taxes": [_choice(key, "", "") for key in _host_taxes(connection)],
    }


def _kind(element: dict[str, Any]) -> str:
    """Income, expense or balance sheet; "" for an account that may stand for any."""
    return account_classes.XERO_CLASSES.get(account_classes.class_of(element), "")


def _class_words(element: dict[str, Any]) -> str:
    """As the tabs of Xero's chart of accounts have it."""
    words = {"ASSET": _("Assets"), "LIABILITY": _("Liabilities"), "EQUITY": _("Equity"), "REVENUE": _("Revenue"), "EXPENSE": _("Expenses")}
    return str(words.get(element["Class"] or "", element["Class"] or ""))


def _rate_words(rate: dict[str, Any]) -> str:
    words = f"{rate['EffectiveRate']} %"
    return f"{words}, not shown on documents" if tax_types.listed(rate).shows_zero else words


def _choice(value: str, label: str, description: str | None) -> dict[str, str]:
    return {"value": value, "label": f"{label} ({value})" if label else value, "description": description or ""}


def _host_taxes(connection: str) -> list[str]:
    """The taxes that the company's templates put on a line, alone and together, by their tax keys (accounting/tax), for each tax account its
    fixed amount, and what documents wait for: a tax that somebody typed is in no template."""
    company = frappe.db.get_value("Xero Connection", connection, "company")
    waited_for = frappe.get_all("Xero Step Cause", filters={"connection": connection, "kind": causes.TAX}, pluck="cause_key")
    keys, accounts = {NO_TAX, *filter(None, (causes.parts(causes.Cause(causes.TAX, key))[1] for key in waited_for))}, set()
    item_templates = _item_templates(company)
    for rates in item_templates:
        keys |= {part_name(account, decimal(rate)) for account, rate in rates.items() if rate != "N/A"}
        accounts |= set(rates)
    for direction in ("Sales", "Purchase"):
        for rows in _template_rows(direction, company):
            keys |= {template_key(rows, rates) for rates in ({}, *item_templates)}
            keys |= {part_name(row["account_head"], decimal(row["rate"])) for row in rows if row["charge_type"] != "Actual"}
            accounts |= {row["account_head"] for row in rows if direction == "Purchase"}
    return sorted(keys | {fixed_name(account) for account in accounts})


def _template_rows(direction: str, company: str) -> list[list[dict[str, Any]]]:
    """The rows of each Sales or Purchase Taxes and Charges Template of the company, in order."""
    fields = ["parent", "charge_type", "row_id", "account_head", "rate"] + ["add_deduct_tax"] * (direction == "Purchase")
    names = frappe.get_all(f"{direction} Taxes and Charges Template", filters={"company": company}, pluck="name")
    rows = frappe.get_all(f"{direction} Taxes and Charges", filters={"parent": ("in", names)}, fields=fields, order_by="idx asc")
    return [[row for row in rows if row["parent"] == name] for name in names]


def _item_templates(company: str) -> list[dict[str, Any]]:
    """{account: rate in per cent} of each of the company's item tax templates."""
    names = frappe.get_all("Item Tax Template", filters={"company": company}, pluck="name")
    rows = frappe.get_all("Item Tax Template Detail", filters={"parent": ("in", names)}, fields=["parent", "tax_type", "tax_rate"])
    return [{row["tax_type"]: row["tax_rate"] for row in rows if row["parent"] == name} for name in names]
