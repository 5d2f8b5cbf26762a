"""Small host documents and a mapping for them, in the shapes that Frappe's `as_dict` gives (money as float)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from picortex_xero.accounting.mapping import DeductionChoice, Mapping, PaymentAccount, TaxType
from picortex_xero.documents.invoice.invoice import invoice
from picortex_xero.documents.payment_entry.settlement import settlement as settlement_of
from picortex_xero.documents.settlement.payment import Target, batch_payment, is_batch, payment
from picortex_xero.documents.settlement.plan import plan
from picortex_xero.documents.settlement.settlement import Settlement
from picortex_xero.documents.translation import Translation

SITE = "https://erp.kauri.example"
CREATION = "2026-10-05 09:30:00.123456"
GST, INPUT, ZERO_RATED, NONE = (
    TaxType("OUTPUT2", Decimal(15)),
    TaxType("INPUT2", Decimal(15)),
    TaxType("ZERORATED", Decimal(0)),
    TaxType("NONE", Decimal(0)),
)


def mapping(**changes: Any) -> Mapping:
    """What an admin of a New Zealand company would have chosen."""
    choices: dict[str, Any] = {
        "accounts": {"Sales - KS": "200", "Cost - KS": "310", "Freight - KS": "260", "Withholding - KS": "825"},
        "taxes": {
            ("Sales", "GST - KS @ 15", ""): GST,
            ("Purchases", "GST - KS @ 15", ""): INPUT,
            ("Sales", "GST - KS @ 0", "Export - KS"): ZERO_RATED,
            ("Sales", "No tax", ""): NONE,
            ("Purchases", "No tax", ""): NONE,
        },
        "tracking": {"North - KS": ("Branch", "North")},
        "payment_accounts": {
            "Bank - KS": PaymentAccount("bank-nzd", "NZD"),
            "Bank USD - KS": PaymentAccount("bank-usd", "USD"),
        },
        "rounding_account": "860",
        "no_tax_type": "NONE",
    }
    return Mapping("NZD", "AUTHORISED", **{**choices, **changes})


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


def bill(items: list[dict[str, Any]], rows: list[dict[str, Any]], grand_total: float, **changes: Any) -> dict[str, Any]:
    """A submitted Purchase Invoice."""
    return sales_invoice(
        items, rows, grand_total, **{"doctype": "Purchase Invoice", "name": "PINV-1", "supplier": "Kaimai Sawmills", **changes}
    )


def translated(doc: dict[str, Any], choices: Mapping | None = None, suffix: int = 0) -> Translation:
    """The document's translation, to contact "c1"."""
    return invoice(doc, choices or mapping(), "c1", SITE, "k1", 1, suffix)


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


def chosen(treatment: str, tax_type: TaxType = NONE, **changes: Any) -> DeductionChoice:
    """What an accountant chose for the account of a deduction."""
    clearing = PaymentAccount("fees-clearing", "") if treatment == "Fee" else None
    return DeductionChoice(treatment, tax_type, **{"clearing": clearing, "row": "map-1", **changes})


def deduction(amount: float, account: str = "Bank Fees - KS", **changes: Any) -> dict[str, Any]:
    """A row of a payment's deductions, in company currency."""
    return {"account": account, "amount": amount, "cost_center": "Main - KS", **changes}


def settling(settlement: Settlement, choices: Mapping, targets: list[Target]) -> list[Translation]:
    """The payments and batch payments that a settlement becomes, step by step."""
    made = plan(settlement, choices, [each.currency for each in targets])
    batch = is_batch(settlement, made.legs, targets, choices)
    return [
        batch_payment(settlement, choices, legs, targets)
        if batch and not legs[0].clearing
        else payment(settlement, choices, legs[0], targets[legs[0].at])
        for legs in made.payments(batch)
    ]


def target(
    xero_id: str = "i1",
    due: str = "1000",
    currency: str = "NZD",
    rate: str = "1",
    status: str = "AUTHORISED",
    settles: bool = False,
    field: str = "Invoice",
) -> Target:
    """An invoice, or what a refund pays back, as Xero shows it."""
    return Target(xero_id, currency, Decimal(due), status, Decimal(rate), settles, field)
