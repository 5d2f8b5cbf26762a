"""Loads what journals need besides their own fields: account types, exchange accounts, and which journals are about payroll or single
employees.

Reads only. Payroll is told by a journal's own rows, by what it refers to, and by what refers to it."""

from __future__ import annotations

import json
from collections.abc import Iterable

import frappe

from ..base import Books, Doc
from ..fact_types import PRIVATE, Named
from ..facts import AT_ONCE, Loaders, by_doctype
from ..payroll import DOCTYPES as MAY_BE_PRIVATE
from ..payroll import EMPLOYEE, PAYROLL, PERSONAL, journals_before, of_rows
from .read_journal import ACCOUNT, EXCHANGE_ACCOUNT, XEROS_OWN

JOURNAL, PAYMENT = "Journal Entry", "Payment Entry"
ROWS = {JOURNAL: "Journal Entry Account", PAYMENT: "Payment Entry Reference"}
# Rows of months that were compared by Xero's trial balance (inbound/month_proposal.py).
MONTHS, TRIAL_BALANCE = "Xero Incoming Record", "Reports/TrialBalance"
HEAD = ("company", "party_type", "reversal_of", "amended_from", "pay_to_recd_from")
ROW = ("account", "party_type", "reference_type", "reference_doctype", "reference_name", "employee")
# Fields of HRMS that name the journal of a salary.
NAMING = (("Salary Slip", "journal_entry"), ("Salary Withholding Cycle", "journal_entry"))


def private(books: Books, keys: list[Named]) -> dict[Named, str]:
    """`payroll.PAYROLL`, `payroll.PERSONAL` or "" for each document."""
    return about_people(keys)


def about_people(keys: Iterable[Named]) -> dict[Named, str]:
    """The same, callable without a connection. Deleted documents are left out."""
    found = dict.fromkeys(keys, "")
    known: dict[Named, Doc] = {}
    _read([key for key in found if key[0] in MAY_BE_PRIVATE], known)
    said = _own(known)
    # What a document reverses, amends or settles may be about payroll too, and so on: read one level at a time, for all documents together.
    before = {key: {(JOURNAL, name) for name in _journals(known[key])} - {key} for key in found if key in known and not said[key]}
    seen = {key: {key} for key in before}
    while before := {key: names for key, names in before.items() if names and not said[key]}:
        fresh = sorted({name for names in before.values() for name in names if name not in known})
        level: dict[Named, Doc] = {}
        _read(fresh, level)
        known |= level
        said |= _own(level, of_others=True)
        for key, names in before.items():
            said[key] = next((said[name] for name in sorted(names) if said.get(name)), "")
            seen[key] |= names
            further = {(JOURNAL, each) for name in names if name in known for each in _journals(known[name])}
            before[key] = further - seen[key]
    return found | {key: said[key] for key in found if key in known}


def _read(keys: list[Named], known: dict[Named, Doc]) -> None:
    """The heads and rows that tell whom a document is about."""
    for doctype, names in by_doctype(keys):
        for row in frappe.get_all(doctype, filters={"name": ("in", names)}, fields=["name", *_fields(doctype, HEAD)]):
            known[doctype, row["name"]] = {**row, "doctype": doctype, "rows": []}
        child = ROWS[doctype]
        rows = frappe.get_all(child, filters={"parenttype": doctype, "parent": ("in", names)}, fields=["parent", *_fields(child, ROW)])
        for row in rows:
            if doc := known.get((doctype, row["parent"])):
                doc["rows"].append(row)


def _fields(doctype: str, wanted: tuple[str, ...]) -> list[str]:
    meta = frappe.get_meta(doctype)
    return [field for field in wanted if meta.has_field(field)]


def _own(docs: dict[Named, Doc], of_others: bool = False) -> dict[Named, str]:
    """What each document says by itself, and what salary slips say of it. `of_others`: these are documents that another one refers to; only
    their rows count, not the name typed as paid to."""
    salaries, employees = _of_salaries(docs), set() if of_others else _employees(docs)
    accounts = {company: _payroll_accounts(company) for company in {doc.get("company") or "" for doc in docs.values()}}
    found = {}
    for key, doc in docs.items():
        rows = doc["rows"] if of_others else [{"party_type": doc.get("party_type")}, *doc["rows"]]
        what = of_rows(rows)
        if not what and key[0] == JOURNAL and (key[1] in salaries or _on_payroll_account(doc, accounts[doc.get("company") or ""])):
            what = PAYROLL
        if not what and _paid_to(doc) in employees:
            what = PERSONAL
        found[key] = what
    return found


def _journals(doc: Doc) -> list[str]:
    """The journals that a document reverses, amends or refers to."""
    rows = [
        row for row in doc["rows"] if JOURNAL in (row.get("reference_type"), row.get("reference_doctype")) and row.get("reference_name")
    ]
    return [*journals_before(doc), *(row["reference_name"] for row in rows)]


