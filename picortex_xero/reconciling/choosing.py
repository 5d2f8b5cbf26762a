"""Vouchers to choose from when a person puts together what a line is about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import decimal
from ..banking.values import Voucher
from . import other_vouchers
from .books import ITS
from .rows import BILL, JOURNAL, PAYMENT, SALE


def like(company: str, bank_account: str, text: str, comes_in: bool, most: int) -> list[Voucher]:
    """Open documents of the line's direction and what is entered on its account, whose number or party has this text in it; the newest first, at most so many of each kind."""
    account = str(frappe.db.get_value("Bank Account", bank_account, "account") or "")
    values = {"company": company, "text": f"%{text}%", "most": most, "account": account}
    found = []
    for doctype in (SALE, BILL):
        found += _open(doctype, comes_in, values)
    if not comes_in:
        found += other_vouchers.claims(company, date.min, date.max, f"%{text}%", most)
    return found + _payments(bank_account, comes_in, values) + _journals(bank_account, comes_in, values)


def _open(doctype: str, comes_in: bool, values: dict[str, Any]) -> list[Voucher]:
    party, title, _reference, party_type = ITS[doctype]
    # Money in pays a sale, or a note of a supplier; money out the other way round.
    sign = ">" if comes_in == (doctype == SALE) else "<"
    rows = frappe.db.sql(
        f"SELECT `name`, `{title}` AS `title`, `posting_date`, `outstanding_amount`, `party_account_currency` FROM `tab{doctype}` WHERE `company`=%(company)s AND `docstatus`=1 "
        f"AND `outstanding_amount`{sign}0 AND (`name` LIKE %(text)s OR `{party}` LIKE %(text)s OR `{title}` LIKE %(text)s) ORDER BY `posting_date` DESC, `name` DESC LIMIT %(most)s",
        values,
        as_dict=True,
    )
    signed = 1 if doctype == SALE else -1
    return [
        _voucher(
            doctype,
            each["name"],
            party_type,
            each["title"],
            each["posting_date"],
            signed * decimal(each["outstanding_amount"]),
            each["party_account_currency"],
        )
        for each in rows
    ]


def _payments(bank_account: str, comes_in: bool, values: dict[str, Any]) -> list[Voucher]:
    side, amount = ("to", "received_amount") if comes_in else ("from", "paid_amount")
    rows = frappe.db.sql(
        f"SELECT `name`, `party_type`, `party_name`, `posting_date`, `{amount}` AS `amount`, `paid_{side}_account_currency` AS `currency` FROM `tabPayment Entry` "
        f"WHERE `company`=%(company)s AND `docstatus`=1 AND `clearance_date` IS NULL AND `paid_{side}`=%(account)s "
        "AND (`name` LIKE %(text)s OR `party` LIKE %(text)s OR `party_name` LIKE %(text)s OR `reference_no` LIKE %(text)s) ORDER BY `posting_date` DESC, `name` DESC LIMIT %(most)s",
        values,
        as_dict=True,
    )
    sign = 1 if comes_in else -1
    return [
        _voucher(
            PAYMENT,
            each["name"],
            each["party_type"] or "",
            each["party_name"] or "",
            each["posting_date"],
            sign * decimal(each["amount"]),
            each["currency"],
            bank_account,
        )
        for each in rows
    ]


def _journals(bank_account: str, comes_in: bool, values: dict[str, Any]) -> list[Voucher]:
    sign = ">" if comes_in else "<"
    rows = frappe.db.sql(
        "SELECT journal.`name`, journal.`posting_date`, MAX(COALESCE(journal.`pay_to_recd_from`, '')) AS `title`, MAX(part.`account_currency`) AS `currency`, "
        "SUM(part.`debit_in_account_currency`-part.`credit_in_account_currency`) AS `moved` FROM `tabJournal Entry` journal "
        "JOIN `tabJournal Entry Account` part ON part.`parent`=journal.`name` AND part.`account`=%(account)s "
        "WHERE journal.`company`=%(company)s AND journal.`docstatus`=1 AND journal.`clearance_date` IS NULL AND journal.`voucher_type`!='Opening Entry' "
        "AND (journal.`name` LIKE %(text)s OR journal.`cheque_no` LIKE %(text)s OR journal.`user_remark` LIKE %(text)s) "
        f"GROUP BY journal.`name`, journal.`posting_date` HAVING `moved`{sign}0 ORDER BY journal.`posting_date` DESC, journal.`name` DESC LIMIT %(most)s",
        values,
        as_dict=True,
    )
    return [
        _voucher(JOURNAL, each["name"], "", each["title"], each["posting_date"], decimal(each["moved"]), each["currency"], bank_account)
        for each in rows
    ]


def _voucher(
    doctype: str, name: str, party_type: str, title: str, day: date, amount: Decimal, currency: str, bank_account: str = ""
) -> Voucher:
    return Voucher(doctype, str(name), party_type, title or "", day, amount, str(currency or ""), bank_account=bank_account)
