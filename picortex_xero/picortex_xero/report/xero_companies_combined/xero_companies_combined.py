"""Several companies in one currency, added up. What it shows is made in reporting/combined.py."""

from __future__ import annotations

from typing import Any

from picortex_xero.reporting import combined


def execute(filters: Any = None) -> Any:
    """Columns, rows, a message and a chart."""
    return combined.execute(filters)