def _of_salaries(docs: dict[Named, Doc]) -> set[str]:
    """The journals of which a salary slip says that they are its own."""
    names = [name for doctype, name in docs if doctype == JOURNAL]
    found: set[str] = set()
    for doctype, field in NAMING:
        if names and frappe.db.table_exists(doctype):
            found |= set(frappe.get_all(doctype, filters={field: ("in", names)}, pluck=field))
    return found


def _paid_to(doc: Doc) -> str:
    """To whom money is typed as paid, with single spaces."""
    return " ".join(str(doc.get("pay_to_recd_from") or "").split())


def _employees(docs: dict[Named, Doc]) -> set[str]:
    """Those of the typed names that are an employee's."""
    said = {name for doc in docs.values() if (name := _paid_to(doc))}
    if not said or not frappe.db.table_exists(EMPLOYEE):
        return set()
    if not frappe.get_all(EMPLOYEE, filters={"employee_name": ("in", sorted(said))}, pluck="name", limit=1):
        return set()
    # The database compares names without case and accents; only it can say which one matched.
    return {name for name in said if frappe.db.exists(EMPLOYEE, {"employee_name": name})}


def _on_payroll_account(doc: Doc, accounts: set[str]) -> bool:
    """Whether a row on the company's payroll payable account has a reference: that settles the wages of single people."""
    return any(row.get("account") in accounts for row in doc["rows"] if row.get("reference_name"))


def _payroll_accounts(company: str) -> set[str]:
    found = set()
    if frappe.get_meta("Company").has_field("default_payroll_payable_account"):
        found.add(frappe.get_cached_value("Company", company, "default_payroll_payable_account"))
    if frappe.db.table_exists("Payroll Entry"):
        found |= set(frappe.get_all("Payroll Entry", filters={"company": company}, pluck="payroll_payable_account", distinct=True))
    return found - {None, ""}


def accounts(books: Books, keys: list[str]) -> dict[str, Doc]:
    """The types of accounts."""
    found: dict[str, Doc] = {key: {} for key in keys}
    for at in range(0, len(keys), AT_ONCE):
        fields = ["name", "account_type", "root_type"]
        for row in frappe.get_all("Account", filters={"name": ("in", keys[at : at + AT_ONCE])}, fields=fields):
            found[row["name"]] = dict(row)
    return found


def exchange_accounts(books: Books, keys: list[str]) -> dict[str, str]:
    """Companies' accounts for exchange gains and losses."""
    rows = frappe.get_all("Company", filters={"name": ("in", keys)}, fields=["name", "exchange_gain_loss_account"])
    return dict.fromkeys(keys, "") | {row["name"]: row["exchange_gain_loss_account"] or "" for row in rows}


def xeros_own(books: Books, keys: list[str]) -> dict[str, bool]:
    """Which journals were made of Xero's trial balance, or amend one that was, however often."""
    amends: dict[str, str] = {}
    level = set(keys)
    while level:
        rows = frappe.get_all(JOURNAL, filters={"name": ("in", sorted(level))}, fields=["name", "amended_from"])
        amends |= dict.fromkeys(level, "") | {row["name"]: row["amended_from"] or "" for row in rows}
        level = {amends[each] for each in level} - {""} - set(amends)
    own = _made_of_months({"reference_doctype": JOURNAL, "reference_name": ("in", sorted(amends))}) | _formerly_made()
    found = {}
    for key in keys:
        seen, at = set[str](), key
        while at and at not in seen and at not in own:
            seen.add(at)
            at = amends.get(at, "")
        found[key] = at in own
    return found


def of_months(connection: str) -> set[str]:
    """The journals that were made of a connection's months by Xero's trial balance, with all that amend them."""
    found = _made_of_months({"connection": connection}) | _formerly_made(connection)
    level = set(found)
    while level:
        level = set(frappe.get_all(JOURNAL, filters={"amended_from": ("in", sorted(level))}, pluck="name")) - found
        found |= level
    return found


def _made_of_months(filters: Doc) -> set[str]:
    return set(filter(None, frappe.get_all(MONTHS, filters={**filters, "endpoint": TRIAL_BALANCE}, pluck="reference_name")))


def _formerly_made(connection: str = "") -> set[str]:
    """What was made of months that were proposed again since, as their rows keep it."""
    filters: Doc = {"endpoint": TRIAL_BALANCE, "record": ("like", '%"former":%')} | ({"connection": connection} if connection else {})
    return {name for record in frappe.get_all(MONTHS, filters=filters, pluck="record") for name in json.loads(record)["former"]}


LOADERS: Loaders = {PRIVATE: private, ACCOUNT: accounts, EXCHANGE_ACCOUNT: exchange_accounts, XEROS_OWN: xeros_own}
