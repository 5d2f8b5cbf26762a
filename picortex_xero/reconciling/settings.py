"""What a company chose for the matching of its bank lines (Xero Bank Setting). A company without a row matches nothing: nothing of the app runs for it."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.money import decimal
from ..accounting.texts import _
from ..banking.values import SURE, Settings
from ..engine.screen_texts import html, in_words
from .rows import OFF, SETTING

# The company's accounts for what is left over, and which of ERPNext's own stands in for one that is not chosen.
ACCOUNTS = {"fee_account": "", "write_off_account": "write_off_account", "discount_account": "default_discount_account"}
LOWEST, HIGHEST = 61, 100


def of(company: str) -> Any:
    """The row of a company; None where it has none."""
    row = frappe.db.get_value(SETTING, {"company": company}, "*", as_dict=True)
    return row or None


def companies() -> list[str]:
    """The companies whose lines are matched."""
    return [str(each) for each in frappe.get_all(SETTING, filters={"enabled": 1}, pluck="company", order_by="company asc")]


def of_matching(row: Any) -> Settings:
    """As the matching takes them."""
    return Settings(int(row.automatic_from or SURE), decimal(row.cents))


def accounts(row: Any) -> dict[str, str]:
    """The accounts for what is left over, by the field's name; "" where neither the row nor the company has one."""
    found = {}
    for name, of_company in ACCOUNTS.items():
        instead = frappe.get_cached_value("Company", row.company, of_company) if of_company else ""
        found[name] = row.get(name) or instead or ""
    return found


def check(doc: Any) -> None:
    """Throws where a Xero Bank Setting could not be followed: an account of another company, a score below what is ever sure."""
    for name in (*ACCOUNTS, "cost_center"):
        doctype = "Cost Center" if name == "cost_center" else "Account"
        if doc.get(name) and frappe.db.get_value(doctype, doc.get(name), "company") != doc.company:
            frappe.throw(html(in_words(_("{account} is no account of {company}").format(account=doc.get(name), company=doc.company))))
    doc.automatic = doc.automatic or OFF
    doc.automatic_from = int(doc.automatic_from or SURE)
    if not LOWEST <= doc.automatic_from <= HIGHEST:
        frappe.throw(
            html(
                in_words(
                    _("A match is made without a person from a score between {lowest} and {highest} on").format(
                        lowest=LOWEST, highest=HIGHEST
                    )
                )
            )
        )
    if decimal(doc.cents) < 0 or decimal(doc.write_off_up_to) < 0:
        frappe.throw(html(in_words(_("An amount that may be written off is not negative"))))
