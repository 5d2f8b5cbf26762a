"""What the books of a month say on both sides: Xero's chart, what moved there by its trial balance, and what moved here by the account of Xero's that each account stands for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal, half_up
from ..accounting.tax import names_account
from ..connection import xero_lists
from ..incoming.month import XeroAccount, days, movement
from ..xero.client import Request
from . import direct, trial_balance_read
from .trial_balance_read import NotRead

CONNECTION, STEP = "Xero Connection", "Xero Outbox Entry"
SYSTEM = {"Receivable": "DEBTORS", "Payable": "CREDITORS"}
UNSENT = ("Pending", "Held", "Sending", "Unknown", "Needs Attention")


@dataclass(frozen=True)
class MonthBooks:
    """`there` and `here` by id of Xero's account (lower case): what moved, debit positive. `waiting`: documents of the month that are not in Xero yet."""

    accounts: tuple[XeroAccount, ...]
    there: dict[str, Decimal]
    here: dict[str, Decimal]
    waiting: int


def read(connection: str, month: str) -> MonthBooks | NotRead:
    """Read a month (yyyy-mm): three calls. Commits. Raises tokens.Trouble, ValueError."""
    doc = frappe.get_doc(CONNECTION, connection)
    before, first, last = days(month)
    if unasked := trial_balance_read.may_read(doc):
        return unasked
    calls = direct.calls(doc)
    answer = calls(Request("GET", "Organisation"))
    found = answer.data.get("Organisations") if answer.status == 200 and isinstance(answer.data, dict) else None
    organisation = found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}
    held = [trial_balance_read.read(doc, calls, at) for at in (before, last)]
    for each in held:
        if isinstance(each, NotRead):
            return each
    opening, closing = held
    assert isinstance(opening, dict) and isinstance(closing, dict)
    accounts = tuple(
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
    opens_year = int(str(organisation.get("FinancialYearEndMonth") or 0)) % 12 + 1 == int(first[5:7])
    return MonthBooks(
        accounts, movement(opening, closing, accounts, opens_year), _here(doc, accounts, first, last), _waiting(doc, first, last)
    )


def _here(doc: Any, accounts: tuple[XeroAccount, ...], first: str, last: str) -> dict[str, Decimal]:
    """What moved here in the month, by the account of Xero's that each account stands for; what stands for none is left out."""
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
    moved: dict[str, Decimal] = {}
    rows = frappe.db.sql(
        "SELECT `account`, SUM(`debit`)-SUM(`credit`) AS moved FROM `tabGL Entry` WHERE `company`=%(company)s AND `posting_date`>=%(first)s "
        "AND `posting_date`<=%(last)s AND COALESCE(`is_cancelled`, 0)=0 GROUP BY `account` ORDER BY `account`",
        {"company": doc.company, "first": first, "last": last},
        as_dict=True,
    )
    for row in rows:
        if xero_id := stands.get(row["account"], ""):
            moved[xero_id] = moved.get(xero_id, ZERO) + half_up(decimal(row["moved"]))
    return {each: value for each, value in moved.items() if value}


def _waiting(doc: Any, first: str, last: str) -> int:
    mine = {"connection": doc.name, "state": ("in", UNSENT), "posting_date": ("between", [first, last])}
    return int(frappe.db.count(STEP, mine))
