"""What the conditions of rules name (customers, groups, cost centres ...), as the file says it, and found again here: where the file is of another company or
site, a name alone does not tell, since CUST-0001 may be somebody else there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _, scrub

from ..documents.rules.conditions import CONTAINS, DIFFERS, EQUALS, IN, NOT_IN, UNDER, folded, listed
from ..documents.rules.fields import NAME
from ..documents.rules.kinds import DOCTYPES
from ..engine import policies
from .file import Row
from .mapped import MASTERS, Books
from .names import Ref

COMPANY = "Company"
# Operators that compare with whole names.
NAMING = (EQUALS, DIFFERS, IN, NOT_IN, UNDER)


@dataclass(frozen=True)
class Origin:
    """Where a file comes from: its `company` and that one's `abbr`; `same`: it is of this company and this organisation."""

    company: str
    abbr: str
    same: bool


def linked(kinds: list[str], field: str) -> str:
    """The DocType that a field of these kinds of documents names; "" for none."""
    found = (policies.field_of(DOCTYPES[kind], field) for kind in kinds)
    return next((each[1] for each in found if each and each[1]), "")


def named(operator: str, value: str) -> list[str]:
    """The names that a condition compares with."""
    if operator not in NAMING:
        return []
    return listed(value) if operator in (IN, NOT_IN) else [each for each in (value.strip(),) if each]


def refs(books: Books, doctype: str, names: list[str]) -> list[Ref]:
    """What the file says of these records."""
    if doctype in MASTERS:
        return [books.masters.ref(doctype, name) for name in names]
    titles = _titles(books, doctype, names)
    return [{"name": name, **({"title": titles[folded(name)]} if titles.get(folded(name)) else {})} for name in names]


def _title_field(doctype: str) -> str:
    field = f"{scrub(doctype)}_name"
    return field if frappe.get_meta(doctype).has_field(field) else ""


def _titles(books: Books, doctype: str, names: list[str]) -> dict[str, str]:
    """By folded name the title of each of these records that is here; "" for one that has none besides its name."""
    if not frappe.db.exists("DocType", doctype):
        return {}
    if _of_a_company(doctype):
        abbr = _abbr(books.company)
        found = frappe.get_all(doctype, filters={"name": ("in", names), "company": books.company}, pluck="name")
        return {folded(name): name.removesuffix(f" - {abbr}") for name in found}
    field = _title_field(doctype)
    rows = frappe.get_all(doctype, filters={"name": ("in", names)}, fields=["name", *([field] if field else [])])
    return {folded(row["name"]): str(row[field] or "") if field else "" for row in rows}


def _of_a_company(doctype: str) -> bool:
    return bool(frappe.get_meta(doctype).has_field("company"))


def _abbr(company: str) -> str:
    return str(frappe.db.get_value(COMPANY, company, "abbr") or "")


def found(books: Books, origin: Origin, doctype: str, said: list[Ref]) -> list[str]:
    """What each of these is called here; "" for one that is not here, or of which that is not certain."""
    if not frappe.db.exists("DocType", doctype):
        return [""] * len(said)
    if doctype == COMPANY and not origin.same:
        return [books.company if folded(each["name"]) == folded(origin.company) else "" for each in said]
    if origin.same:
        here = {folded(name) for name in frappe.get_all(doctype, filters={"name": ("in", [each["name"] for each in said])}, pluck="name")}
        return [str(each["name"]) if folded(each["name"]) in here else _elsewhere(books, doctype, each) for each in said]
    titles = {} if doctype in MASTERS else _titles(books, doctype, [str(each["name"]) for each in said])
    return [_called(books, doctype, each, titles) for each in said]


def _called(books: Books, doctype: str, ref: Ref, titles: dict[str, str]) -> str:
    name = folded(ref["name"])
    if name in titles and folded(titles[name]) == folded(ref.get("title") or ""):
        return str(ref["name"])
    return _elsewhere(books, doctype, ref)


def _elsewhere(books: Books, doctype: str, ref: Ref) -> str:
    """The one that has another name here."""
    if doctype in MASTERS:
        return books.masters.find(doctype, ref)
    title = str(ref.get("title") or "")
    if not title:
        return ""
    if _of_a_company(doctype):
        filters = {"name": f"{title} - {_abbr(books.company)}", "company": books.company}
    elif field := _title_field(doctype):
        filters = {field: title}
    else:
        return ""
    here = frappe.get_all(doctype, filters=filters, pluck="name", limit=2)
    return str(here[0]) if len(here) == 1 else ""


def value_here(books: Books, origin: Origin, kinds: list[str], row: Row) -> tuple[str, str]:
    """The value of a condition of the file as it is here, and why it cannot be matched ("": it can)."""
    value, operator, doctype = str(row["value"]), str(row["operator"]), str(row["names"])
    if doctype != linked(kinds, str(row["field"])):
        return value, str(_("The field {0} is not what it is in the file")).format(row["field"])
    if doctype and row["records"]:
        here = found(books, origin, doctype, row["records"])
        if missing := next((str(ref["name"]) for ref, name in zip(row["records"], here) if not name), ""):
            return value, str(_("There is no {0} {1} here")).format(_(doctype), missing)
        # Nothing but a name is written otherwise than a person has typed it.
        return value if here == [ref["name"] for ref in row["records"]] else "\n".join(here), ""
    if not origin.same and (wrong := _means_something_else(origin, kinds, row, operator, value)):
        return value, wrong
    return value, ""


def _means_something_else(origin: Origin, kinds: list[str], row: Row, operator: str, value: str) -> str:
    """Why a value that names no record by itself cannot be carried to another company: it is the number of a document, names customers or suppliers in a field
    of either, or holds the abbreviation of the other company."""
    field = str(row["field"])
    metas: list[Any] = [frappe.get_meta(DOCTYPES[kind]).get_field(field) for kind in kinds]
    either = any(each and each.fieldtype == "Dynamic Link" for each in metas)
    if operator in NAMING and (field == NAME or either):
        return str(_("{0} is of the company {1}")).format(value.replace("\n", ", "), origin.company)
    if operator == CONTAINS and row["names"] and origin.abbr and folded(f"- {origin.abbr}") in folded(value):
        return str(_("{0} is of the company {1}")).format(value, origin.company)
    return ""
