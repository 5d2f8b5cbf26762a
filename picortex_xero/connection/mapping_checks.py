"""What the mapping forms check of two accounts besides that Xero has the one: of one class, and where money moves, in one currency."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..accounting import account_classes
from ..engine import screen_texts
from ..engine.screen_texts import html


def must_be_of_class(host_account: str, found: dict[str, Any]) -> None:
    """Throws where a Xero account is of another class than the ERPNext account that is mapped to it."""
    root_type = frappe.get_cached_value("Account", host_account, "root_type") or ""
    if account_classes.differ(root_type, account_classes.class_of(found)):
        said = account_classes.said(host_account, root_type, f"{found['Code']} {found['Name']}", found["Class"])
        frappe.throw(
            _("{0}. Choose another account, or tick Another Class on Purpose if that is what the books need").format(
                html(screen_texts.in_words(said))
            )
        )


def must_move_money(host_account: str, found: dict[str, Any], base_currency: str) -> None:
    """Throws where an ERPNext account is none that payments go to or come from (customers' and suppliers' balances, income), or has another currency
    than the Xero account. Loyalty points are redeemed from an expense account."""
    fields = ["account_type", "root_type", "account_currency"]
    here = frappe.get_cached_value("Account", host_account, fields, as_dict=True) or {}
    if here.get("account_type") in ("Receivable", "Payable") or here.get("root_type") == "Income":
        frappe.throw(
            _("{0} is no account that money is paid into or out of: choose a bank, cash or card account, or a loan").format(
                html(host_account)
            )
        )
    currencies = here.get("account_currency") or base_currency, found["CurrencyCode"] or base_currency
    if currencies[0] != currencies[1]:
        frappe.throw(
            _("{0} is in {1}, the Xero account {2} in {3}: choose an account in {1}").format(
                html(host_account), html(currencies[0]), html(found["Name"]), html(currencies[1])
            )
        )


def takes_what_comes_back(doc: Any, *target: str) -> None:
    """A mark was made for what the row stood for then: it goes where the row stands for something else of Xero's now (`target`: the fields that name it)."""
    before = doc.get_doc_before_save()
    if before and before.takes_what_comes_back and any((before.get(field) or "") != (doc.get(field) or "") for field in target):
        doc.takes_what_comes_back = 0


def takes_it_alone(doc: Any, *target: str) -> None:
    """Of the rows that name one thing of Xero's one takes what comes back: the one that was marked last. Part of the caller's transaction."""
    if not doc.takes_what_comes_back:
        return
    alike = {
        "connection": doc.connection,
        "takes_what_comes_back": 1,
        "name": ("!=", doc.name),
        **{field: doc.get(field) for field in target},
    }
    for name in frappe.get_all(doc.doctype, filters=alike, pluck="name"):
        frappe.db.set_value(doc.doctype, name, "takes_what_comes_back", 0)
