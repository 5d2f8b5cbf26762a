"""Payroll and employees: which documents are about single people; nothing of these goes to Xero.

Who may read the accounts in Xero must not see anybody's wage. A document of payroll or with an employee is therefore held whole: no row,
file or note of it is sent, and the messages here name no person and no amount. HRMS marks its journals by a row's reference (Payroll Entry,
Full and Final Statement) and by the party type Employee (observed on HRMS 15.47); other journals are told by what refers to them
(journal_entry/facts.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..accounting.problems import Problem
from ..accounting.texts import _, term
from .identity import Identity

EMPLOYEE = "Employee"
PAYROLL, PERSONAL = "payroll", "employee"
DOCTYPES = ("Journal Entry", "Payment Entry")
# DocTypes of HRMS that documents refer to. Those named after payroll or salaries are payroll's, whatever a later version adds.
OF_PAYROLL = ("Payroll", "Salary", "Additional Salary", "Full and Final", "Gratuity", "Leave Encashment", "Retention Bonus", "Arrear")
OF_EMPLOYEES = ("Employee", "Expense Claim", "Travel Request", "Vehicle Log")


def about(doc: dict[str, Any]) -> str:
    """PAYROLL or PERSONAL where a Journal Entry or Payment Entry says so itself, in any of its rows; "" else."""
    return of_rows([{"party_type": doc.get("party_type")}, *rows_of(doc)])


def rows_of(doc: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a Journal Entry or Payment Entry that may refer to something."""
    return [*(doc.get("accounts") or []), *(doc.get("references") or [])]


def journals_before(doc: dict[str, Any]) -> list[str]:
    """The journals that one reverses or amends. ERPNext's own reversal carries no references of its rows."""
    if doc.get("doctype") == "Payment Entry":
        return []
    return [str(doc[field]) for field in ("reversal_of", "amended_from") if doc.get(field)]


def of_rows(rows: Iterable[dict[str, Any]]) -> str:
    """The same, from rows alone; one such row is enough."""
    found = ""
    for row in rows:
        refers = str(row.get("reference_type") or row.get("reference_doctype") or "")
        if refers.startswith(OF_PAYROLL):
            return PAYROLL
        # "employee" is the accounting dimension that HRMS makes where a company keeps accounts by person.
        if row.get("party_type") == EMPLOYEE or refers.startswith(OF_EMPLOYEES) or row.get("employee"):
            found = PERSONAL
    return found


def may_be(doc: dict[str, Any]) -> bool:
    """Whether a document reverses, amends or settles another one that may be about single people. Until that is known, its amount is not
    written down anywhere."""
    if doc.get("doctype") not in DOCTYPES:
        return False
    refers = any("Journal Entry" in (row.get("reference_type"), row.get("reference_doctype")) for row in rows_of(doc))
    return refers or bool(about(doc)) or bool(journals_before(doc))


SAYS = {
    PAYROLL: _("{doctype} {name} belongs to payroll, and payroll does not go to Xero yet: nothing of it is sent"),
    PERSONAL: _("{doctype} {name} is with an employee, and what concerns single employees does not go to Xero yet: nothing of it is sent"),
}
RECIPES = {
    PAYROLL: _(
        "Nothing is wrong here. In Xero, enter the totals of this payroll by hand as one manual journal without names; once payroll can be switched on, press Retry"
    ),
    PERSONAL: _("Nothing is wrong here. In Xero, enter it by hand with as much of it as everybody with access to Xero may know"),
}


def held(who: Identity, what: str) -> Problem:
    """Why a document waits that is about `what`."""
    code = f"journal-{what}" if who.doctype == "Journal Entry" else "payment-payroll" if what == PAYROLL else "payment-other-party"
    return Problem(code, SAYS[what].format(doctype=term(who.doctype), name=who.name), RECIPES[what], held=True)
