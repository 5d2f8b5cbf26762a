"""Which rows of "Taxes and Charges" are tax, and how much that is: freight, what is withheld and other charges stand among them, and are none in Xero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, decimal
from ...accounting.tax import row_total
from ..identity import INVOICE_DOCTYPES, is_opening
from . import valuation


def kind_of(row: dict[str, Any], mapping: Mapping) -> str:
    """ "tax", "fixed" (an amount of tax) or "charge". A row is a tax where its account is mapped as tax; other mapped accounts and other 'Actual' rows
    are charges, and so is what ERPNext itself marks as withheld."""
    account = row.get("account_head") or ""
    if row.get("is_tax_withholding_account"):
        return "charge"
    is_tax = mapping.is_tax(account)
    if row.get("charge_type") == "Actual":
        return "fixed" if is_tax else "charge"
    return "charge" if account in mapping.accounts and not is_tax else "tax"


def tax_in(doc: dict[str, Any], mapping: Mapping, there: Decimal | None) -> Decimal | None:
    """The tax of a document, in its currency and with ERPNext's sign, to be shown beside Xero's (`there`; None: not known). None where it has none to
    compare: the tax of an opening document was filed before. An amount of tax that Xero has on a line of its own (tax on imports) is none in its total."""
    if doc["doctype"] not in INVOICE_DOCTYPES:
        return None if doc.get("total_taxes_and_charges") is None else decimal(doc["total_taxes_and_charges"])
    if is_opening(doc):
        return None
    sums = {"tax": ZERO, "fixed": ZERO, "charge": ZERO}
    for row in doc.get("taxes") or []:
        if row.get("category") != valuation.ONLY:
            sums[kind_of(row, mapping)] += row_total(row)
    return sums["tax"] if there is not None and abs(sums["tax"]) == abs(there) else sums["tax"] + sums["fixed"]
