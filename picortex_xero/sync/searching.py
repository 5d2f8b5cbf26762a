"""How the hourly searches walk through the host's tables: in pages by name, one thing at a time, and never stopped by a single one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import frappe

# What was committed while a search ran, under an earlier `modified`, is seen by the next one.
OVERLAP = timedelta(hours=2)
PAGE = 500
STATE = "Xero Connection State"
SAVEPOINT = "picortex_xero_search"


def pages(doctype: str, filters: dict[str, Any], fields: list[str]) -> Iterator[list[dict[str, Any]]]:
    """All rows that match, a page at a time; commits after each. By name and not by offset: a row that stops matching meanwhile would
    push another one over the edge of a page."""
    last = ""
    while True:
        further = {**filters, "name": (">", last)} if last else filters
        page = frappe.get_all(doctype, filters=further, fields=["name", *fields], order_by="name asc", limit=PAGE)
        yield page
        frappe.db.commit()
        if len(page) < PAGE:
            return
        last = page[-1]["name"]


def guarded(what: str, look: Callable[[], int], failed: list[str]) -> int:
    """What `look` adds; a failure is logged, undone and noted in `failed`, and does not keep the search from the rest."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        return look()
    except Exception:
        # After a deadlock the savepoint is gone and this raises: the search ends and starts again from where it began.
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=f"Xero: the hourly search could not look at {what}"[:140])
        failed.append(what)
        return 0


def finish(connection: str, field: str, started: Any, failed: list[str]) -> None:
    """Move the search's cursor on; not over what could not be looked at, which the next search tries again. Commits."""
    if not failed:
        frappe.db.set_value(STATE, connection, field, started, update_modified=False)
    frappe.db.commit()
