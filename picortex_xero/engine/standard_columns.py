"""What Frappe would fill in of a row that is written past `Document.insert`."""

from __future__ import annotations

from typing import Any

from frappe.utils import now_datetime


def standard(by: str = "Administrator") -> dict[str, Any]:
    """Whose the row is, and when it was made, in the site's time zone as Frappe's own columns are (all other times of the app are UTC)."""
    at = now_datetime()
    return {"owner": by, "creation": at, "modified": at, "modified_by": by}
