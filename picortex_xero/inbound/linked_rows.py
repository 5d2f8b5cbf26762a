"""Rows whose record in Xero is linked already when they are decided: with what was made of them here, or with what was sent from here."""

from __future__ import annotations

from collections.abc import Sequence

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents.settlement.settlement import PAYMENT_ENTRY
from ..documents.step import ENDED
from ..engine import links
from .incoming_rows import DOCTYPE, DRAFT, ENTERED, GONE, WAITING, Row, say

REMOVED_DRAFT = "removed-draft"


def settle(row: Row, linked: Sequence[Row]) -> bool:
    """Say what becomes of a row whose record is `linked`; False where it is to be decided as if it were not, which it is by then. Part of the caller's transaction."""
    name = str(row["reference_name"] or "")
    if not name:
        # The answer to a request of ours came after it was listed.
        frappe.db.delete(DOCTYPE, {"name": row["name"]})
        return True
    gone = are_gone(linked)
    found = frappe.db.get_value(PAYMENT_ENTRY, name, "docstatus")
    state = None if found is None else int(found)
    if state is None:
        for each in linked:
            links.forget(each["name"])
        if gone:
            say(row["name"], GONE, reference_doctype=None, reference_name=None)
        return gone
    if gone and state == 0:
        say(row["name"], WAITING, draft_of_removed(name))
    else:
        # Its step says that the record was removed.
        say(row["name"], DRAFT if state == 0 else ENTERED if state == 1 or not gone else GONE)
    return True


def are_gone(linked: Sequence[Row]) -> bool:
    """Whether the records of these links were removed in Xero."""
    return bool(linked) and all(each["remote_status"] in ENDED for each in linked)


def draft_of_removed(name: str) -> Problem:
    """A person deletes the draft of a payment that was removed in Xero."""
    return Problem(
        REMOVED_DRAFT,
        _("The payment was removed in Xero, and {name} is a draft of it here").format(name=name),
        _("Delete {name}; then press Retry").format(name=name),
        held=True,
    )
