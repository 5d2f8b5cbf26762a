"""Which documents of this site are about payroll or employees: by their own rows, and by what points at them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..documents import payroll as people
from ..documents.payroll import DOCTYPES, EMPLOYEE, PAYROLL, PERSONAL, about, journals_before, of_rows, rows_of
from ..engine import outbox
from ..engine.outbox import Row

JOURNAL, ROW, PAYMENT = "Journal Entry", "Journal Entry Account", "Payment Entry"
# Fields of HRMS that name the journal of a salary.
NAMING = (("Salary Slip", "journal_entry"), ("Salary Withholding Cycle", "journal_entry"))


def held(row: Row, doc: dict[str, Any]) -> Problem | None:
    """Why a step of this document waits: the document is about payroll or an employee. The step then shows no amount either."""
    what = kind_of(doc)
    if not what:
        return None
    if row.get("amount"):
        outbox.note(row, amount=0, currency="")
    return people.held(doc, what)


def kind_of(doc: dict[str, Any]) -> str:
    """`people.PAYROLL`, `people.PERSONAL` or ""; of the document as the host has it now."""
    if doc.get("doctype") not in DOCTYPES:
        return ""
    if own := about(doc):
        return own
    rows = rows_of(doc)
    if doc["doctype"] == JOURNAL and (_named(doc["name"]) or _on_payroll_account(doc.get("company") or "", rows)):
        return PAYROLL
    if _is_an_employee(doc.get("pay_to_recd_from")):
        return PERSONAL
    return _by_others([*journals_before(doc), *_journals(rows)], {doc["name"]} if doc["doctype"] == JOURNAL else set())


def concerns(doctype: str, name: str) -> bool:
    """Whether the document of this name is about payroll or an employee; one that is gone says nothing any more."""
    if doctype not in DOCTYPES or not frappe.db.exists(doctype, name):
        return False
    return bool(kind_of(dict(frappe.get_doc(doctype, name).as_dict())))


def _by_others(names: list[str], seen: set[str]) -> str:
    """What the journals are about that a document reverses, amends or settles, and those that these do."""
    while fresh := sorted(set(names) - seen):
        seen |= set(fresh)
        fields = ["parent", "account", "party_type", "reference_type", "reference_name"]
        rows = frappe.get_all(ROW, filters={"parent": ("in", fresh)}, fields=fields)
        if what := of_rows(rows):
            return what
        heads = frappe.get_all(JOURNAL, filters={"name": ("in", fresh)}, fields=["name", "company", "reversal_of", "amended_from"])
        for head in heads:
            if _named(head["name"]) or _on_payroll_account(head["company"] or "", [row for row in rows if row["parent"] == head["name"]]):
                return PAYROLL
        names = [*(name for head in heads for name in journals_before(head)), *_journals(rows)]
    return ""


def _journals(rows: Iterable[dict[str, Any]]) -> list[str]:
    """The journals that rows refer to."""
    return [
        row["reference_name"]
        for row in rows
        if JOURNAL in (row.get("reference_type"), row.get("reference_doctype")) and row.get("reference_name")
    ]


def _named(journal: str) -> bool:
    """Whether a salary slip says that this is its journal."""
    return any(frappe.db.table_exists(doctype) and frappe.db.exists(doctype, {field: journal}) for doctype, field in NAMING)


def _is_an_employee(name: Any) -> bool:
    """Whether money typed as paid to somebody is paid to an employee by name."""
    said = " ".join(str(name or "").split())
    return bool(said) and frappe.db.table_exists(EMPLOYEE) and bool(frappe.db.exists(EMPLOYEE, {"employee_name": said}))


def _on_payroll_account(company: str, rows: list[dict[str, Any]]) -> bool:
    """Whether a row on the account that payroll owes wages on refers to anything at all: only wages are settled there, by whom one by one."""
    named = {row.get("account") for row in rows if row.get("reference_name")}
    return bool(named & _payroll_accounts(company)) if named else False


def _payroll_accounts(company: str) -> set[str]:
    found = set()
    if frappe.get_meta("Company").has_field("default_payroll_payable_account"):
        found.add(frappe.get_cached_value("Company", company, "default_payroll_payable_account"))
    if frappe.db.table_exists("Payroll Entry"):
        found |= set(frappe.get_all("Payroll Entry", filters={"company": company}, pluck="payroll_payable_account", distinct=True))
    return found - {None, ""}
