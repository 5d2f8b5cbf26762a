"""What is left of a payment or a return is taken off an invoice, or a refund off its advance, as ERPNext's own Payment Reconciliation does it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import frappe

from ..accounting.money import CENT
from .entering import as_host

Named = tuple[str, str]


@dataclass(frozen=True)
class Reconciled:
    """Of one party: `amount` of `credit` (what is left of a payment or a return) is taken off `debit` (an invoice, or a refund), both in the account's currency.
    `advance_account`: where the company keeps advances on an account of their own."""

    company: str
    party_type: str
    party: str
    account: str
    credit: Named
    debit: Named
    amount: Decimal
    advance_account: str = ""


def reconcile(wanted: Reconciled) -> None:
    """Do it. Raises frappe.ValidationError in ERPNext's words. Part of the caller's transaction."""
    doc = frappe.get_doc(
        {
            "doctype": "Payment Reconciliation",
            "company": wanted.company,
            "party_type": wanted.party_type,
            "party": wanted.party,
            "receivable_payable_account": wanted.account,
            "default_advance_account": wanted.advance_account or None,
            "payment_name": wanted.credit[1] if wanted.credit[0] == "Payment Entry" else None,
            "invoice_name": wanted.debit[1],
            "payment_limit": 0,
            "invoice_limit": 0,
        }
    )
    doc.get_unreconciled_entries()
    credits = [each.as_dict() for each in doc.payments if (each.reference_type, each.reference_name) == wanted.credit]
    debits = [each.as_dict() for each in doc.invoices if (each.invoice_type, each.invoice_number) == wanted.debit]
    if not credits or not debits:
        missing = wanted.debit if credits else wanted.credit
        raise frappe.ValidationError(frappe._("Nothing is left of {0} to be taken off").format(missing[1]))
    credit, debit, amount = credits[0], debits[0], as_host(wanted.amount)
    # What ERPNext has left of a payment in another currency may be a fraction of a cent off.
    least = min(credit["amount"], debit["outstanding_amount"])
    amount = least if 0 < amount - least < as_host(CENT) else amount
    doc.allocate_entries(frappe._dict(payments=[credit], invoices=[debit]))
    # ERPNext allocates as much as both have left.
    (row,) = doc.allocation
    row.allocated_amount, row.difference_amount = amount, doc.get_difference_amount(credit, debit, amount)
    doc.reconcile()
    # "Successfully Reconciled" is for who presses the button.
    frappe.clear_messages()
