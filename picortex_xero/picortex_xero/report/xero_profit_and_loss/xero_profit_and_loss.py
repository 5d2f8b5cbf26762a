"""Income and expenses as Xero has them, by periods of its financial year. What it shows is made in reporting/reports.py."""

from __future__ import annotations

from typing import Any

from picortex_xero.reporting import reports


def execute(filters: Any = None) -> Any:
    """Columns, rows, a message and a chart."""
    return reports.execute("Xero Profit and Loss", filters)
