"""What ERPNext's Bank Reconciliation Tool calls, in place of ERPNext's own functions of these names (`override_whitelisted_methods`): the same, with our proposals first. Where the company matches nothing
here, they are ERPNext's own."""

from __future__ import annotations

from typing import Any

import frappe

from ..reconciling import tool
from ..reconciling.rows import LINE
from .arguments import asks, name, one
from .bank_sentences import in_a_sentence

ITS = "erpnext.accounts.doctype.bank_reconciliation_tool.bank_reconciliation_tool."


def _may_read(bank_transaction_name: str, **_arguments: Any) -> None:
    one(LINE, bank_transaction_name, "read")


def _may_write(bank_transaction_name: str, **_arguments: Any) -> None:
    one(LINE, bank_transaction_name, "write")


def _as_sent(_label: str, value: Any) -> Any:
    """ERPNext's own argument, handed on to ERPNext as it came."""
    return value


@frappe.whitelist()
@asks(
    _may_read,
    bank_transaction_name=name,
    document_types=_as_sent,
    from_date=_as_sent,
    to_date=_as_sent,
    filter_by_reference_date=_as_sent,
    from_reference_date=_as_sent,
    to_reference_date=_as_sent,
)
def get_linked_payments(
    bank_transaction_name: str,
    document_types: Any = None,
    from_date: Any = None,
    to_date: Any = None,
    filter_by_reference_date: Any = None,
    from_reference_date: Any = None,
    to_reference_date: Any = None,
) -> list[dict[str, Any]]:
    """ERPNext's list of vouchers for a line; ours first, each once, with its reason."""
    dates = (from_date, to_date, filter_by_reference_date, from_reference_date, to_reference_date)
    found = frappe.get_attr(f"{ITS}get_linked_payments")(bank_transaction_name, document_types, *dates)
    return tool.with_reasons(frappe.get_doc(LINE, bank_transaction_name), found)


@frappe.whitelist()
@asks(_may_write, bank_transaction_name=name, vouchers=_as_sent)
def reconcile_vouchers(bank_transaction_name: str, vouchers: Any) -> Any:
    """ERPNext's own; unpaid invoices among the vouchers are paid first."""
    if in_a_sentence(lambda: tool.reconcile(bank_transaction_name, tool.vouchers_of(vouchers))):
        return frappe.get_doc(LINE, bank_transaction_name)
    return frappe.get_attr(f"{ITS}reconcile_vouchers")(bank_transaction_name, vouchers)
