"""The hourly search for documents that have no step: submitted, cancelled or changed since the last search without being noted for Xero.

engine/capture may miss a document when deciding failed (the submit passed all the same), while the app was being updated, or when documents
were changed by SQL. The search reads what was modified since the last one, with an overlap (engine/search_walk).
"""

from __future__ import annotations

import math
import time
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..documents import registry
from ..documents.base import Books
from ..documents.fact_types import HEAD, LINKS, STEPS
from ..documents.history.taking_up import AGAIN, taken_up
from ..documents.identity import INVOICE_DOCTYPES, Identity, moment
from ..documents.needs import Facts
from ..documents.role import role
from ..documents.settlement.taken_off import balance, owed_again
from ..documents.step import link, own_links, own_steps, step
from ..documents.unchanged import needs_of_renamings, still_says
from ..xero.records.registry import is_extra
from . import capture, links, outbox, peoples_own, restored, says
from .apply import seen
from .contexts import books_of
from .gather import load
from .protocol import UNFINISHED
from .search_walk import OVERLAP, Row, SearchPart, walk
from .wake import wake

SEARCH = "missed"
# For so long at most a slice of other work searches first: shorter than slices.ALIVE, after which another worker would take it up.
FIRST_SECONDS = 200
FIELDS = ("creation", "docstatus")


def find(connection: str, stop: float = math.inf) -> int:
    """Add the missing steps of one connection; returns how many there were. Commits page by page; begins no page after `stop`
    (time.monotonic())."""
    doc = frappe.get_doc("Xero Connection", connection)
    if not since(doc):
        return 0
    restored.before_the_first_search(connection)
    frappe.db.commit()
    # `modified` is in the site's time zone, and so is this cursor.
    books = books_of(doc)
    since_last = frappe.db.get_value("Xero Connection State", connection, "swept_until")
    added = walk(
        connection, SEARCH, "swept_until", _parts(doc), now_datetime(), stop, lambda part, row: _look_at(doc, books, part.doctype, row)
    )
    if frappe.db.get_value("Xero Connection State", connection, "swept_until"):
        restored.before_the_first_search(connection, done=True)
        frappe.db.commit()
    if since_last:
        added += _openings_owed_again(books, since_last - OVERLAP)
    if added:
        wake(connection)
    return added


def first(connection: str, stop: float) -> bool:
    """Search until one search is through, where none is yet since documents count anew; whether it is now. Commits page by page."""
    if not frappe.db.get_value("Xero Connection State", connection, "swept_until"):
        find(connection, min(stop, time.monotonic() + FIRST_SECONDS))
    return bool(frappe.db.get_value("Xero Connection State", connection, "swept_until"))


def since(doc: Any) -> Any:
    """From which day on documents of a Xero Connection (a document) count: they go to Xero from then on, or are watched; None before either."""
    return doc.go_live_date or doc.watched_from


def _parts(doc: Any) -> list[SearchPart]:
    """What to search, cancelled documents first: an amended document must find the cancel that it has to wait for."""
    company = {"company": doc.company}
    due = {**company, "docstatus": 1, "posting_date": (">=", since(doc))}
    parts = [SearchPart(f"{doctype}, cancelled", doctype, {**company, "docstatus": 2}, FIELDS) for doctype in registry.SUBMITTED]
    parts += [SearchPart(f"{doctype}, submitted", doctype, due, FIELDS) for doctype in registry.SUBMITTED]
    if doc.opening_documents == "Create":
        openings = {**due, "posting_date": ("<", since(doc)), "is_opening": "Yes"}
        parts += [SearchPart(f"{doctype}, opening", doctype, openings, FIELDS) for doctype in INVOICE_DOCTYPES]
    return parts


