"""Reading one of the app's tables page by page, ordered by name, so that only one page is in memory and in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe

PAGE = 500


def pages(doctype: str, filters: dict[str, Any], fields: list[str]) -> Iterator[list[dict[str, Any]]]:
    """The rows with these `fields` (and `name`), a page at a time. Work done on a page is committed before the next one is read."""
    last = ""
    while True:
        found = frappe.get_all(doctype, filters={**filters, "name": (">", last)}, fields=["name", *fields], order_by="name asc", limit=PAGE)
        if not found:
            return
        yield [dict(row) for row in found]
        frappe.db.commit()
        last = found[-1]["name"]
