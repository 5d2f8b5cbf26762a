"""What an import of history has found in Xero already: linked with its documents where a person confirms that."""

from __future__ import annotations

import time

import frappe

from ..accounting.money import decimal
from . import candidates, history, history_counts, outbox, protocol
from .wake import wake

SECONDS = 20


def link_all(run: str) -> tuple[int, int]:
    """A person says that what was found is what it looks like: every document of which Xero has exactly one record of its number, over its amount, is linked
    with it. Returns how many, and how many others wait until somebody looks at each. Commits one by one."""
    stop, linked, left = time.monotonic() + SECONDS, 0, 0
    for found in history_counts.was_there(run):
        if found["state"] != protocol.ATTENTION:
            continue
        record = _only(found["step"])
        if record is None or time.monotonic() > stop:
            left += 1
            continue
        try:
            candidates.choose(found["step"], record)
        except frappe.ValidationError:
            # Somebody was faster: it waits for nobody any more.
            frappe.db.rollback()
            continue
        frappe.db.commit()
        linked += 1
    if linked:
        wake(str(frappe.db.get_value(history.DOCTYPE, run, "connection")))
    return linked, left


def _only(step: str) -> str | None:
    """The one record that may be a step's, where its total is the document's amount."""
    row, offered = outbox.get(name=step), candidates.choices(step)
    if row is None or len(offered) != 1 or not offered[0]["total"]:
        return None
    return str(offered[0]["id"]) if decimal(offered[0]["total"]) == decimal(row["amount"]) else None
