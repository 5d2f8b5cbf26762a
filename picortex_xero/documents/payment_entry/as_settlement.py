"""Payment Entry -> Settlement: its sides, what it is allocated to, its deductions and taxes."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Any

from ...accounting.money import ZERO, decimal, half_up
from .. import payroll
from ..identity import identity
from ..settlement.settlement import DeductionRow, SettledDocument, Settlement, SettlementKind, Side, TaxRow, parts_of, rate_of

Doc = dict[str, Any]
PAYMENT_TYPES = {"Receive": SettlementKind.RECEIVE, "Pay": SettlementKind.PAY, "Internal Transfer": SettlementKind.TRANSFER}


def settlement(doc: Doc) -> Settlement:
    """The settlement of a Payment Entry dict. A refund's dict must have the advances that it pays back added to its references, since
    ERPNext writes these on the advance alone (see settlement/refunds.py)."""
    return Settlement(
        identity(doc),
        str(doc["posting_date"]),
        PAYMENT_TYPES[doc["payment_type"]],
        leaves=Side(
            doc.get("paid_from") or "",
            doc.get("paid_from_account_currency") or "",
            decimal(doc.get("paid_amount")),
            rate_of(doc.get("source_exchange_rate")),
            decimal(doc.get("base_paid_amount")),
        ),
        arrives=Side(
            doc.get("paid_to") or "",
            doc.get("paid_to_account_currency") or "",
            decimal(doc.get("received_amount")),
            rate_of(doc.get("target_exchange_rate")),
            decimal(doc.get("base_received_amount")),
        ),
        party_type=doc.get("party_type") or "",
        party=doc.get("party") or "",
        reference_number=doc.get("reference_no") or "",
        parts=parts(doc),
        deductions=tuple(_deduction(row) for row in doc.get("deductions") or []),
        taxes=tuple(_tax(row) for row in doc.get("taxes") or []),
        advance_account=bool(doc.get("book_advance_payments_in_separate_party_account")),
        private=payroll.about(doc),
    )


def with_fees_chosen(found: Settlement, chosen: Container[str]) -> Settlement:
    """The settlement where a person typed a fee into the one row that ERPNext allows for what is left between two currencies, and which it
    marks as an exchange difference: an account that the accountant has `chosen` a treatment for is no exchange account. The fee is not in
    the party's amount then, other than in a settlement within one currency."""
    fees = [row for row in found.deductions if row.exchange and row.account in chosen]
    if not fees or not found.between_currencies or found.kind is SettlementKind.TRANSFER:
        return found
    rows = tuple(replace(row, exchange=False) if row in fees else row for row in found.deductions)
    party, fee = found.party_side, sum((row.amount for row in fees), ZERO)
    amount = half_up(party.amount + (-fee if found.receives else fee) / party.rate)
    found = replace(found, deductions=rows)
    party = replace(party, amount=amount)
    return replace(found, leaves=party) if found.receives else replace(found, arrives=party)


def parts(doc: Doc) -> tuple[SettledDocument, ...]:
    """The documents that a Payment Entry's references settle, one part for each."""
    rows = doc.get("references") or []
    return parts_of((row["reference_doctype"], row["reference_name"], decimal(row.get("allocated_amount"))) for row in rows)


def party_account_currency(doc: Doc) -> str:
    """The currency of the receivable or payable account, from a Payment Entry's HEAD fields alone."""
    return str(doc["paid_from_account_currency" if doc["payment_type"] == "Receive" else "paid_to_account_currency"])


def _deduction(row: Doc) -> DeductionRow:
    return DeductionRow(
        row.get("account") or "",
        decimal(row.get("amount")),
        str(row.get("description") or ""),
        row.get("cost_center") or "",
        bool(row.get("is_exchange_gain_loss")),
    )


def _tax(row: Doc) -> TaxRow:
    return TaxRow(
        row.get("account_head") or "",
        decimal(row.get("rate")),
        decimal(row.get("tax_amount")),
        bool(row.get("included_in_paid_amount")),
        row.get("add_deduct_tax") == "Deduct",
    )
