"""Payroll and employees: which documents are about single people, and why nothing of them goes to Xero.

A wage is nobody's business who may look into the accounts. Until payroll can be switched on (totals without names), a document that
belongs to payroll or is with an employee is held whole: no row, file or note of it is sent, and what is said here names no person and no
amount. HRMS marks its journals by the reference of a row (Payroll Entry, Full and Final Statement) and by the party Employee (read in its
source, and seen on a bench); a journal that nobody marked is told by what points at it (`journal_entry/facts.py`).
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
    """The same of rows alone. One row decides for all of them."""
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
    """Whether a document may be about single people by another one that it reverses, amends or settles: nothing is noted of its amount before
    that is known."""
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
