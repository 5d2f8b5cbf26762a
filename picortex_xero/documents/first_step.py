"""The first step of a document that is submitted: whether it is anything in accounts at all, and the amount that people see in its row."""

from __future__ import annotations

from typing import Any

from ..accounting.problems import Problem
from .base import Doc
from .identity import INVOICE_DOCTYPES, amount_due, within_one_company
from .payroll import may_be


def nothing_in_accounts(doc: Doc) -> Problem | None:
    """Why a document is nothing in accounts, so that its step is skipped from the start; None where it is something."""
    if not _worth(doc):
        return Problem("zero-total", "Its total is zero: there is nothing to account for", "")
    if doc["doctype"] in INVOICE_DOCTYPES and within_one_company(doc):
        return Problem("internal-transfer", f"It moves goods inside {doc['company']}: nobody owes anything", "")
    return None


def shown_amount(doc: Doc) -> tuple[Any, Any]:
    """Its amount and currency as people know it; neither of what may be one person's wage, or close to it."""
    if may_be(doc):
        return 0, ""
    if doc["doctype"] == "Payment Entry":
        return doc.get("paid_amount"), doc.get("paid_from_account_currency")
    if doc["doctype"] == "Journal Entry":
        return doc.get("total_debit"), ""
    return abs(amount_due(doc)), doc.get("currency")


def _worth(doc: Doc) -> Any:
    """What it is worth in company currency."""
    if doc["doctype"] == "Payment Entry":
        return doc.get("base_received_amount") or doc.get("base_paid_amount")
    if doc["doctype"] == "Journal Entry":
        return doc.get("total_debit")
    # Lines of opposite sign are income and cost all the same, though their total is zero.
    return doc.get("base_grand_total") or any(item.get("base_net_amount") for item in doc.get("items") or [])
