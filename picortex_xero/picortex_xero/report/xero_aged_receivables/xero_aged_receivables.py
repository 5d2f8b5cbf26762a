"""What customers owe by contact and days overdue, from the documents that are open in Xero. What it shows is made in reporting/reports.py."""

from __future__ import annotations

from typing import Any

from picortex_xero.reporting import reports


def execute(filters: Any = None) -> Any:
    """Columns, rows, a message and a chart."""
    return reports.execute("Xero Aged Receivables", filters)
