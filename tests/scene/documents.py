"""Small host documents in the shapes that Frappe's `as_dict` gives (money as float), and what goes to Xero for them."""

from __future__ import annotations

import copy
from typing import Any

from picortex_xero.accounting.mapping import Mapping
from picortex_xero.accounting.problems import Problem, Refused
from picortex_xero.documents.invoice.invoice import invoice
from picortex_xero.documents.payment_entry.as_settlement import settlement as settlement_of
from picortex_xero.documents.settlement.breakdown import break_down
from picortex_xero.documents.settlement.payment_elements import PayableInXero, batch_payment, is_batch, payment
from picortex_xero.documents.settlement.settlement import Settlement
from picortex_xero.documents.translation import Translation
from tests.scene.mapping import mapping

SITE = "https://erp.kauri.example"
CREATION = "2026-10-05 09:30:00.123456"


def item(net: float, qty: float = 1, **changes: Any) -> dict[str, Any]:
    """An item row whose net amount is `net`."""
    return {
        "item_code": "PANEL",
        "item_name": "Fence panel",
        "qty": qty,
        "uom": "Nos",
        "rate": net / qty,
        "net_rate": net / qty,
        "amount": net,
        "net_amount": net,
        "income_account": "Sales - KS",
        "expense_account": "Cost - KS",
        "item_tax_rate": "{}",
        **changes,
    }


def tax_row(amount: float, **changes: Any) -> dict[str, Any]:
    """A GST row on the net total that came to `amount`."""
    return {
        "charge_type": "On Net Total",
        "account_head": "GST - KS",
        "description": "GST",
        "rate": 15.0,
        "included_in_print_rate": 0,
        "tax_amount": amount,
        "tax_amount_after_discount_amount": amount,
        **changes,
    }


def sales_invoice(items: list[dict[str, Any]], rows: list[dict[str, Any]], grand_total: float, **changes: Any) -> dict[str, Any]:
    """A submitted Sales Invoice."""
    return {
        "doctype": "Sales Invoice",
        "name": "SINV-1",
        "creation": CREATION,
        "customer": "Rata Builders",
        "posting_date": "2026-10-05",
        "due_date": "2026-10-25",
        "currency": "NZD",
        "conversion_rate": 1.0,
        "items": items,
        "taxes": rows,
        "grand_total": grand_total,
        "rounded_total": 0.0,
        "discount_amount": 0.0,
        **changes,
    }


def entry_row(account: str, debit: float = 0.0, credit: float = 0.0, **changes: Any) -> dict[str, Any]:
    """A row of a Journal Entry, in company currency."""
    return {"account": account, "debit": debit, "credit": credit, **changes}


def journal_entry(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A submitted Journal Entry."""
    accounts = list(rows) or [entry_row("Cost - KS", debit=120.5), entry_row("Freight - KS", credit=120.5)]
    made = {"doctype": "Journal Entry", "name": "JV-1", "creation": CREATION, "voucher_type": "Journal Entry", "is_opening": "No"}
    return {**made, "posting_date": "2026-10-31", "title": "JV-1", "accounts": accounts, **changes}


def bill(items: list[dict[str, Any]], rows: list[dict[str, Any]], grand_total: float, **changes: Any) -> dict[str, Any]:
    """A submitted Purchase Invoice."""
    return sales_invoice(
        items, rows, grand_total, **{"doctype": "Purchase Invoice", "name": "PINV-1", "supplier": "Kaimai Sawmills", **changes}
    )


# What ERPNext writes negative on a full return, field by field as its sales_and_purchase_return does; rates and prices stay.
NEGATIVE = ("grand_total", "rounded_total", "rounding_adjustment", "net_total", "total", "discount_amount", "total_taxes_and_charges")
NEGATIVE_ITEM, NEGATIVE_ROW = ("qty", "stock_qty", "amount", "net_amount"), ("tax_amount", "tax_amount_after_discount_amount", "total")


def returned(doc: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The full return of an invoice as ERPNext writes it."""
    made = copy.deepcopy(doc)
    made.update({name: -made[name] for name in NEGATIVE if name in made}, is_return=1, return_against=doc["name"], name="RET-1")
    for rows, names in ((made["items"], NEGATIVE_ITEM), (made["taxes"], NEGATIVE_ROW)):
        for row in rows:
            row.update({name: -row[name] for name in names if name in row})
    return {**made, **changes}


def translated(doc: dict[str, Any], choices: Mapping | None = None, suffix: int = 0) -> Translation:
    """The document's translation, to contact "c1"."""
    return invoice(doc, choices or mapping(), "c1", SITE, "k1", 1, suffix)


def problems_of(doc: dict[str, Any], choices: Mapping) -> list[Problem]:
    """Why the document is refused; ValueError where it is not."""
    try:
        translated(doc, choices)
    except Refused as refused:
        return refused.problems
    raise ValueError(f"{doc['name']} is not refused")


def codes_of(doc: dict[str, Any], choices: Mapping) -> list[tuple[str, bool]]:
    """The codes for which the document is refused, and whether each waits for a person alone."""
    return [(problem.code, problem.held) for problem in problems_of(doc, choices)]


def reference(name: str, allocated: float, doctype: str = "Sales Invoice") -> dict[str, Any]:
    """A row of a payment's references."""
    return {"reference_doctype": doctype, "reference_name": name, "allocated_amount": allocated}


def receipt(references: list[dict[str, Any]], paid: float, **changes: Any) -> Settlement:
    """The settlement of a submitted Payment Entry that receives `paid` NZD; `changes` are fields of the Payment Entry."""
    return settlement_of(payment_entry(references, paid, **changes))


def payment_entry(references: list[dict[str, Any]], paid: float, **changes: Any) -> dict[str, Any]:
    """A submitted Payment Entry that receives `paid` NZD."""
    return {
        "doctype": "Payment Entry",
        "name": "PAY-1",
        "creation": CREATION,
        "payment_type": "Receive",
        "party_type": "Customer",
        "posting_date": "2026-10-20",
        "paid_from": "Debtors - KS",
        "paid_from_account_currency": "NZD",
        "paid_to": "Bank - KS",
        "paid_to_account_currency": "NZD",
        "source_exchange_rate": 1.0,
        "target_exchange_rate": 1.0,
        "paid_amount": paid,
        "received_amount": paid,
        "base_paid_amount": paid,
        "base_received_amount": paid,
        "unallocated_amount": 0.0,
        "reference_no": "DD 77",
        "references": references,
        **changes,
    }


def deduction(amount: float, account: str = "Bank Fees - KS", **changes: Any) -> dict[str, Any]:
    """A row of a payment's deductions, in company currency."""
    return {"account": account, "amount": amount, "cost_center": "Main - KS", **changes}


def settling(settlement: Settlement, choices: Mapping, targets: list[PayableInXero]) -> list[Translation]:
    """The payments and batch payments that a settlement becomes, step by step."""
    made = break_down(settlement, choices, [each.currency for each in targets])
    batch = is_batch(settlement, made.legs, targets, choices)
    return [
        batch_payment(settlement, choices, legs, targets)
        if batch and not legs[0].clearing
        else payment(settlement, choices, legs[0], targets[legs[0].at])
        for legs in made.payments(batch)
    ]
