"""Whether opening invoices and bills may go to Xero as they were open at a date: not while Xero's receivables or payables hold an amount there that no
open document of Xero's explains, since whoever entered it as a whole would then be owed twice. And what else stood on accounts that day, for the
accountant to enter: banks and other balances are never posted.

One read of the trial balance, and the lists of what was open. Calls of engine/direct; nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal, half_up
from ..accounting.texts import NONE, Text, _, amount, day
from ..connection import periods, xero_lists
from ..documents.history import explained
from ..documents.history.explained import Open
from ..xero import trial_balance
from ..xero.answers import Answer
from . import direct, open_documents, openings, trial_balance_read

CONNECTION = "Xero Connection"
# How Xero marks its own two accounts (Xero's API, "Accounts": SystemAccount).
RECEIVABLES, PAYABLES = "DEBTORS", "CREDITORS"
PARTIES = ("Receivable", "Payable")


@dataclass(frozen=True)
class Balance:
    """An account of the company at the end of the day: what it holds here (debit positive, company currency), the code and name of the account in Xero that
    it is mapped to ("" for none), and what that one holds there; None where it is not mapped."""

    account: str
    here: Decimal
    code: str = ""
    name: str = ""
    there: Decimal | None = None


@dataclass(frozen=True)
class Check:
    """What was found. `refused`: why opening documents may not go, and `cure`; NONE where they may. `balances`: all accounts but receivables and
    payables, whose documents go. `asks`: only the permission at Xero is missing;
    `unmapped`: the account here that is to be mapped first, "" where none is."""

    at: str
    refused: Text = NONE
    cure: Text = NONE
    receivables: Decimal = ZERO
    payables: Decimal = ZERO
    balances: tuple[Balance, ...] = field(default=())
    asks: bool = False
    unmapped: str = ""


def check(connection: str, at: str) -> Check:
    """Read Xero and compare; `at`: the day, yyyy-mm-dd. Commits. Raises tokens.Trouble."""
    doc = frappe.get_doc(CONNECTION, connection)
    closed = periods.of(doc).closed_until
    if at <= closed:
        return _refused(
            at,
            _("The books are closed until {closed}, and the balances are those of {day}").format(closed=day(closed), day=day(at)),
            _("Choose a day after {closed}").format(closed=day(closed)),
        )
    account = openings.account_of(doc.company)
    if not frappe.db.exists("Xero Account Mapping", {"connection": connection, "account": account}):
        return Check(
            at,
            _("{account}, which opening balances are booked on, has no account in Xero").format(account=account),
            _("Map {account} under Accounts in Mapping: Xero calls its own account for that Historical Adjustment").format(account=account),
            unmapped=account,
        )
    if unasked := trial_balance_read.may_read(doc):
        return _not_read(at, unasked)
    calls = direct.calls(doc)
    held = trial_balance_read.read(doc, calls, at)
    if isinstance(held, trial_balance_read.NotRead):
        return _not_read(at, held)
    try:
        shown = explained.open_in_xero(open_documents.read(calls, at), at, doc.base_currency or "")
    except open_documents.NoAnswer as error:
        return _no_answer(at, error.answer)
    return _judged(doc, at, held, shown)


def _judged(doc: Any, at: str, held: trial_balance.Balances, shown: Open) -> Check:
    """What the balances and the open documents say together."""
    accounts = xero_lists.stored(doc.name)["accounts"]
    control = {each.get("SystemAccount"): each for each in accounts if each.get("SystemAccount") in (RECEIVABLES, PAYABLES)}
    receivables, payables = (
        held.get(str((control.get(kind) or {}).get("AccountID") or "").lower(), ZERO) for kind in (RECEIVABLES, PAYABLES)
    )
    found = Check(at, receivables=receivables, payables=-payables, balances=tuple(_balances(doc, at, held, accounts)))
    sides = (
        (RECEIVABLES, found.receivables, shown.receivables, _("invoices")),
        (PAYABLES, found.payables, shown.payables, _("bills")),
    )
    for kind, holds, explains, what in sides:
        left = explained.unexplained(holds, explains, shown.converted)
        if left:
            return Check(
                at,
                _(
                    "{account} in Xero holds {currency} {held} on {day}, and the documents that are open there explain {explained}: {left} is left"
                ).format(
                    account=(control.get(kind) or {}).get("Name") or kind,
                    currency=doc.base_currency,
                    held=amount(holds),
                    day=day(at),
                    explained=amount(explains),
                    left=amount(left),
                ),
                _(
                    "Ask the accountant to take that balance out in Xero (Settings, Conversion balances): opening {what} from here would come on top of it. Then press Check Again"
                ).format(what=what),
                found.receivables,
                found.payables,
                found.balances,
            )
    return found


def _balances(doc: Any, at: str, held: trial_balance.Balances, accounts: list[dict[str, Any]]) -> Iterator[Balance]:
    """What the company's other accounts held at the end of the day. Income and expenses of the year are among them."""
    rows = frappe.db.sql(
        "SELECT `account`, SUM(`debit`)-SUM(`credit`) AS held FROM `tabGL Entry` WHERE `company`=%(company)s AND `posting_date`<=%(at)s "
        "AND COALESCE(`is_cancelled`, 0)=0 GROUP BY `account` ORDER BY `account`",
        {"company": doc.company, "at": at},
        as_dict=True,
    )
    parties = set(frappe.get_all("Account", filters={"company": doc.company, "account_type": ("in", PARTIES)}, pluck="name"))
    by_code = {each["Code"]: each for each in accounts if each["Code"]}
    by_id = {each["AccountID"]: each for each in accounts}
    mapped = {
        row["account"]: by_code.get(row["xero_account_code"])
        for row in frappe.get_all("Xero Account Mapping", filters={"connection": doc.name}, fields=["account", "xero_account_code"])
    } | {
        row["account"]: by_id.get(row["xero_account_id"])
        for row in frappe.get_all("Xero Payment Mapping", filters={"connection": doc.name}, fields=["account", "xero_account_id"])
    }
    for row in rows:
        here = half_up(decimal(row["held"]))
        if here and row["account"] not in parties:
            theirs = mapped.get(row["account"])
            there = held.get(theirs["AccountID"].lower(), ZERO) if theirs else None
            yield Balance(row["account"], here, (theirs or {}).get("Code") or "", (theirs or {}).get("Name") or "", there)


def _not_read(at: str, why: trial_balance_read.NotRead) -> Check:
    return Check(at, why.why, why.cure, asks=why.asks)


def _refused(at: str, why: Text, cure: Text) -> Check:
    return Check(at, why, cure)


def _no_answer(at: str, answer: Answer) -> Check:
    return _refused(
        at,
        _("Xero does not answer ({said})").format(said=str(answer.status or answer.failure)),
        _("Nothing was changed. Press Check Again in a moment"),
    )
