"""Is a due step ready to go? Its document is read again, its prerequisites are checked, and what is missing is asked for.

Nothing here talks to Xero. A step that is not ready is moved or postponed with a reason, so that it never comes up again at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..documents.identity import Identity, brings_balance, moment
from ..documents.journal_entry.facts import about_people
from ..documents.payroll import held as held_as_private
from ..documents.settlement.actions import PARTS
from ..engine import kept, links, outbox, protocol, renames
from ..engine.context import Context
from ..engine.outbox import Row
from ..xero.records.registry import EXTRAS, object_at
from .journals import ready_as_payment, ready_journal, settlement_of
from .paid_inside import ready_paid_inside
from .recheck import ready_recheck, waits_for_older
from .refunds import as_known
from .releases import ready_release
from .undo import takes_back, void
from .work import Work, before_go_live, sequence, settle, supersede
from .write_offs import ready_write_off

# Steps of customers and suppliers, which are never submitted.
OF_PARTIES = ("contact", "merged")


def ready(context: Context, row: Row) -> Work | None:
    """The work of a due step, or None after moving or postponing it. Part of the caller's transaction."""
    who = outbox.identity(row)
    doc = _load(who)
    role = row["role"].split("-")[0]
    if row["kept_by"]:
        # Xero may have it: that is settled first, whatever has become of the document.
        return kept.ready(row, doc)
    if doc is None and role == "void":
        # A cancelled document may be deleted at once. What it became in Xero must go all the same; its links say what that is.
        doc = {"doctype": who.doctype, "name": who.name, "creation": who.creation, "docstatus": 2}
    if doc is None and role in OF_PARTIES and (renamed := renames.now_called(who)):
        renames.follow(renamed, who.name)
        return None  # it comes up again at once, under its own name
    if doc is None:
        supersede(row, f"{who.doctype} {who.name} no longer exists")
        return None
    if role not in (*protocol.TAKES_BACK, *OF_PARTIES, *EXTRAS) and not _free_to_go(context, row, doc):
        return None
    if role not in (*protocol.TAKES_BACK, *OF_PARTIES) and (what := about_people([(who.doctype, who.name)])[who.doctype, who.name]):
        if row.get("amount"):
            outbox.note(row, amount=0, currency="")
        settle(row, [held_as_private(who, what)])
        return None
    if int(row["tries"] or 0) and role in LOOKED_AT and (linked := links.standing(context.connection, who, *_own(row))):
        # Somebody pressed Retry on what is in Xero already: it is looked at, and nothing is sent.
        return Work(row, doc, object_at(linked["endpoint"]).made_by, {who.digest, linked["xero_id"]}, linked=linked, xero_id=linked["xero_id"], again=True)
    if row["generation"] > 1 and role not in (*protocol.TAKES_BACK, *OF_PARTIES, *EXTRAS) and waits_for_older(context, row):
        return None
    if who.doctype == "Journal Entry" and role in PARTS:
        return ready_as_payment(context, row, doc)
    if role == "recheck":
        return ready_recheck(context, row, doc, settlement_of(context, doc))
    return READY[role](context, row, doc)


def _own(row: Row) -> tuple[str, int, int]:
    """Role, sequence and generation of the link that a step makes."""
    return row["role"].partition("-")[0], sequence(row["role"]), int(row["generation"])


# What a Retry looks at in Xero where it is linked; invoices and credit notes are looked at by their own kind.
LOOKED_AT = ("payment", "fee", "clearing", "allocation", "journal", "release", "writeoff")
READY: dict[str, Callable[[Context, Row, dict[str, Any]], Work | None]] = {
    "payment": ready_paid_inside,
    "journal": ready_journal,
    "void": void,
    "undo": void,
    "release": ready_release,
    "writeoff": ready_write_off,
}


def _load(who: Identity) -> dict[str, Any] | None:
    """The document of exactly this identity as a dict, or None when it is gone or its name now belongs to another."""
    creation = frappe.db.get_value(who.doctype, who.name, "creation")
    if creation is None or moment(creation) != who.creation:
        return None
    return as_known(dict(frappe.get_doc(who.doctype, who.name).as_dict()))


def _free_to_go(context: Context, row: Row, doc: dict[str, Any]) -> bool:
    """Still submitted, not older than the go-live date of today (unless it is in Xero already), and not waiting for what it replaces."""
    if doc["docstatus"] == 1:
        in_xero = bool(links.of(context.connection, outbox.identity(row)))
        # An advance from before may settle an invoice from after: its allocation is judged by what it settles. A release has its own date.
        old = not in_xero and not row["role"].startswith(("allocation", "release")) and _before_go_live(context, row, doc)
        return not old and not _waits_for_predecessor(context, row, doc)
    supersede(row, f"{doc['name']} was cancelled before it was sent")
    return False


def _before_go_live(context: Context, row: Row, doc: dict[str, Any]) -> bool:
    """Captured under an earlier go-live date than the one that holds now: nothing older is sent."""
    if str(doc["posting_date"]) >= context.go_live_date:
        return False
    if brings_balance(doc, context.mapping.opening_documents):
        return False
    return outbox.move(row, "skip", before_go_live(context.go_live_date))


def _waits_for_predecessor(context: Context, row: Row, doc: dict[str, Any]) -> bool:
    """A document waits until what it replaces is gone from Xero, so that nothing is ever owed twice: the one it amends, or a deleted
    one whose name it got."""
    for name in filter(None, (doc.get("amended_from"), doc["name"])):
        for step in outbox.steps_named(context.connection, doc["doctype"], name):
            if takes_back(step) and step["state"] in protocol.UNFINISHED:
                message = (
                    f"Waits until {name} is cancelled in Xero"
                    if name != doc["name"]
                    else f"Waits until the former {name} is cancelled in Xero"
                )
                problem = Problem("waits-for-cancel", message, f"See why {name} is not cancelled in Xero yet")
                return outbox.postpone(row, blocked_on=step["name"], problem=problem)
    return False
