"""Receipts with deductions (a part went to an account instead of the bank), and the accountant's choice for that account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene

D = Decimal

FEE, DISCOUNT, UNMAPPED = "Administrative Expenses", "Sales", "Travel Expenses"
BANK, CARD = "090", "093"


def short(rig: Rig, kept: float, account: str, invoices: int = 1, **changes: Any) -> list[scene.Record]:
    """Recorded invoices and their receipt, of which `kept` went to an account instead of the bank."""
    *sales, payment = scene.paid(rig, invoices)
    doc = payment["doc"]
    came = float(D(str(doc["paid_amount"])) - D(str(kept)))
    figures = dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), came)
    row = {"doctype": "Payment Entry Deduction", "idx": 1, "docstatus": 1, "name": "d1", "account": f"{account} - {rig.company['abbr']}"}
    doc.update(deductions=[{**row, "amount": kept, "cost_center": "", "is_exchange_gain_loss": 0}], **figures, **changes)
    return [*sales, payment]


def map_deduction(rig: Rig, account: str, treatment: str, tax_type: str = "NONE", **fee: Any) -> None:
    """The accountant's choice for one more account."""
    values = {
        "connection": rig.connection,
        "account": f"{account} - {rig.company['abbr']}",
        "treatment": treatment,
        "tax_type": tax_type,
        **fee,
    }
    scene.with_site(rig, lambda frappe: frappe.get_doc({"doctype": "Xero Deduction Mapping", **values}).insert(ignore_permissions=True))


def account_id(rig: Rig, code: str) -> str:
    """Xero's id of the account with this code."""

    def work(frappe: Any) -> str:
        from picortex_xero.connection import xero_lists

        return next(each["AccountID"] for each in xero_lists.stored(rig.connection)["accounts"] if each["Code"] == code)

    return str(scene.with_site(rig, work))


def on(rig: Rig, code: str) -> Decimal:
    """What live payments, spends and receipts did to a bank account."""
    total, account = D(0), account_id(rig, code)
    for each in scene.live(rig, "Payments"):
        sign = 1 if each["type"] in ("ACCRECPAYMENT", "APCREDITPAYMENT") else -1
        total += sign * D(each["BankAmount"]) * (each["account"] == account)
    for each in scene.live(rig, "BankTransactions"):
        total += D(each["Total"]) * (1 if each["Type"].startswith("RECEIVE") else -1) * (each["account"] == account)
    return total
