"""The intent to sync, written in the submit's own transaction: one insert, nothing else.

No HTTP, commit or enqueue here, and no exception reaches the user: if deciding fails, the savepoint is rolled back, the failure
logged, and the hourly search finds the document (design, "Outbound").
"""

from __future__ import annotations

from typing import Any

import frappe

from ..core.documents import amount_due, identity
from ..core.outbox import SKIPPED
from ..core.problems import Problem
from . import outbox
from .wake import wake

SAVEPOINT = "picortex_xero_capture"
CREATE_ROLE = {"Sales Invoice": "invoice", "Purchase Invoice": "invoice", "Payment Entry": "payment"}
DOCTYPES = tuple(CREATE_ROLE)


def submitted(doc: Any) -> None:
    """A document was submitted: note that it must appear in Xero."""
    _guarded(doc, CREATE_ROLE[doc.doctype])


def cancelled(doc: Any) -> None:
    """A document was cancelled: note that what it became must be undone."""
    _guarded(doc, "void")


def add_step(doc: Any, role: str, connection: dict[str, Any]) -> None:
    """The one insert, for `connection` as `live` gives it. Documents that are nothing in accounts are noted as skipped."""
    if doc.doctype == "Payment Entry":
        worth = doc.get("base_received_amount") or doc.get("base_paid_amount")
    else:
        # Lines of opposite sign are income and cost all the same, though their total is zero.
        worth = doc.get("base_grand_total") or any(item.get("base_net_amount") for item in doc.get("items") or [])
    nothing = Problem("zero-total", "Its total is zero: there is nothing to account for", "") if role != "void" and not worth else None
    payment = doc.doctype == "Payment Entry"
    outbox.add(
        connection["name"],
        doc.company,
        identity(doc.as_dict()),
        role,
        state=SKIPPED if nothing else "Pending",
        problem=nothing,
        posting_date=doc.posting_date,
        amount=doc.get("paid_amount") if payment else amount_due(doc.as_dict()),
        currency=doc.get("paid_from_account_currency") if payment else doc.get("currency"),
    )


def live(company: str) -> dict[str, Any] | None:
    """The company's connection (name, go_live_date) once it has gone live, also while it is paused; one indexed read."""
    found = frappe.db.get_value(
        "Xero Connection", {"company": company, "state": ("in", ("Live", "Paused"))}, ["name", "go_live_date"], as_dict=True
    )
    return found or None


def _guarded(doc: Any, role: str) -> None:
    missed = f"Xero: {doc.doctype} {doc.name} will be picked up by the hourly search"
    try:
        connection = live(doc.company)
        wanted = connection and (_after_go_live(doc, connection) or role == "void" and _known(doc, connection))
    except Exception:
        # A read that fails (a table of ours that an update has not made yet) leaves the transaction as it is.
        frappe.log_error(title=missed)
        return
    if not connection or not wanted:
        return
    frappe.db.savepoint(SAVEPOINT)
    try:
        add_step(doc, role, connection)
    except Exception:
        # A deadlock has rolled the whole transaction back: then the savepoint is gone, this raises, and the submit fails as it must.
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=missed)
        return
    name = connection["name"]
    frappe.db.after_commit.add(lambda: wake(name))


def _known(doc: Any, connection: dict[str, Any]) -> bool:
    """Whether a document from before the go-live date was noted all the same: under an earlier date than today's."""
    return bool(outbox.steps_of(connection["name"], identity(doc.as_dict())))


def _after_go_live(doc: Any, connection: dict[str, Any]) -> bool:
    return bool(connection["go_live_date"]) and str(doc.posting_date) >= str(connection["go_live_date"])
