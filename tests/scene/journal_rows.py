"""Rows of Journal Entries as the app reads them: on banks, on customers and suppliers, on ordinary accounts and on tax accounts."""

from __future__ import annotations

from typing import Any

from tests.scene.documents import entry_row

CUSTOMER = {"account_type": "Receivable", "party_type": "Customer", "party": "Rata Builders"}
SUPPLIER = {"account_type": "Payable", "party_type": "Supplier", "party": "Kaimai Sawmills"}
RETURN = {"reference_is_return": True}
ROOTS = {"Sales - KS": "Income", "Cost - KS": "Expense", "Freight - KS": "Expense", "Withholding - KS": "Liability"}


def bank(amount: float, account: str = "Bank - KS", **changes: Any) -> dict[str, Any]:
    """A row of a bank account, debits positive."""
    return entry_row(account, max(amount, 0.0), max(-amount, 0.0), account_type="Bank", **changes)


def debtor(amount: float, invoice: str = "", **changes: Any) -> dict[str, Any]:
    """A customer's row; `invoice` is what it settles."""
    refers = {"reference_type": "Sales Invoice", "reference_name": invoice} if invoice else {}
    return entry_row("Debtors - KS", max(amount, 0.0), max(-amount, 0.0), **{**CUSTOMER, **refers, **changes})


def creditor(amount: float, bill: str = "", **changes: Any) -> dict[str, Any]:
    """A supplier's row; `bill` is what it settles."""
    refers = {"reference_type": "Purchase Invoice", "reference_name": bill} if bill else {}
    return entry_row("Creditors - KS", max(amount, 0.0), max(-amount, 0.0), **{**SUPPLIER, **refers, **changes})


def plain(amount: float, account: str = "Cost - KS", **changes: Any) -> dict[str, Any]:
    """A row of an ordinary account."""
    return entry_row(account, max(amount, 0.0), max(-amount, 0.0), root_type=ROOTS.get(account), **changes)


def gst(amount: float, account: str = "GST - KS") -> dict[str, Any]:
    """A row of a tax account."""
    return entry_row(account, max(amount, 0.0), max(-amount, 0.0), account_type="Tax")
