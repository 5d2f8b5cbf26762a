"""A coding in ERPNext: from and to the fields of a row, whether ERPNext can follow it, and the tax that its template says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal
from ..accounting.texts import Text, _
from ..banking.tax_shares import TaxRow
from ..banking.values import BANK_ENTRY, JOURNAL_ENTRY, PAYMENT_ENTRY, Coding
from .plan import CannotBeDone

FIELDS = ("entry", "account", "tax_doctype", "tax_template", "cost_center", "party_type", "party")
ENTRIES = (JOURNAL_ENTRY, BANK_ENTRY, PAYMENT_ENTRY)
SALES, PURCHASE = "Sales Taxes and Charges Template", "Purchase Taxes and Charges Template"
TEMPLATES = {SALES: "Sales Taxes and Charges", PURCHASE: "Purchase Taxes and Charges"}
# Which parties an account of a type is of.
PARTIES = {"Receivable": ("Customer",), "Payable": ("Supplier", "Employee")}
PARTY_TYPES = ("Customer", "Supplier", "Employee")
# What a bill's tax row is that is paid.
IN_TOTAL = ("Total", "Valuation and Total", None, "")


def of_row(row: Mapping[str, Any]) -> Coding:
    """The coding that a row of a DocType (or of a call) has in its fields; a party or tax without its kind counts for nothing."""
    said = {name: str(row.get(name) or "") for name in FIELDS}
    entry = said["entry"] or JOURNAL_ENTRY
    party = bool(said["party_type"] and said["party"])
    tax = bool(said["tax_doctype"] and said["tax_template"]) and entry != PAYMENT_ENTRY
    return Coding(
        said["account"],
        entry,
        said["tax_doctype"] if tax else "",
        said["tax_template"] if tax else "",
        said["cost_center"],
        said["party_type"] if party else "",
        said["party"] if party else "",
    )


def as_row(coding: Coding) -> dict[str, str]:
    """The fields of a row."""
    return {name: getattr(coding, name) for name in FIELDS}


def check(coding: Coding, company: str) -> None:
    """Raises CannotBeDone with what of a coding ERPNext could not follow in this company."""
    if coding.entry not in ENTRIES:
        raise CannotBeDone(_("It is entered as a Journal Entry, a Bank Entry or a Payment Entry"))
    if coding.party and coding.party_type not in PARTY_TYPES:
        raise CannotBeDone(_("The party is a customer, a supplier or an employee"))
    if coding.party and not frappe.db.exists(coding.party_type, coding.party):
        raise CannotBeDone(_("There is no {party}").format(party=coding.party))
    if coding.entry == PAYMENT_ENTRY and not coding.party:
        raise CannotBeDone(_("A Payment Entry wants a party"))
    if coding.account or coding.entry != PAYMENT_ENTRY:
        _account(coding, company)
    if coding.cost_center:
        centre = frappe.db.get_value("Cost Center", coding.cost_center, ["company", "is_group", "disabled"], as_dict=True)
        _usable(coding.cost_center, centre, company)
    if coding.tax_template:
        if coding.tax_doctype not in TEMPLATES:
            raise CannotBeDone(_("The tax is that of a Sales or Purchase Taxes and Charges Template"))
        template = frappe.db.get_value(coding.tax_doctype, coding.tax_template, ["company", "disabled"], as_dict=True)
        _usable(coding.tax_template, template, company)


def _account(coding: Coding, company: str) -> None:
    if not coding.account:
        raise CannotBeDone(_("Choose an account"))
    account = frappe.db.get_value("Account", coding.account, ["company", "is_group", "disabled", "account_type"], as_dict=True)
    _usable(coding.account, account, company)
    if frappe.db.exists("Bank Account", {"account": coding.account, "is_company_account": 1}):
        raise CannotBeDone(
            _("{account} is a bank account of the company: match the line with the other side of the transfer").format(
                account=coding.account
            )
        )
    of_parties = PARTIES.get(str(account["account_type"] or ""), ())
    if of_parties and coding.party_type not in of_parties:
        raise CannotBeDone(_("{account} is an account of parties: choose the party").format(account=coding.account))
    if coding.entry == PAYMENT_ENTRY and not of_parties:
        raise CannotBeDone(_("{account} is no account of parties, so a Payment Entry cannot use it").format(account=coding.account))


def _usable(name: str, row: Mapping[str, Any] | None, company: str) -> None:
    if not row or row["company"] != company:
        raise CannotBeDone(_("{name} is not of {company}").format(name=name, company=company))
    if row.get("is_group") or row.get("disabled"):
        raise CannotBeDone(_("{name} is a group or switched off").format(name=name))


def tax_rows(coding: Coding) -> tuple[TaxRow, ...]:
    """The rows of a coding's tax template."""
    return (
        rows_of([(coding.tax_doctype, coding.tax_template)]).get((coding.tax_doctype, coding.tax_template), ())
        if coding.tax_template
        else ()
    )


def rows_of(templates: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[TaxRow, ...]]:
    """The rows of templates, one statement for each DocType. Those of a bill that are only of the stock's value are nothing: nobody pays them."""
    found: dict[tuple[str, str], tuple[TaxRow, ...]] = {}
    for doctype, child in TEMPLATES.items():
        names = [name for kind, name in templates if kind == doctype]
        bill = doctype == PURCHASE
        fields = [
            "parent",
            "account_head",
            "rate",
            "charge_type",
            "row_id",
            "cost_center",
            *(["category", "add_deduct_tax"] if bill else []),
        ]
        filters = {"parent": ("in", names), "parenttype": doctype}
        for row in frappe.get_all(child, filters=filters, fields=fields, order_by="parent asc, idx asc") if names else []:
            place = str(row["row_id"] or "0")
            made = TaxRow(
                str(row["account_head"]),
                ZERO if bill and row["category"] not in IN_TOTAL else decimal(row["rate"]),
                str(row["charge_type"] or ""),
                int(place) if place.isdigit() else 0,
                bill and row["add_deduct_tax"] == "Deduct",
                str(row["cost_center"] or ""),
            )
            key = (doctype, str(row["parent"]))
            found[key] = (*found.get(key, ()), made)
    return found


def said(coding: Coding) -> Text:
    """What a line is entered as, in a few words."""
    if coding.entry == PAYMENT_ENTRY:
        return _("On account of {party}").format(party=coding.party)
    return _("On {account}").format(account=coding.account)
