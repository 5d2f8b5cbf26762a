"""What is known here of invoices and bills that people enter in Xero: items, item tax templates, documents that are perhaps the same."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import frappe

from ..accounting.money import decimal
from .document import IncomingDocument
from .way_back_facts import DAYS_APART, MOST, sent


def items(document: IncomingDocument) -> frozenset[str]:
    """The items here that its lines name by their codes. A stock item on a bill is none: ERPNext would book it as goods that came in."""
    codes = sorted({line.item_code for line in document.lines if line.item_code})
    if not codes:
        return frozenset()
    side = {"is_sales_item": 1} if document.sells else {"is_purchase_item": 1, "is_stock_item": 0}
    return frozenset(frappe.get_all("Item", filters={"name": ("in", codes), "disabled": 0, "has_variants": 0, **side}, pluck="name"))


def templates(company: str) -> dict[str, dict[str, Decimal]]:
    """What each item tax template of the company says, by account."""
    names = frappe.get_all("Item Tax Template", filters={"company": company}, pluck="name", limit=MOST)
    rows = (
        frappe.get_all(
            "Item Tax Template Detail", filters={"parent": ("in", names)}, fields=["parent", "tax_type", "tax_rate"], limit=MOST * 10
        )
        if names
        else []
    )
    found: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        found.setdefault(row["parent"], {})[row["tax_type"]] = decimal(row["tax_rate"])
    return found


def alike(company: str, document: IncomingDocument, party: str) -> tuple[str, ...]:
    """The documents here of the same party, submitted or drafts, with the same total around the same day or with the same number, that are not in Xero."""
    at = date.fromisoformat(document.date)
    between = [(at + timedelta(days=apart)).isoformat() for apart in (-DAYS_APART, DAYS_APART)]
    field = "customer" if document.sells else "supplier"
    mine = {"company": company, field: party, "docstatus": ("<", 2)}
    near = frappe.get_all(
        document.doctype, filters={**mine, "posting_date": ("between", between)}, fields=["name", "grand_total"], limit=MOST * 10
    )
    found = {row["name"] for row in near if abs(decimal(row["grand_total"])) == document.total}
    if not document.sells and document.number:
        found |= set(frappe.get_all(document.doctype, filters={**mine, "bill_no": document.number}, pluck="name", limit=MOST))
    linked = (
        set(
            frappe.get_all(
                "Xero Link",
                filters={"reference_doctype": document.doctype, "reference_name": ("in", sorted(found))},
                pluck="reference_name",
            )
        )
        if found
        else set()
    )
    return tuple(sorted(found - linked))


def twice(connection: str, company: str, document: IncomingDocument, party: str) -> tuple[str, ...]:
    """The documents of the same party with the same total and day or number that went to Xero from here: what somebody has typed there is perhaps the same bill once more. What was
    itself entered in Xero is none."""
    field = "customer" if document.sells else "supplier"
    mine = {"company": company, field: party, "docstatus": 1}
    fields = ["name", "grand_total", "rounded_total"]
    rows = frappe.get_all(document.doctype, filters={**mine, "posting_date": document.date}, fields=fields, limit=MOST * 10)
    if not document.sells and document.number:
        rows += frappe.get_all(document.doctype, filters={**mine, "bill_no": document.number}, fields=fields, limit=MOST)
    found = {row["name"] for row in rows if abs(decimal(row["rounded_total"]) or decimal(row["grand_total"])) == document.total}
    return sent(connection, {(document.doctype, name) for name in found})


def unit() -> str:
    """The unit of lines without an item."""
    return str(frappe.db.get_single_value("Stock Settings", "stock_uom") or "Nos")
