"""What the books of a month say on both sides: Xero's chart, what moved there by its trial balance, and what moved here by the account of Xero's that each account stands for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal, half_up
from ..accounting.tax import names_account
from ..connection import xero_lists
from ..documents.journal_entry.facts import of_months
from ..documents.journal_entry.rows import EXCHANGE_TYPES
from ..documents.settlement.document_in_xero import UNAPPROVED
from ..incoming.month import XeroAccount, days, movement
from ..xero.client import Request
from ..xero.records.base import GONE
from . import day_calls, direct, trial_balance_read
from .trial_balance_read import NotRead

CONNECTION, STEP = "Xero Connection", "Xero Outbox Entry"
SYSTEM = {"Receivable": "DEBTORS", "Payable": "CREDITORS"}
# What ERPNext books of an invoice that moves stock, beside what is sold.
STOCK = ("Stock", "Cost of Goods Sold")
UNSENT = ("Pending", "Held", "Sending", "Unknown", "Needs Attention")


@dataclass(frozen=True)
class MonthBooks:
    """`there` and `here` by id of Xero's account (lower case): what moved, debit positive; `here`: of vouchers that are in Xero, `apart`: of all others here.
    `waiting`: documents of the month that are not in Xero yet."""

    accounts: tuple[XeroAccount, ...]
    there: dict[str, Decimal]
    here: dict[str, Decimal]
    apart: dict[str, Decimal]
    waiting: int


def read(connection: str, month: str) -> MonthBooks | NotRead:
    """Read a month (yyyy-mm): three calls. Commits. Raises tokens.Trouble, ValueError."""
    doc = frappe.get_doc(CONNECTION, connection)
    before, first, last = days(month)
    if unasked := trial_balance_read.may_read(doc):
        return unasked
    calls = direct.calls(doc)
    answer = calls(Request("GET", "Organisation"))
    day_calls.REPORTING.spend(connection, 1)
    found = answer.data.get("Organisations") if answer.status == 200 and isinstance(answer.data, dict) else None
    organisation = found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}
    held = [trial_balance_read.read(doc, calls, at) for at in (before, last)]
    for each in held:
        if isinstance(each, NotRead):
            return each
    opening, closing = held
    assert isinstance(opening, dict) and isinstance(closing, dict)
    accounts = chart(connection)
    opens_year = int(str(organisation.get("FinancialYearEndMonth") or 0)) % 12 + 1 == int(first[5:7])
    here, apart = _here(doc, accounts, first, last)
    return MonthBooks(accounts, movement(opening, closing, accounts, opens_year), here, apart, _waiting(doc, first, last))


def chart(connection: str) -> tuple[XeroAccount, ...]:
    """Xero's accounts, as its lists were last read. Throws where they never were."""
    return tuple(
        XeroAccount(
            each["AccountID"].lower(),
            each["Code"] or "",
            each["Name"] or "",
            each["Type"] or "",
            each["Class"] or "",
            each["SystemAccount"] or "",
        )
        for each in xero_lists.stored(connection)["accounts"]
    )


def stands_for(doc: Any, accounts: tuple[XeroAccount, ...]) -> dict[str, str]:
    """By account here the id of Xero's account that it stands for, "" or no entry where it stands for none: as it is mapped, and receivables, payables and taxes by what they are."""
    by_code = {each.code.upper(): each.xero_id for each in accounts if each.code}
    by_system = {each.system: each.xero_id for each in accounts if each.system}
    stands: dict[str, str] = {}
    rows = frappe.get_all("Xero Account Mapping", filters={"connection": doc.name}, fields=["account", "xero_account_code"])
    stands |= {row["account"]: by_code.get(str(row["xero_account_code"]).upper(), "") for row in rows}
    rows = frappe.get_all("Xero Payment Mapping", filters={"connection": doc.name}, fields=["account", "xero_account_id"])
    stands |= {row["account"]: str(row["xero_account_id"]).lower() for row in rows}
    taxes = frappe.get_all("Xero Tax Mapping", filters={"connection": doc.name}, pluck="tax")
    hosts = frappe.get_all("Account", filters={"company": doc.company, "is_group": 0}, fields=["name", "account_type"])
    for host in hosts:
        if host["account_type"] in SYSTEM:
            stands[host["name"]] = by_system.get(SYSTEM[host["account_type"]], "")
        elif host["name"] not in stands and any(names_account(key, host["name"]) for key in taxes):
            stands[host["name"]] = by_system.get("GST", "")
    return stands


