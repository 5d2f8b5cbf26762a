"""Makes the property tests' random invoices on a bench and records what ERPNext computes for them.

The real host's answers are what `tests/property/erpnext_rounding.py` is checked against.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from recorder.masters import Books, use_price_places
from sandbox.erp import generator
from sandbox.erp.typed import ACTUAL, FREIGHT, Invoice, to_json

LINE_RESULTS = ["qty", "rate", "amount", "net_rate", "net_amount", "base_rate", "base_amount", "base_net_rate", "base_net_amount"]
ROW_RESULTS = ["tax_amount", "tax_amount_after_discount_amount", "total", "base_tax_amount",
               "base_tax_amount_after_discount_amount", "base_total"]  # fmt: skip
TOTAL_RESULTS = [
    "total", "net_total", "total_taxes_and_charges", "grand_total", "rounding_adjustment", "rounded_total",
    "discount_amount", "outstanding_amount", "base_total", "base_net_total", "base_total_taxes_and_charges",
    "base_grand_total", "base_rounding_adjustment", "base_rounded_total", "base_discount_amount",
]  # fmt: skip
PARTY = {"Sales Invoice": ("customer", "selling"), "Purchase Invoice": ("supplier", "buying")}


def typed(invoice: Invoice, books: Books) -> dict[str, Any]:
    """The generated invoice as ERPNext is given it, with the company's real names."""
    party, side = PARTY[invoice.doctype]
    purchase = {"category": "Total", "add_deduct_tax": "Add"} if invoice.doctype == "Purchase Invoice" else {}
    data: dict[str, Any] = {
        "doctype": invoice.doctype, "naming_series": "RANDOM-.#####", "company": books.company,
        party: _party(invoice, books, party), "posting_date": "2026-10-15", "set_posting_time": 1,
        "due_date": "2026-10-29", "currency": invoice.currency, "conversion_rate": float(invoice.conversion_rate),
        f"{side}_price_list": f"{side.title()} {books.currency}", "price_list_currency": books.currency,
        "plc_conversion_rate": 1, "ignore_pricing_rule": 1, "disable_rounded_total": int(not invoice.rounded_total),
        "items": [], "taxes": [],
    }  # fmt: skip
    for line in invoice.lines:
        row: dict[str, Any] = {"item_code": line.item, "qty": float(line.qty)}
        for name in ("rate", "price_list_rate", "discount_percentage"):
            if getattr(line, name) is not None:
                row[name] = float(getattr(line, name))
        if line.tax_template:
            row["item_tax_template"] = books.of(line.tax_template)
        if line.cost_center:
            row["cost_center"] = books.of(line.cost_center)
        data["items"].append(row)
    for charge in invoice.charges:
        head = books.freight(invoice.doctype) if charge.account == FREIGHT else books.of(charge.account)
        row = {"charge_type": charge.charge_type, "account_head": head, "description": charge.account,
               "included_in_print_rate": int(charge.included), **purchase}  # fmt: skip
        row |= {"tax_amount": float(charge.amount or 0)} if charge.charge_type == ACTUAL else {"rate": float(charge.rate)}
        data["taxes"].append(row | ({"row_id": str(charge.row_id)} if charge.row_id else {}))
    if invoice.apply_discount_on:
        data["apply_discount_on"] = invoice.apply_discount_on
        if invoice.discount_amount is not None:
            data["discount_amount"] = float(invoice.discount_amount)
        else:
            data["additional_discount_percentage"] = float(invoice.discount_percentage or 0)
    return data


def _party(invoice: Invoice, books: Books, party: str) -> str:
    """One party per currency, so that the receivable's currency is the invoice's."""
    name = f"Random {party} {books.code} {invoice.currency}"
    doctype = party.title()
    if not frappe.db.exists(doctype, name):
        if invoice.currency != books.currency:
            side = "Debtors" if party == "customer" else "Creditors"
            if not frappe.db.exists("Account", books.of(f"{side} {invoice.currency}")):
                of = ("Accounts Receivable", "Receivable") if party == "customer" else ("Accounts Payable", "Payable")
                books._account(f"{side} {invoice.currency}", of[0], account_type=of[1], account_currency=invoice.currency)
        books._party(doctype, name, invoice.currency, 50)
    return name


def record(seeds: Iterable[int], rounding_method: str) -> list[dict[str, Any]]:
    """Submit each seed's invoice under the rounding method; what was typed, and ERPNext's results.

    Each is committed under a series of its own; only the figures are recorded, not whole documents.
    """
    frappe.db.set_single_value("System Settings", "rounding_method", rounding_method)
    records = []
    invoices = [(seed, generator.invoice(seed)) for seed in seeds]
    for places in (2, 4):
        use_price_places(places)
        for seed, invoice in (pair for pair in invoices if pair[1].rate_places == places):
            books = Books(invoice.country)
            doc = frappe.get_doc(typed(invoice, books))
            doc.insert()
            doc.submit()
            doc.reload()
            assert frappe.get_meta("Sales Invoice Item").get_field("rate").precision == str(places)
            records.append({
                "seed": seed, "input": to_json(invoice), "rounding_method": rounding_method,
                "result": {name: doc.get(name) or 0.0 for name in TOTAL_RESULTS}
                | {"items": [{name: row.get(name) for name in LINE_RESULTS} for row in doc.items]}
                | {"taxes": [{name: row.get(name) for name in ROW_RESULTS} for row in doc.taxes]},
            })  # fmt: skip
            frappe.db.commit()
            frappe.clear_messages()
    return records
