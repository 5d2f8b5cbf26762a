"""The organisation's accounts, tax rates, tracking categories, currencies, locks and, where their codes are sent, items as last read from Xero, and checks of what people choose from them.

They are read when connecting and on request, and stored as JSON on the connection's state row, so that saving a mapping needs no call.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import frappe
import simplejson
from frappe import _

from ..accounting import account_classes, causes, tax_types, xero_items
from ..accounting.money import decimal
from ..accounting.tax import NO_TAX, fixed_name, part_name, template_key
from ..engine import screen_texts, write_protection
from ..engine.clock import now
from ..engine.screen_texts import html
from ..suggestions.taxes import likeliest_first
from . import new_names

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
    "BankAccountType",
    "BankAccountNumber",
)
RATE_FIELDS = (
    "TaxType",
    "Name",
    "Status",
    "ReportTaxType",
    "EffectiveRate",
    "CanApplyToAssets",
    "CanApplyToEquity",
    "CanApplyToExpenses",
    "CanApplyToLiabilities",
    "CanApplyToRevenue",
    "TaxComponents",
)
# The lists that are read, with what Xero says of the organisation itself.
PATHS = ("Accounts", "TaxRates", "TrackingCategories", "Currencies")
# Read where item codes are sent (item_codes).
ITEMS = "Items"
# Until when the organisation's books are locked (Xero's API, "Organisation"); a date that is not set is not shown.
LOCKS = ("PeriodLockDate", "EndOfYearLockDate")
ABOUT = ("Class", "IsDemoCompany")  # What else is kept of it: its plan, and whether it is Xero's Demo Company.
INVENTORY = "INVENTORY"
# Must stay exactly as Xero and ERPNext spell them.
EXACT = ("xero_account_code", "tax_type", "tax", "tracking_category", "tracking_option", "contact_name")
# Fields of mappings that name something of one company.
OF_A_COMPANY = {"account": "Account", "cost_center": "Cost Center", "item_tax_template": "Item Tax Template"}
Offers = dict[str, list[Any]]


def keep(connection: str, lists: Offers, organisation: dict[str, Any], by_hand: bool = False) -> Offers:
    """Store what Xero listed (by the name of each list) and says of the organisation, update names in the mappings, and let choices follow
    accounts and tracking options that Xero calls otherwise now. The rate in a mapping stays that of the day on which it was saved. `by_hand`:
    a person asked for it. Part of the caller's transaction."""
    xero_lists: Offers = {
        "accounts": [{field: _plain(each.get(field)) for field in ACCOUNT_FIELDS} for each in lists["Accounts"]],
        "tax_rates": [
            {**{field: _plain(each.get(field)) for field in RATE_FIELDS}, "TaxComponents": _dicts(each.get("TaxComponents"))}
            for each in lists["TaxRates"]
        ],
        "tracking": [_category(each) for each in _active(lists["TrackingCategories"])],
        "currencies": sorted(str(each.get("Code")) for each in lists["Currencies"]),
        "locks": [{name: str(organisation.get(name) or "") for name in LOCKS}],
        "organisation": [{name: _plain(organisation.get(name)) for name in ABOUT}],
    }
    if read_at(connection):
        new_names.follow(connection, stored(connection), xero_lists)
    items = {"xero_items": xero_items.kept(lists[ITEMS]) if ITEMS in lists else ""}
    said = {**items, "xero_lists": simplejson.dumps(xero_lists, use_decimal=True), "lists_read_at": now(), "lists_outdated": 0}
    frappe.db.set_value(STATE, connection, {**said, **({"lists_refreshed_at": now()} if by_hand else {})})
    _refresh_mappings(connection, xero_lists)
    return xero_lists


def outdate(connection: str) -> None:
    """Xero's lists are to be read anew before anything is sent. Part of the caller's transaction."""
    frappe.db.set_value(STATE, connection, "lists_outdated", 1, update_modified=False)


def _category(category: dict[str, Any]) -> dict[str, Any]:
    options = _active(category.get("Options"))
    return {
        "Name": category["Name"],
        "CategoryID": _plain(category.get("TrackingCategoryID")),
        "Options": [option["Name"] for option in options],
        "OptionIDs": {option["Name"]: _plain(option.get("TrackingOptionID")) or "" for option in options},
    }


def _plain(value: Any) -> Any:
    """A value of Xero's lists, which are flat; None for anything that is not."""
    return None if isinstance(value, (dict, list)) else value


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _active(named: Any) -> list[dict[str, Any]]:
    """Those that are active and have a name among tracking categories or options."""
    return [each for each in _dicts(named) if each.get("Status") == "ACTIVE" and isinstance(each.get("Name"), str)]


