"""The hourly search for what capture missed: documents submitted, cancelled or changed since the last search, without a step for it.

Capture can miss one when deciding failed (the submit passed all the same), when the app was being updated, or when somebody changed
documents by SQL. Looks only at what was modified since the last search, with an overlap (sync.searching).
"""

from __future__ import annotations

import math
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..documents.identity import INVOICE_DOCTYPES, Identity, create_role, moment
from ..sync.refunds import as_known
from ..xero.records.registry import is_extra
from . import capture, links, outbox
from .former_names import unchanged
from .protocol import UNFINISHED
from .search import Part, Row, walk
from .wake import wake

SEARCH = "missed"
FIELDS = ("creation", "docstatus")


def find(connection: str, stop: float = math.inf) -> int:
    """Add the missing steps of one connection and return how many there were. Commits page by page; begins no page after `stop`."""
    doc = frappe.get_doc("Xero Connection", connection)
    if not doc.go_live_date:
        return 0
    # `modified` is in the site's time, and so is this cursor.
    added = walk(connection, SEARCH, "swept_until", _parts(doc), now_datetime(), stop, lambda part, row: _look_at(doc, part.doctype, row))
    if added:
        wake(connection)
    return added


def _parts(doc: Any) -> list[Part]:
    """Cancelled documents first: an amended one must find the cancel it has to wait for."""
    company = {"company": doc.company}
    due = {**company, "docstatus": 1, "posting_date": (">=", doc.go_live_date)}
    parts = [Part(f"{doctype}, cancelled", doctype, {**company, "docstatus": 2}, FIELDS) for doctype in capture.DOCTYPES]
    parts += [Part(f"{doctype}, submitted", doctype, due, FIELDS) for doctype in capture.DOCTYPES]
    if doc.opening_documents == "Create":
        openings = {**due, "posting_date": ("<", doc.go_live_date), "is_opening": "Yes"}
        parts += [Part(f"{doctype}, opening", doctype, openings, FIELDS) for doctype in INVOICE_DOCTYPES]
    return parts


def _look_at(connection: Any, doctype: str, row: Row) -> int:
    """Add what one document misses; 1 where that was a step."""
    who = Identity(doctype, row["name"], moment(row["creation"]))
    steps = [step for step in outbox.steps_of(connection.name, who) if not is_extra(step["role"])]
    voids = [step["role"].startswith("void") for step in steps]
    linked = links.live(connection.name, who)
    submitted = row["docstatus"] == 1
    if (submitted and False not in voids) or (not submitted and True not in voids and linked):
        doc = frappe.get_doc(doctype, row["name"])
        capture.add_step(doc, create_role(doc.as_dict()) if submitted else "void", {"name": connection.name})
        return 1
    if submitted and linked and not any(step["state"] in UNFINISHED for step in steps):
        return _has_changed(connection.name, doctype, row["name"], linked)
    return 0


def _has_changed(connection: str, doctype: str, name: str, linked: list[dict[str, Any]]) -> int:
    """Ask for a look at a document that says something else to Xero than when it was sent; 1 where that was so.

    ERPNext changes references by SQL, without an event of the document (fact sheet B)."""
    doc = frappe.get_doc(doctype, name)
    if unchanged(as_known(dict(doc.as_dict())), [link for link in linked if link["content"]]):
        return 0
    return capture.look_again(doc, {"name": connection})
