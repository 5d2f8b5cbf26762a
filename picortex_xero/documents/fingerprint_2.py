"""The second formula of the hash of an invoice in fingerprint.py: without what was typed about its items.

What was sent while it held shows the items' names alone in Xero. So a link with its value is compared by it as long as the link stands, and
the descriptions of its lines are not compared with Xero (later_changes.py). Nothing here may change.
"""

from __future__ import annotations

from typing import Any

from .fingerprint import INVOICE, TAX, one_hash, rows_of, used_accounts, values_of

Doc = dict[str, Any]
VERSION = 2
ITEM = "item_code item_name qty uom amount net_amount income_account expense_account item_tax_template item_tax_rate cost_center".split()
ITEM += "deferred_revenue_account deferred_expense_account".split()


def of_invoice(doc: Doc) -> str:
    """40 hex digits of what an invoice, a bill or a return said to Xero."""
    return one_hash([values_of(doc, INVOICE), used_accounts(doc), rows_of(doc, "items", ITEM), rows_of(doc, "taxes", TAX)])
