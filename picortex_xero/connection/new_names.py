"""Choices follow what Xero calls otherwise now: an account with another code, a tracking category or option with another name.

Choices are stored as people read them, by code and name. Two readings of Xero's lists tell by its ids what was renamed between them; what is
gone keeps its former code or name, and is then held when something is sent with it (documents/still_in_xero).
"""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.texts import Text, _
from ..engine import log, screen_texts

Lists = dict[str, list[dict[str, Any]]]
# Fields that hold an account's code. Accounts of payments are stored by their ids.
OF_CONNECTION = (
    "default_sales_account",
    "default_purchase_account",
    "rounding_account",
    "advance_account_sales",
    "advance_account_purchases",
    "clearing_account_code",
)


def follow(connection: str, before: Lists, after: Lists) -> None:
    """Let mappings and the choices on the connection follow, and say so in the history. Part of the caller's transaction."""
    codes = recoded(before, after)
    options = renamed(before, after)
    if not codes and not options:
        return
    company = frappe.db.get_value("Xero Connection", connection, "company")
    mappings = frappe.get_all("Xero Account Mapping", filters={"connection": connection}, fields=["name", "xero_account_code"])
    for row in mappings:
        if code := codes.get(row["xero_account_code"]):
            frappe.db.set_value("Xero Account Mapping", row["name"], "xero_account_code", code)
    chosen = frappe.db.get_value("Xero Connection", connection, list(OF_CONNECTION), as_dict=True)
    if moved := {field: codes[code] for field, code in chosen.items() if code in codes}:
        frappe.db.set_value("Xero Connection", connection, moved)
    fields = ["name", "tracking_category", "tracking_option"]
    for row in frappe.get_all("Xero Tracking Mapping", filters={"connection": connection}, fields=fields):
        if option := options.get((row["tracking_category"], row["tracking_option"])):
            values = {"tracking_category": option[0], "tracking_option": option[1]}
            if not any(screen_texts.cannot_be_kept(value) for value in option):
                frappe.db.set_value("Xero Tracking Mapping", row["name"], values)
    said: list[Text] = [
        _("In Xero the account {old} has the code {new} now; what is mapped to it follows").format(old=old, new=new)
        for old, new in codes.items()
    ]
    for (category, named), (new_category, new_named) in options.items():
        what = _(
            "In Xero the tracking option {category}: {option} is called {new_category}: {new_option} now; what is mapped to it follows"
        )
        said.append(what.format(category=category, option=named, new_category=new_category, new_option=new_named))
    for text in said:
        log.write(connection, company, None, "Mapping", text)


def recoded(before: Lists, after: Lists) -> dict[str, str]:
    """New codes of accounts, by the code before. One that lost its code is not followed."""
    codes = {each["AccountID"]: each["Code"] for each in after["accounts"]}
    now = {each["Code"]: codes.get(each["AccountID"]) for each in before["accounts"] if each["Code"]}
    return {old: new for old, new in now.items() if new and new != old}


def renamed(before: Lists, after: Lists) -> dict[tuple[str, str], tuple[str, str]]:
    """New (category, option) by those before. Lists that a former release stored have no ids: nothing is known of them."""
    now = {
        (category.get("CategoryID"), xero_id): (category["Name"], option)
        for category in after["tracking"]
        for option, xero_id in (category.get("OptionIDs") or {}).items()
        if xero_id
    }
    found = {
        (category["Name"], option): now.get((category.get("CategoryID"), xero_id))
        for category in before["tracking"]
        for option, xero_id in (category.get("OptionIDs") or {}).items()
        if xero_id
    }
    return {old: new for old, new in found.items() if new and new != old}
