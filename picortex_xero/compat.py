"""The only place that knows Frappe 15 from 16, and the one that reaches for what Frappe offers no public name for."""

from __future__ import annotations

import frappe


def affected_rows() -> int:
    """How many rows the last statement changed. Frappe has no public name for it in 15 or 16."""
    return int(frappe.db._cursor.rowcount)
