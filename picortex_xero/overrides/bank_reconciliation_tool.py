"""ERPNext's Bank Reconciliation Tool asks every app what a bank line could be about."""

from __future__ import annotations

from typing import Any

from ..reconciling import tool


def get_matching_queries(
    bank_account: str,
    company: str,
    transaction: Any,
    document_types: Any = None,
    *_dates_and_filters: Any,
) -> list[Any]:
    """Queries for what is proposed here, ranked before ERPNext's own."""
    return tool.queries(transaction, document_types or ())
