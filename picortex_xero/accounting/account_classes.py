"""Whether an ERPNext account and a Xero account are of one kind, as the trial balances of both count them.

A wrong class moves profit or the balance sheet although every total agrees: income on an expense account, a loan on a revenue account. Accounts of
the balance sheet may change sides (a tax account that is owed or claimed), so that only profit and loss is told from it, and income from expense.
"""

from __future__ import annotations

from typing import Any

from . import causes
from .problems import Problem
from .terms import inside
from .texts import Text, _

INCOME, EXPENSE, BALANCE = "income", "expense", "balance sheet"
# ERPNext's root types and Xero's classes (its API, "Accounts").
ROOT_TYPES = {"Asset": BALANCE, "Liability": BALANCE, "Equity": BALANCE, "Income": INCOME, "Expense": EXPENSE}
XERO_CLASSES = {"ASSET": BALANCE, "LIABILITY": BALANCE, "EQUITY": BALANCE, "REVENUE": INCOME, "EXPENSE": EXPENSE}

# Xero keeps its rounding among the liabilities; ERPNext books it as an expense.
OF_NO_CLASS = ("ROUNDING",)
# Accounts that Xero moves itself: it refuses them in lines of documents and in manual journals (Xero's API, "Manual Journals"; error E049). GST takes
# tax on imports, ROUNDING and HISTORICAL take lines.
MOVED_BY_XERO = (
    "DEBTORS",
    "CREDITORS",
    "UNPAIDEXPCLM",
    "RETAINEDEARNINGS",
    "BANKCURRENCYGAIN",
    "REALISEDCURRENCYGAIN",
    "UNREALISEDCURRENCYGAIN",
    "TRACKINGTRANSFERS",
)


def moved_by_xero(element: dict[str, Any]) -> bool:
    """Whether Xero moves an account by itself alone."""
    return element.get("SystemAccount") in MOVED_BY_XERO


def class_of(element: dict[str, Any]) -> str:
    """The class of an account as Xero lists it; "" for one that may stand for any."""
    return "" if element.get("SystemAccount") in OF_NO_CLASS else element.get("Class") or ""


def differ(root_type: str, xero_class: str) -> bool:
    """Whether both are known and of another kind."""
    here, there = ROOT_TYPES.get(root_type), XERO_CLASSES.get(xero_class)
    return bool(here and there and here != there)


def said(account: str, root_type: str, code: str, xero_class: str) -> Text:
    """What is said where they differ."""
    return _("{account} is of the class {root_type} in PiCortex, the Xero account {code} of the class {xero_class}").format(
        account=account, root_type=inside(root_type), code=code, xero_class=inside(xero_class)
    )


def objection(account: str, root_type: str, code: str, xero_class: str) -> Problem | None:
    """Why nothing is posted to a Xero account, `code` as people read it (200 Sales), for an ERPNext account that nobody has mapped to another class on
    purpose."""
    if not differ(root_type, xero_class):
        return None
    return Problem(
        "account-other-class",
        said(account, root_type, code, xero_class),
        _("Choose another account for {account} under Accounts in Mapping, or tick Another Class on Purpose there").format(account=account),
        causes=(causes.account(account),),
    )
