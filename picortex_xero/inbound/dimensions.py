"""ERPNext's accounting dimensions on what comes back, as ERPNext fills them itself: a payment has what its invoice has (Payment Entry: update_accounting_dimensions), and every new document
the company's default, in its head and in its rows (dimension_tree_filter.js: update_dimension). Xero knows none of them but as tracking, which stands for cost centres.

Which are mandatory is ERPNext's to refuse (GL Entry: validate_dimensions_for_pl_and_bs); here it is said which one lacks, and where it is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import Text, _

DIMENSION, DETAIL = "Accounting Dimension", "Accounting Dimension Detail"
LACKS = "dimension-lacks"
# What has no row in ERPNext's table of dimensions, and is copied from an invoice to its payment all the same.
PROJECT = "project"


@dataclass(frozen=True)
class Dimension:
    """One of a company: its `field` on documents, its `default` ("" where there is none), and whether rows on accounts of the balance sheet, or of profit and loss, must have it."""

    label: str
    field: str
    default: str = ""
    of_balance: bool = False
    of_profit: bool = False


def of_company(company: str) -> list[Dimension]:
    """Those of a company that are in use, by their labels."""
    if not frappe.db.exists("DocType", DIMENSION):
        return []
    known = {each["name"]: each for each in frappe.get_all(DIMENSION, filters={"disabled": 0}, fields=["name", "label", "fieldname"])}
    fields = ["parent", "default_dimension", "mandatory_for_bs", "mandatory_for_pl"]
    rows = frappe.get_all(DETAIL, filters={"parent": ("in", sorted(known)), "company": company}, fields=fields) if known else []
    details = {row["parent"]: row for row in rows}
    found = []
    for name, each in known.items():
        its = details.get(name) or {}
        of_balance, of_profit = (bool(its.get(field)) for field in ("mandatory_for_bs", "mandatory_for_pl"))
        found.append(Dimension(each["label"] or name, each["fieldname"], its.get("default_dimension") or "", of_balance, of_profit))
    return sorted(found, key=lambda each: each.label)


def filled(voucher: dict[str, Any]) -> dict[str, Any]:
    """A document that is to be made, with the dimensions that ERPNext would give it where it has none."""
    doctype, made = str(voucher["doctype"]), dict(voucher)
    paid = [(str(row["reference_doctype"]), str(row["reference_name"])) for row in voucher.get("references") or []]
    for each in of_company(str(voucher["company"])):
        if value := _of_paid(each.field, paid) or each.default:
            _fill(doctype, made, each.field, value)
    if value := _of_paid(PROJECT, paid):
        _fill(doctype, made, PROJECT, value)
    return made


def _fill(doctype: str, made: dict[str, Any], field: str, value: str) -> None:
    meta = frappe.get_meta(doctype)
    if meta.has_field(field):
        made[field] = made.get(field) or value
    for table, rows in made.items():
        if isinstance(rows, list) and rows and frappe.get_meta(meta.get_field(table).options).has_field(field):
            made[table] = [{**row, field: row.get(field) or value} for row in rows]


def _of_paid(field: str, paid: list[tuple[str, str]]) -> str:
    """What the documents have that are paid, where they agree."""
    values = {
        frappe.db.get_value(doctype, name, field) or "" if frappe.get_meta(doctype).has_field(field) else "" for doctype, name in paid
    }
    return str(values.pop()) if len(values) == 1 else ""


def lacking(doc: Any) -> list[str]:
    """The labels of those that ERPNext demands of a payment and that it does not have."""
    wanted = [each for each in of_company(doc.company) if each.of_balance or (each.of_profit and doc.get("deductions"))]
    return [each.label for each in wanted if not doc.get(each.field)]


def lacks(what: Text, name: str, labels: list[str]) -> Problem:
    """Why a payment is a draft although payments are to be submitted."""
    known = {"what": what, "name": name, "dimensions": ", ".join(labels)}
    return Problem(
        LACKS,
        _("{what} is the draft {name}: ERPNext demands an accounting dimension that it does not have ({dimensions})").format(**known),
        _(
            "Set it in the draft, and submit that; so that the next ones have it, choose a Default Dimension for the company in the Accounting Dimension of that name"
        ),
        held=True,
    )
