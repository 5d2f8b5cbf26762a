"""The first formula of the hash in fingerprint.py, for Xero Links that still hold its value. To be deleted with release 0.3.

On a link whose `content_version` is empty, 0 or 1 this hash decides whether the document has changed; if not, the link gets today's hash.
Nothing here may change. Before this file is deleted, a patch must have given every such link today's hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from ..accounting.money import decimal, plain

Doc = dict[str, Any]
ITEM = "item_code item_name qty uom amount net_amount income_account expense_account item_tax_template item_tax_rate cost_center".split()
ITEM += "deferred_revenue_account deferred_expense_account".split()
TAX = "charge_type account_head rate row_id tax_amount_after_discount_amount add_deduct_tax included_in_print_rate cost_center".split()
INVOICE = "currency conversion_rate posting_date due_date grand_total rounded_total po_no bill_no".split()
PAYMENT = (
    "payment_type posting_date paid_from paid_to paid_amount received_amount source_exchange_rate target_exchange_rate reference_no".split()
)
REFERENCE = "reference_doctype reference_name allocated_amount".split()
DEDUCTION = "account amount is_exchange_gain_loss".split()
JOURNAL = "posting_date voucher_type".split()
JOURNAL_ROW = "account debit credit debit_in_account_currency credit_in_account_currency reference_type reference_name cost_center".split()


def content(doc: Doc) -> str:
    """40 hex digits of what a submitted document says to Xero."""
    said = CONTENT[doc["doctype"]](doc)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:40]


def _fields(row: Doc, names: Sequence[str]) -> list[str]:
    """Values as comparable text: 5, 5.0 and "5.00" are one figure, None and "" are one absence."""
    return [_text(row.get(name)) for name in names]


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, (int, float)):
        return f"{plain(decimal(value)):f}"
    return str(value)


def _rows(doc: Doc, table: str, names: Sequence[str]) -> list[list[str]]:
    return [_fields(row, names) for row in doc.get(table) or []]


def _invoice(doc: Doc) -> list[Any]:
    return [_fields(doc, INVOICE), _rows(doc, "items", ITEM), _rows(doc, "taxes", TAX)]


def _payment(doc: Doc) -> list[Any]:
    # ERPNext splits and joins reference rows of one invoice: only their sums count.
    sums: dict[str, Any] = {}
    for row in doc.get("references") or []:
        key = f"{row['reference_doctype']} {row['reference_name']}"
        sums[key] = sums.get(key, 0) + decimal(row.get("allocated_amount"))
    references = sorted([key, f"{plain(amount):f}"] for key, amount in sums.items() if amount)
    return [_fields(doc, PAYMENT), references, sorted(_rows(doc, "deductions", DEDUCTION)), _rows(doc, "taxes", TAX)]


def _journal(doc: Doc) -> list[Any]:
    return [_fields(doc, JOURNAL), sorted(_rows(doc, "accounts", JOURNAL_ROW))]


CONTENT: dict[str, Callable[[Doc], list[Any]]] = {
    "Sales Invoice": _invoice,
    "Purchase Invoice": _invoice,
    "Payment Entry": _payment,
    "Journal Entry": _journal,
}
