"""What all reads of ERPNext share: rows as dicts, and what is not installed has none."""

from __future__ import annotations

from typing import Any

import frappe


def rows(query: str, values: dict[str, Any], *doctypes: str) -> list[dict[str, Any]]:
    """The rows of a statement; [] where the site does not have all of these DocTypes (HRMS is an app of its own)."""
    if not all(frappe.db.table_exists(each) for each in doctypes):
        return []
    return [dict(each) for each in frappe.db.sql(query, values, as_dict=True)]
