"""Which of the chosen accounts the lines of test transactions are on: one that the company's own documents use, and none that would startle an accountant
(bad debts, depreciation, tax, wages).

A look at the last documents tells what is used, however many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import frappe

from ..suggestions.words import words

Element = dict[str, Any]
# The documents whose lines are counted.
LAST = 200
LINES = {"Sales": ("Sales Invoice", "income_account"), "Purchases": ("Purchase Invoice", "expense_account")}
# Xero's types of accounts (its API, "Accounts") that are kept by a payroll or a register of assets.
TYPES_APART = ("DEPRECIATN", "WAGESEXPENSE", "SUPERANNUATIONEXPENSE")
# ERPNext's account types, and the fields of a company that name an account, of which the same is true.
HOST_TYPES_APART = ("Depreciation", "Tax", "Round Off", "Stock Adjustment", "Temporary")
COMPANY_FIELDS_APART = (
    "write_off_account",
    "round_off_account",
    "exchange_gain_loss_account",
    "unrealized_exchange_gain_loss_account",
    "depreciation_expense_account",
    "disposal_account",
    "default_discount_account",
)
WORDS_APART = frozenset(
    "debt doubtful write depreciation amortisation amortization impairment tax gst vat bas paye payg levy wage salary payroll superannuation kiwisaver"
    " pension interest dividend exchange currency revaluation rounding suspense penalty fine donation disposal gain loss discount".split()
)


def suited(account: Element) -> bool:
    """Whether an account of Xero, an element of its list, is one for a line of goods or services like any other."""
    if account.get("Status") != "ACTIVE" or account.get("SystemAccount") or account.get("Type") in TYPES_APART:
        return False
    return not {each.casefold() for each in words(str(account.get("Name") or ""), "")} & WORDS_APART


def used(company: str) -> dict[str, int]:
    """How many lines of the company's last invoices and bills are on each of its accounts."""
    found: Counter[str] = Counter()
    for doctype, field in LINES.values():
        names = frappe.get_all(doctype, filters={"company": company, "docstatus": 1}, pluck="name", order_by="creation desc", limit=LAST)
        lines = frappe.get_all(f"{doctype} Item", filters={"parent": ("in", names), "parenttype": doctype}, pluck=field) if names else []
        found.update(str(each) for each in lines if each)
    return dict(found)


def apart(company: str) -> set[str]:
    """ERPNext's accounts of the company that no test line is put on."""
    meta = frappe.get_meta("Company")
    fields = [each for each in COMPANY_FIELDS_APART if meta.has_field(each)]
    own = frappe.db.get_value("Company", company, fields, as_dict=True) or {}
    typed = frappe.get_all("Account", filters={"company": company, "account_type": ("in", HOST_TYPES_APART)}, pluck="name")
    return {str(each) for each in (*own.values(), *typed) if each}


def chosen(codes: Mapping[str, str], default: str, wanted: str, lists: Mapping[str, list[Element]], uses: Mapping[str, int]) -> str:
    """The code of the account for test lines of a class ("REVENUE", "EXPENSE"): what the documents use most, else the default, else any that was chosen;
    "" where none is suited. `codes` are Xero's by ERPNext's accounts."""
    known = {str(each["Code"]): each for each in lists["accounts"] if each.get("Class") == wanted and suited(each)}
    counts = Counter({code: 0 for code in [default, *codes.values()] if code in known})
    for host, count in uses.items():
        if (code := codes.get(host) or default) in counts:
            counts[code] += count
    return counts.most_common(1)[0][0] if counts else ""
