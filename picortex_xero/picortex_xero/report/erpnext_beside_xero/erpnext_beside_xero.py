"""The same figures from both books, account by account as they are mapped, with the difference. What it shows is made in reporting/reports.py."""

from __future__ import annotations

from typing import Any

from picortex_xero.reporting import reports


def execute(filters: Any = None) -> Any:
    """Columns, rows, a message and a chart."""
    return reports.execute("ERPNext beside Xero", filters)
