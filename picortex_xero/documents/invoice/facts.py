"""Loads what invoices and bills need besides their own fields: ledger rows, earlier settlements, counter sales. Reads only."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe

from ...accounting.money import ZERO, decimal
from ..base import Books
from ..fact_types import COUNTER_SALES, DISCOUNT_ACCOUNTING, LEDGER, OPEN_AT, SETTLED_BEFORE, Named
from ..facts import Loaders, by_doctype, payment_ledger

DISCOUNT_SETTINGS = {
    "Sales Invoice": ("Selling Settings", "enable_discount_accounting"),
    "Purchase Invoice": ("Buying Settings", "enable_discount_accounting"),
}
FIELDS = ["voucher_no", "account", "debit", "credit", "cost_center", "posting_date", "against_voucher_type"]


def ledger(books: Books, keys: list[Named]) -> dict[Named, list[dict[str, Any]]]:
    """The standing ledger rows of vouchers (`voucher_no` is indexed), amounts in company currency."""
    found: dict[Named, list[dict[str, Any]]] = {key: [] for key in keys}
    for doctype, names in by_doctype(keys):
        filters = {"voucher_type": doctype, "voucher_no": ("in", names), "is_cancelled": 0}
        for row in frappe.get_all("GL Entry", filters=filters, fields=FIELDS, order_by="posting_date asc, creation asc"):
            if (doctype, row["voucher_no"]) in found:
                found[doctype, row["voucher_no"]].append(dict(row))
    return found


def settled_before(books: Books, keys: list[Named]) -> dict[Named, Decimal]:
    """What other vouchers took off documents before the go-live date, in the party account's currency, positive: they are never sent."""
    found = dict.fromkeys(keys, ZERO)
    for doctype, names in by_doctype(keys):
        for row in payment_ledger(doctype, names, ("<", books.go_live_date)):
            if row["voucher_no"] != row["against_voucher_no"] and (doctype, row["against_voucher_no"]) in found:
                found[doctype, row["against_voucher_no"]] -= decimal(row["amount_in_account_currency"])
    return found


def open_at(books: Books, keys: list[tuple[str, str, str]]) -> dict[tuple[str, str, str], Decimal]:
    """What was open of documents at the end of a day: their own rows, with what was paid and written off in them, and those of all that settled them until
    then."""
    found = dict.fromkeys(keys, ZERO)
    for doctype, day in sorted({(doctype, day) for doctype, _name, day in keys}):
        names = [name for each, name, at in keys if (each, at) == (doctype, day)]
        for row in payment_ledger(doctype, names, ("<=", day)):
            found[doctype, row["against_voucher_no"], day] += decimal(row["amount_in_account_currency"])
    return found


def counter_sales(books: Books, keys: list[Named]) -> dict[Named, int]:
    """How many counter sales each of these invoices joins."""
    found = dict.fromkeys(keys, 0)
    for doctype, names in by_doctype(keys):
        filters = {"consolidated_invoice": ("in", names), "docstatus": 1}
        for row in frappe.get_all("POS Invoice", filters=filters, fields=["consolidated_invoice"]):
            if (doctype, row["consolidated_invoice"]) in found:
                found[doctype, row["consolidated_invoice"]] += 1
    return found


def discount_accounting(books: Books, keys: list[str]) -> dict[str, bool]:
    """Whether "Enable Discount Accounting for Selling" is on. ERPNext 15 has no such setting for bills."""
    found = dict.fromkeys(keys, False)
    for doctype, (settings, fieldname) in DISCOUNT_SETTINGS.items():
        if doctype in found and frappe.get_meta(settings).has_field(fieldname):
            found[doctype] = bool(frappe.db.get_single_value(settings, fieldname))
    return found


LOADERS: Loaders = {
    LEDGER: ledger,
    SETTLED_BEFORE: settled_before,
    OPEN_AT: open_at,
    COUNTER_SALES: counter_sales,
    DISCOUNT_ACCOUNTING: discount_accounting,
}