def _refresh_mappings(connection: str, xero_lists: Offers) -> None:
    # A look at Xero is no choice of a person's: `modified` stays, by which a choice that was made anew is known (engine/cures.py).
    rates = {rate["TaxType"]: rate for rate in xero_lists["tax_rates"]}
    for doctype in ("Xero Tax Mapping", "Xero Deduction Mapping"):
        for row in frappe.get_all(doctype, filters={"connection": connection}, fields=["name", "tax_type"]):
            if rate := rates.get(row["tax_type"]):
                frappe.db.set_value(
                    doctype,
                    row["name"],
                    {"xero_tax_name": screen_texts.stored(rate["Name"]), "last_checked": now()},
                    update_modified=False,
                )
    accounts = {account["Code"]: account for account in xero_lists["accounts"] if account["Code"]}
    for row in frappe.get_all("Xero Account Mapping", filters={"connection": connection}, fields=["name", "xero_account_code"]):
        if account := accounts.get(row["xero_account_code"]):
            frappe.db.set_value(
                "Xero Account Mapping",
                row["name"],
                {"xero_account_name": screen_texts.stored(account["Name"]), "last_checked": now()},
                update_modified=False,
            )


def stored(connection: str) -> Offers:
    """The lists as last read. Throws where they were never read."""
    text = frappe.db.get_value(STATE, connection, "xero_lists")
    if not text:
        frappe.throw(_("The organisation's accounts and taxes were not read yet: press Refresh From Xero on the Xero Connection"))
    return dict(json.loads(text))


def read_at(connection: str) -> datetime | None:
    """When the lists were read (UTC)."""
    return frappe.db.get_value(STATE, connection, "lists_read_at")


def takes_lines(account: dict[str, Any]) -> bool:
    """Whether invoice lines may be booked on a Xero account: not on bank accounts, not on accounts receivable and payable, and not on an
    INVENTORY account, which in Xero only tracked items move (Xero's API, "Accounts")."""
    return account["Type"] not in ("BANK", INVENTORY) and account["SystemAccount"] not in ("DEBTORS", "CREDITORS")


def takes_payments(account: dict[str, Any]) -> bool:
    """Whether Xero takes payments on an account: bank accounts, and those with EnablePaymentsToAccount (Xero's API, "Accounts")."""
    return account["Type"] == "BANK" or bool(account["EnablePaymentsToAccount"])


def account(xero_lists: Offers, code: str) -> dict[str, Any]:
    """The active Xero account with this code, if it takes invoice lines; else throws."""
    found = next((each for each in xero_lists["accounts"] if each["Code"] == code), None)
    if not found or found["Status"] != "ACTIVE":
        frappe.throw(
            _(
                "Xero has no active account with the code {0}, as its lists were last read. If it was added there since, press Refresh From Xero on the Xero Connection"
            ).format(html(code))
        )
    if found["Type"] == INVENTORY:
        frappe.throw(
            _(
                "The Xero account {0} {1} is an inventory account, which only Xero's own tracked items may move; choose an ordinary current asset account (make one in Xero, for example Stock, then press Refresh From Xero)"
            ).format(html(code), html(found["Name"]))
        )
    if not takes_lines(found):
        frappe.throw(_("The Xero account {0} {1} takes no invoice lines; choose another one").format(html(code), html(found["Name"])))
    return found


def tax_rate(xero_lists: Offers, tax_type: str) -> dict[str, Any]:
    """The tax rate with this type, if documents may carry it; else throws."""
    found = next((each for each in xero_lists["tax_rates"] if each["TaxType"] == tax_type), None)
    if not found or not tax_types.usable(found):
        frappe.throw(_("Xero has no active tax type {0}").format(html(tax_type)))
    return found


def mapped_tax(xero_lists: Offers, tax_type: str, direction: str, tax: str, account_class: str) -> dict[str, Any]:
    """The tax rate with this type, if it can stand for an ERPNext tax in this direction ("Sales" or "Purchases") and on this class of
    accounts; else throws."""
    found = tax_rate(xero_lists, tax_type)
    if why_not := tax_types.objection(found, direction, tax, account_class):
        frappe.throw(html(screen_texts.in_words(why_not)))
    return found


def tracking(xero_lists: Offers, category: str, option: str) -> None:
    """Throws unless the tracking category has this option."""
    if not any(each["Name"] == category and option in each["Options"] for each in xero_lists["tracking"]):
        frappe.throw(_("Xero has no active tracking option {0} in a category {1}").format(html(option), html(category)))


