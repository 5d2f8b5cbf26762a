"""The host's Error Log."""

from __future__ import annotations

from typing import Any

from frappe._messages import get_traceback
from frappe.model.document import get_doc


def log_error(
    title: str | None = None,
    message: str | None = None,
    reference_doctype: str | None = None,
    reference_name: str | None = None,
) -> Any:
    """Write an Error Log row in the CURRENT transaction (a rollback takes it away) and return it."""
    title, text = title or "Error", message
    if message and "\n" in title:
        title, text = message, title
    row = {
        "doctype": "Error Log",
        "method": title,
        "error": text or get_traceback(),
        "reference_doctype": reference_doctype,
        "reference_name": reference_name,
    }
    return get_doc(row).insert(ignore_permissions=True)
