"""Payments as Xero shows them, and what is known here of what they pay."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from picortex_xero.incoming.known import Bank, Known, OwnPayment, Target
from picortex_xero.incoming.payment import IncomingPayment, read

INVOICE, OTHER, BATCH = (
    "11111111-aaaa-bbbb-cccc-000000000001",
    "11111111-aaaa-bbbb-cccc-000000000002",
    "22222222-aaaa-bbbb-cccc-000000000001",
)
ACCOUNT = "33333333-aaaa-bbbb-cccc-000000000001"
SALE = Target("Sales Invoice", "SINV-1", "Customer", "Kea", "Debtors - K", "NZD", "NZD", Decimal(115), True, "Main - K")
BANK = Bank("Bank - K", "NZD")


def element(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "PaymentID": f"44444444-aaaa-bbbb-cccc-00000000000{number}",
        "PaymentType": "ACCRECPAYMENT",
        "Date": "/Date(1795564800000+0000)/",
        "Amount": Decimal("115.00"),
        "BankAmount": Decimal("115.00"),
        "CurrencyRate": Decimal(1),
        "Reference": "EFT  77\n",
        "Status": "AUTHORISED",
        "UpdatedDateUTC": "/Date(1795600000000+0000)/",
        "Account": {"AccountID": ACCOUNT},
        "Invoice": {"InvoiceID": INVOICE},
    } | changes


def payment(*elements: dict[str, Any]) -> IncomingPayment:
    (found,) = read(elements or (element(),))
    return found


def known(**changes: Any) -> Known:
    return replace(Known("Kiwi", "NZD", {("Invoices", INVOICE): SALE}, BANK), **changes)


def own(**changes: Any) -> OwnPayment:
    return replace(
        OwnPayment("PAY-1", False, frozenset({(("Sales Invoice", "SINV-1"), Decimal(115))}), Decimal(115), "2026-11-23", "Bank - K"),
        **changes,
    )