def payment_account(xero_lists: Offers, code_or_id: str) -> dict[str, Any]:
    """The active account with this id or code, if payments may be made to it (a bank account, or payments enabled); else throws."""
    found = next((each for each in xero_lists["accounts"] if code_or_id in (each["AccountID"], each["Code"])), None)
    if not found or found["Status"] != "ACTIVE":
        frappe.throw(
            _(
                "Xero has no active account {0}, as its lists were last read. If it was added there since, press Refresh From Xero on the Xero Connection"
            ).format(html(code_or_id))
        )
    if not takes_payments(found):
        frappe.throw(
            _("Payments cannot be made to the Xero account {0}: choose a bank account, or enable payments to it in Xero").format(
                html(found["Name"])
            )
        )
    return found


def clearing_account(xero_lists: Offers, code_or_id: str) -> dict[str, Any]:
    """The account through which money passes between two currencies, if it takes both payments and lines, so that it is no bank account;
    else throws."""
    found = payment_account(xero_lists, code_or_id)
    if not found["Code"] or not takes_lines(found):
        frappe.throw(
            _(
                "{0} cannot clear money between currencies: choose an account with a code that is no bank account, with payments enabled"
            ).format(html(found["Name"]))
        )
    return found


def fee_clearing_account(xero_lists: Offers, code_or_id: str, base_currency: str) -> dict[str, Any]:
    """The bank account in base currency through which fees pass, since Xero takes a Spend Money on bank accounts only (Xero's API, "Bank
    Transactions"); else throws."""
    found = payment_account(xero_lists, code_or_id)
    if found["Type"] != "BANK" or (found["CurrencyCode"] or base_currency) != base_currency:
        frappe.throw(_("{0} cannot clear fees: choose a bank account of Xero in {1}").format(html(found["Name"]), html(base_currency)))
    return found


def keep_unique(doc: Any, *key: str) -> None:
    """Set a mapping's `host_key` and company. Throws where the connection has another mapping for the same thing, where that is another company's, or
    the user may not change it."""
    write_protection.same_connection(doc)
    for fieldname in EXACT:
        if why_not := screen_texts.cannot_be_kept(doc.get(fieldname)):
            frappe.throw(why_not)
    # User Permissions filter by company.
    doc.company = frappe.db.get_value("Xero Connection", doc.connection, "company")
    for fieldname, master in OF_A_COMPANY.items():
        company = frappe.db.get_value(master, doc.get(fieldname), "company") if doc.get(fieldname) else None
        if company and company != doc.company:
            said = _("{0} belongs to {1}: choose one of {2}")
            frappe.throw(said.format(html(doc.get(fieldname)), html(company), html(doc.company)))
    doc.host_key = host_key(doc.doctype, doc.connection, *key)
    other = frappe.db.get_value(doc.doctype, {"host_key": doc.host_key}, "name")
    if other and other != doc.name:
        frappe.throw(_("{0} is mapped already").format(html(" / ".join(part for part in key if part))))


def host_key(doctype: str, connection: str, *key: str) -> str:
    """The unique key of the mapping row for what `key` names."""
    return hashlib.sha256("\x1f".join((doctype, connection, *key)).encode()).hexdigest()[:40]


def choices(connection: str) -> dict[str, Any]:
    """Lists of {value, label, description} for the forms: `accounts`, `payment_accounts`, `clearing_accounts`, `bank_accounts`,
    `tax_rates`, `untaxed` (both the likeliest first), `categories`, `options` (by category) and `host_taxes` (ERPNext's taxes). An account has its `kind` besides, and
    `kinds` gives that of ERPNext's root types."""
    offered = stored(connection)
    active = [each for each in offered["accounts"] if each["Status"] == "ACTIVE"]
    rates = likeliest_first(each for each in offered["tax_rates"] if tax_types.usable(each))
    return {
        "accounts": [
            {**_choice(each["Code"], each["Name"], _class_words(each)), "kind": _kind(each)}
            for each in active
            if each["Code"] and takes_lines(each) and not account_classes.moved_by_xero(each)
        ],
        "kinds": account_classes.ROOT_TYPES,
        "payment_accounts": [_choice(each["AccountID"], each["Name"], each["CurrencyCode"]) for each in active if takes_payments(each)],
        "clearing_accounts": [
            _choice(each["AccountID"], each["Name"], each["Code"])
            for each in active
            if each["Code"] and takes_payments(each) and takes_lines(each) and not account_classes.moved_by_xero(each)
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