def _look_at(connection: Any, books: Books, doctype: str, row: Row) -> int:
    """Add the step that one document lacks, or decide anew what its date alone kept out; returns how many steps go on."""
    who = Identity(doctype, row["name"], moment(row["creation"]))
    steps = [each for each in outbox.steps_of(connection.name, who) if not is_extra(each["role"])]
    voids = [role(each["role"]).cancels for each in steps]
    linked = links.live(connection.name, who)
    submitted = row["docstatus"] == 1
    if (submitted and False not in voids) or (not submitted and True not in voids and linked):
        doc = frappe.get_doc(doctype, row["name"])
        capture.add_step(doc, registry.first_role(doc.as_dict()) if submitted else "void", {"name": connection.name})
        (peoples_own.amended if submitted else peoples_own.cancelled)(doc, connection.name)
        return 1
    if submitted and connection.go_live_date and (left := _left_out_by_date(who, steps, bool(linked))):
        return sum(outbox.decide_anew(each) for each in left)
    if submitted and linked and not any(each["state"] in UNFINISHED for each in steps):
        return _has_changed(books, doctype, row["name"], linked) or _owed_again(books, doctype, row["name"])
    return 0


def _openings_owed_again(books: Books, since: Any) -> int:
    """Ask for a look at what imports of opening balances have brought and that was modified since then (the site's time), where less is settled of it than when it
    went: these are older than the go-live date, and no other search comes by them. Returns how many. Commits."""
    added = 0
    for doctype in INVOICE_DOCTYPES if books.openings else ():
        rows = frappe.db.sql(
            f"SELECT DISTINCT d.`name` FROM `tabXero Outbox Entry` AS o JOIN `tab{doctype}` AS d ON d.`name`=o.`reference_name` "
            "WHERE o.`history_run` IN %(runs)s AND o.`reference_doctype`=%(doctype)s AND d.`docstatus`=1 AND d.`modified`>=%(since)s "
            "ORDER BY d.`name` LIMIT 500",
            {"runs": tuple(each.run for each in books.openings), "doctype": doctype, "since": since},
        )
        added += sum(_owed_again(books, doctype, name) for (name,) in rows)
    frappe.db.commit()
    return added


def _owed_again(books: Books, doctype: str, name: str) -> int:
    """Ask for a look at an opening document of which less is settled by now than when it went to Xero; returns 1 where that is so and nobody looks yet."""
    named, facts = (doctype, name), Facts()
    load(books, HEAD.of([named]) | LINKS.of([named]) | STEPS.of([named]), facts)
    head = facts.get(HEAD, named)
    if head is None:
        return 0
    who = Identity(doctype, name, moment(head["creation"]))
    own = next((each for each in own_links(facts.get(LINKS, named), who) if each.part == "invoice" and each.live), None)
    looks = [each for each in own_steps(facts.get(STEPS, named), who) if each.role.looks_again]
    known = balance(head, own) if own else None
    if known is None or any(each.unfinished for each in looks) or not owed_again(known, looks):
        return 0
    return capture.look_again(frappe.get_doc(doctype, name), {"name": books.connection})


def _left_out_by_date(who: Identity, steps: list[outbox.Row], linked: bool) -> list[outbox.Row]:
    """The steps of a document that counts by its date that were left out only since it was older than the go-live date, which has been moved back since, or
    given back by an import of history that was stopped."""
    if not any(each["reason_code"] in AGAIN for each in steps):
        return []
    names = taken_up(who, [step(each) for each in steps], linked).anew
    return [each for each in steps if each["name"] in names]


def _has_changed(books: Books, doctype: str, name: str, linked: list[dict[str, Any]]) -> int:
    """Ask for another look at a document that now says something else to Xero than when it was sent; returns 1 where that is so.

    ERPNext changes references by SQL, without an event of the document (observed on ERPNext 15.71).
    """
    doc, facts = frappe.get_doc(doctype, name), Facts()
    known, sent = says.document(books, doc, facts), [link(row) for row in linked if row["content"]]
    load(books, needs_of_renamings(known, sent, registry.fingerprint), facts)
    same = still_says(known, sent, facts, registry.fingerprint)
    if same is None:
        return capture.look_again(doc, {"name": books.connection})
    for each in same:
        seen(each)
    return 0