def _here(doc: Any, accounts: tuple[XeroAccount, ...], first: str, last: str) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """What moved here in the month, of vouchers that are in Xero and of the others, by the account of Xero's that each account stands for; what stands for none is left out."""
    stands = stands_for(doc, accounts)
    hosts = frappe.get_all("Account", filters={"company": doc.company, "is_group": 0}, fields=["name", "account_type"])
    stock = [host["name"] for host in hosts if host["account_type"] in STOCK]
    moved: tuple[dict[str, Decimal], dict[str, Decimal]] = ({}, {})
    for row in _ledger(doc, first, last, stock):
        if xero_id := stands.get(row["account"], ""):
            side = moved[0 if row["in_xero"] else 1]
            side[xero_id] = side.get(xero_id, ZERO) + half_up(decimal(row["moved"]))
    here, apart = ({each: value for each, value in side.items() if value} for side in moved)
    return here, apart


def _ledger(doc: Any, first: str, last: str, stock: list[str]) -> list[dict[str, Any]]:
    """By account, and whether its vouchers are in Xero: what moved. In Xero is what a record stands for that is booked there, what a summary of a day's cash counts, what was
    made of a month of Xero's, and what Xero works out itself of rates. Xero has neither the closing of a year here nor the cost of what was sold from stock."""
    return list(
        frappe.db.sql(
            "SELECT `account`, `in_xero`, SUM(`moved`) AS moved FROM (SELECT g.`account`, g.`debit`-g.`credit` AS moved, CASE WHEN "
            "EXISTS(SELECT 1 FROM `tabXero Link` l WHERE l.`connection`=%(connection)s AND l.`reference_doctype`=g.`voucher_type` "
            "AND l.`reference_name`=g.`voucher_no` AND COALESCE(l.`remote_status`, '') NOT IN %(not_booked)s) "
            "OR EXISTS(SELECT 1 FROM `tabXero Cash Summary Row` c JOIN `tabXero Cash Summary` s ON s.`name`=c.`parent` AND s.`docstatus`=1 "
            "WHERE s.`connection`=%(connection)s AND c.`reference_doctype`=g.`voucher_type` AND c.`reference_name`=g.`voucher_no`) "
            "OR (g.`voucher_type`='Journal Entry' AND (g.`voucher_no` IN %(of_months)s OR EXISTS(SELECT 1 FROM `tabJournal Entry` j "
            "WHERE j.`name`=g.`voucher_no` AND j.`voucher_type` IN %(rates)s))) THEN 1 ELSE 0 END AS in_xero "
            "FROM `tabGL Entry` g WHERE g.`company`=%(company)s AND g.`posting_date`>=%(first)s AND g.`posting_date`<=%(last)s "
            "AND COALESCE(g.`is_cancelled`, 0)=0 AND g.`voucher_type`<>'Period Closing Voucher' "
            "AND NOT (g.`voucher_type`='Sales Invoice' AND g.`account` IN %(stock)s)) moves GROUP BY `account`, `in_xero` ORDER BY `account`, `in_xero`",
            {
                "connection": doc.name,
                "company": doc.company,
                "first": first,
                "last": last,
                "not_booked": (*GONE, *UNAPPROVED),
                "of_months": (*sorted(of_months(doc.name)), ""),
                "rates": EXCHANGE_TYPES,
                "stock": (*stock, ""),
            },
            as_dict=True,
        )
    )


def _waiting(doc: Any, first: str, last: str) -> int:
    mine = {"connection": doc.name, "state": ("in", UNSENT), "posting_date": ("between", [first, last])}
    return int(frappe.db.count(STEP, mine))
