"""Vouchers besides payments and journals that ERPNext lets a bank line be linked with, where they moved money on a bank account themselves: invoices paid on the spot, bills and expense claims that are paid
already, what is lent and paid back. And expense claims that are still to be paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal
from ..banking.values import Voucher
from .rows import BILL, CLAIM, LOANS, SALE

_LINKED = "erpnext.accounts.doctype.bank_transaction.bank_transaction.get_doctypes_for_bank_reconciliation"
# Of each the party's column, its kind ("" where a column says it), the other side's number.
_OF: dict[str, tuple[str, str, str]] = {
    SALE: ("customer", "Customer", "po_no"),
    BILL: ("supplier", "Supplier", "bill_no"),
    CLAIM: ("employee", "Employee", ""),
    **dict.fromkeys(LOANS, ("applicant", "", "reference_number")),
}
# An invoice keeps its clearance with each payment inside it.
_CLEARED_INSIDE = "EXISTS (SELECT 1 FROM `tabSales Invoice Payment` paid WHERE paid.`parent`=voucher.`name` AND paid.`parenttype`='Sales Invoice' AND paid.`clearance_date` IS NULL)"


def linkable() -> list[str]:
    """Those of them that ERPNext and the other apps of this site let a line be linked with."""
    return [each for each in frappe.get_attr(_LINKED)() if each in _OF and there(each)]


def there(doctype: str) -> bool:
    """Whether the site has this DocType."""
    return bool(frappe.db.exists("DocType", doctype))


def moved(
    company: str, accounts: Mapping[str, Mapping[str, Any]], first: date, last: date, taken: Mapping[tuple[str, str, str], Decimal]
) -> list[Voucher]:
    """What such vouchers moved on the company's bank accounts (by ledger account) and no line has cleared; one statement for each DocType."""
    found = []
    for doctype in linkable():
        party, party_type, reference = _OF[doctype]
        kind = f"'{party_type}'" if party_type else "voucher.`applicant_type`"
        number = f"MAX(voucher.`{reference}`)" if reference else "''"
        open_ = _CLEARED_INSIDE if doctype == SALE else "voucher.`clearance_date` IS NULL"
        rows = frappe.db.sql(
            f"SELECT ledger.`voucher_no`, ledger.`account`, MIN(ledger.`posting_date`) AS `day`, MAX(voucher.`{party}`) AS `party`, MAX({kind}) AS `party_type`, {number} AS `reference`, "
            "SUM(ledger.`debit_in_account_currency`-ledger.`credit_in_account_currency`) AS `moved`, "
            "SUM(ABS(ledger.`debit_in_account_currency`-ledger.`credit_in_account_currency`)) AS `turned` "
            f"FROM `tabGL Entry` ledger JOIN `tab{doctype}` voucher ON voucher.`name`=ledger.`voucher_no` AND voucher.`docstatus`=1 "
            "WHERE ledger.`voucher_type`=%(doctype)s AND ledger.`account` IN %(accounts)s AND ledger.`company`=%(company)s AND ledger.`is_cancelled`=0 "
            f"AND ledger.`posting_date` BETWEEN %(first)s AND %(last)s AND {open_} GROUP BY ledger.`voucher_no`, ledger.`account`",
            {"doctype": doctype, "accounts": tuple(accounts), "company": company, "first": first, "last": last},
            as_dict=True,
        )
        for each in rows:
            amount = decimal(each["moved"])
            left = abs(amount) - taken.get((doctype, str(each["voucher_no"]), str(each["account"])), ZERO)
            # What moved one account both ways ERPNext adds up.
            if amount == ZERO or abs(amount) != decimal(each["turned"]) or left <= ZERO:
                continue
            account = accounts[str(each["account"])]
            found.append(
                Voucher(
                    doctype,
                    str(each["voucher_no"]),
                    str(each["party_type"] or ""),
                    str(each["party"] or ""),
                    each["day"],
                    left if amount > ZERO else -left,
                    str(account["currency"]),
                    abs(amount),
                    reference=str(each["reference"] or ""),
                    bank_account=str(account["name"]),
                )
            )
    return found


# What is sanctioned, with its taxes, less advances and what was reimbursed: as HRMS has it (get_outstanding_amount_for_claim).
OUTSTANDING = "COALESCE(`total_sanctioned_amount`, 0)+COALESCE(`total_taxes_and_charges`, 0)-COALESCE(`total_amount_reimbursed`, 0)-COALESCE(`total_advance_amount`, 0)"


def claims(company: str, first: date, last: date, text: str = "%", most: int = 1_000_000) -> list[Voucher]:
    """Approved expense claims that are still to be paid, whose number or employee is like this, the newest first; [] without HRMS. They are in the company's currency."""
    if not there(CLAIM):
        return []
    rows = frappe.db.sql(
        f"SELECT `name`, `employee`, `employee_name`, `posting_date`, {OUTSTANDING} AS `outstanding`, COALESCE(`total_sanctioned_amount`, 0)+COALESCE(`total_taxes_and_charges`, 0) AS `total` "
        "FROM `tabExpense Claim` WHERE `company`=%(company)s AND `docstatus`=1 AND `approval_status`='Approved' AND `is_paid`=0 AND `posting_date` BETWEEN %(first)s AND %(last)s "
        f"AND {OUTSTANDING}>0 AND (`name` LIKE %(text)s OR `employee_name` LIKE %(text)s) ORDER BY `posting_date` DESC, `name` DESC LIMIT %(most)s",
        {"company": company, "first": first, "last": last, "text": text, "most": most},
        as_dict=True,
    )
    currency = str(frappe.get_cached_value("Company", company, "default_currency"))
    return [
        Voucher(
            CLAIM,
            str(each["name"]),
            "Employee",
            str(each["employee"]),
            each["posting_date"],
            -decimal(each["outstanding"]),
            currency,
            decimal(each["total"]),
        )
        for each in rows
    ]
