"""The organisation's accounts, tax rates, tracking categories, currencies, locks and, where their codes are sent, items as last read from Xero, and checks of what people choose from them.

They are read when connecting and on request, and stored as JSON on the connection's state row, so that saving a mapping needs no call.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

import frappe
import simplejson
from frappe import _

from ..accounting import tax_types, xero_items
from ..engine import screen_texts, write_protection
from ..engine.clock import now
from ..engine.screen_texts import html
from ..xero.records.xero_element import calendar_date
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
# What else is kept of it: its plan, whether it is Xero's Demo Company, and when its financial year ends.
YEAR_END = ("FinancialYearEndMonth", "FinancialYearEndDay")
ABOUT = ("Class", "IsDemoCompany", *YEAR_END)
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


def keep_year_end(connection: str, month: int, day: int) -> None:
    """Store when the organisation's financial year ends, in lists that were read before that was kept. Part of the caller's transaction."""
    known = stored(connection)
    about = {**(known.get("organisation") or [{}])[0], **dict(zip(YEAR_END, (month, day)))}
    said = simplejson.dumps({**known, "organisation": [about]}, use_decimal=True)
    frappe.db.set_value(STATE, connection, "xero_lists", said, update_modified=False)


def locked_until(connection: str) -> date | None:
    """Until when the books are locked in Xero, as its lists were last read; None where they are not."""
    if not read_at(connection):
        return None
    days = [calendar_date({"Date": day}) for lock in stored(connection).get("locks", []) for day in lock.values()]
    return max((date.fromisoformat(day) for day in days if day), default=None)


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
