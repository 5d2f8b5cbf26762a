"""A document that is in Xero has changed here without a cancel of its own. Steps "recheck-n".

ERPNext unlinks payments from cancelled or unreconciled invoices by SQL, without an event of theirs (fact sheet B): every such payment is
looked at again. What settles other invoices than before is taken back ("undo-..." steps) and the document goes again, in a further
generation; an over- or prepayment keeps its money in Xero and only its allocations move. Nothing here talks to Xero.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal
from ..accounting.problems import Problem
from ..documents.fingerprint import content
from ..documents.identity import INVOICE_DOCTYPES, Identity, create_role, identity
from ..documents.settlement.settlement import Settlement
from ..engine import kept, links, outbox, protocol
from ..engine.context import Context
from ..engine.former_names import unchanged
from ..engine.outbox import Row
from ..xero.records.registry import INVOICE, is_extra, object_at
from .refunds import as_known, paying_back
from .targets import in_xero
from .undo import takes_back
from .updates import ready_update
from .work import Work, settle, supersede

Links = list[dict[str, Any]]
# Marks a step on which a person was asked to make a change in Xero.
ASKED = "asked"


def ready_recheck(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement | None) -> Work | None:
    """Look at a submitted document again. A changed invoice is compared with Xero; for all others what it takes is asked for in steps of
    their own, and this one is done. `settlement` is what a payment is, also one by journal."""
    who = identity(doc)
    steps = outbox.steps_of(context.connection, who)
    for step in steps:
        if step["state"] in protocol.IN_FLIGHT and not is_extra(step["role"]):
            outbox.postpone(row, blocked_on=step["name"])
            return None
        if step["role"].startswith("recheck") and step["name"] != row["name"] and step["state"] in protocol.UNSENT:
            supersede(step, "It is looked at again")
    live = links.live(context.connection, who)
    whole = next((link for link in live if link["role"] in ("invoice", "credit") and object_at(link["endpoint"]).updated_by), None)
    if not live:
        _look_anew(row, steps)
    elif unchanged(doc, live):
        outbox.move(row, "recorded")
    elif whole and doc["doctype"] in INVOICE_DOCTYPES:
        return ready_update(context, row, doc, whole)
    elif any(object_at(link["endpoint"]).is_advance for link in live):
        _move_allocations(context, row, doc, settlement, live)
        outbox.move(row, "recorded")
    elif any(object_at(link["endpoint"]).settles for link in live):
        _replace(row, doc, steps, live)
        outbox.move(row, "recorded")
    elif row["kind"] == ASKED or context.update_changed:
        _settle_change(row, doc, steps, live)
    else:
        outbox.note(row, kind=ASKED)
        settle(row, [_changed(doc)])
    return None


def add(row: Row) -> Row:
    """Ask for a look at the document of `row`; returns the step, which is one that still waits where there is one."""
    return ask(row["connection"], row["company"], outbox.identity(row), row)


def ask(connection: str, company: str, who: Identity, facts: Row) -> Row:
    """Ask for a look at a document that has steps already; `facts` gives posting_date, amount and currency."""
    steps = outbox.steps_of(connection, who)
    looks = [step for step in steps if step["role"].startswith("recheck-")]
    waiting = next((step for step in looks if step["state"] in (protocol.PENDING, protocol.HELD)), None)
    if waiting:
        if waiting["state"] == protocol.HELD:
            outbox.move(waiting, "release")
        return waiting
    named = {"connection": connection, "company": company, "reference_doctype": who.doctype, "reference_name": who.name}
    named |= {"reference_creation": who.creation}
    return outbox.add_sibling({**facts, **named}, f"recheck-{len(looks) + 1}", generation=1)


def settlers(context: Context, element: dict[str, Any]) -> list[Row]:
    """The steps to wait for before an invoice as Xero shows it (`element`) can be voided: those of documents that are still submitted here
    and settle it only in Xero. They are looked at again."""
    waiting = []
    for who in links.owners(context.connection, INVOICE.settled_by(element)):
        if frappe.db.get_value(who.doctype, who.name, "docstatus") != 1:
            continue
        steps = outbox.steps_of(context.connection, who)
        undoing = [step for step in steps if takes_back(step) and step["state"] in protocol.UNFINISHED]
        if undoing:
            waiting += undoing
        elif _has_changed(context, who):
            waiting.append(ask(context.connection, context.company, who, steps[0]))
    return waiting


def waits_for_older(context: Context, row: Row) -> bool:
    """Whether a step of a further generation was postponed, because what the former ones became still stands in Xero."""
    who = outbox.identity(row)
    if undecided := kept.waiting([step for step in outbox.steps_of(context.connection, who) if step["generation"] < row["generation"]]):
        return outbox.postpone(row, blocked_on=undecided["name"], problem=kept.waits_for(undecided))
    for link in links.live(context.connection, who):
        if link["generation"] < row["generation"]:
            step = outbox.add_sibling(row, _undo_of(link), generation=link["generation"])
            problem = Problem(
                "waits-for-undo", f"Waits until {who.name} as it was before is taken back in Xero", f"See what stops {who.name}"
            )
            return outbox.postpone(row, blocked_on=step["name"], problem=problem)
    return False


def _has_changed(context: Context, who: Identity) -> bool:
    doc = as_known(dict(frappe.get_doc(who.doctype, who.name).as_dict()))
    return not unchanged(doc, links.live(context.connection, who))


def _look_anew(row: Row, steps: list[Row]) -> None:
    """Nothing of it is in Xero: what waits looks at the document as it is now."""
    for step in steps:
        if step["state"] == protocol.HELD and not takes_back(step):
            outbox.move(step, "release")
    supersede(row, "Nothing of it was in Xero yet")


def _replace(row: Row, doc: dict[str, Any], steps: list[Row], live: Links) -> None:
    """Take back what it became, and let it go again as it is now."""
    for step in steps:
        if step["state"] in protocol.UNSENT and not takes_back(step) and not step["role"].startswith("recheck"):
            supersede(step, f"{doc['name']} has changed here and is entered again")
    for link in live:
        outbox.add_sibling(row, _undo_of(link), generation=link["generation"])
    outbox.add_sibling(row, create_role(doc), generation=max(int(step["generation"]) for step in steps) + 1)


def _settle_change(row: Row, doc: dict[str, Any], steps: list[Row], live: Links) -> None:
    """A journal or transfer says something else now: entered again where that is switched on; else a person has pressed Retry, which
    says that the change was made in Xero."""
    if row["kind"] == ASKED:
        for link in live:
            links.seen(link["name"], content=content(doc))
    else:
        _replace(row, doc, steps, live)
    outbox.move(row, "recorded")


def _move_allocations(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement | None, live: Links) -> None:
    """Take the credit off what it no longer settles here, and ask for what it settles and Xero does not show yet."""
    wanted: dict[str, Decimal] = {}
    settled = [part for part in (settlement.parts if settlement else ()) if part.doctype in INVOICE_DOCTYPES]
    for part in settled:
        if found := in_xero(context, part.doctype, part.name):
            wanted[found["xero_id"]] = wanted.get(found["xero_id"], ZERO) + part.allocated
    done: dict[str, Decimal] = {}
    allocations = [(link, json.loads(link["marker"])) for link in live if link["role"] == "allocation"]
    for _, marker in allocations:
        done[marker["InvoiceID"]] = done.get(marker["InvoiceID"], ZERO) + decimal(marker["Amount"])
    for link, marker in allocations:
        if done[marker["InvoiceID"]] > wanted.get(marker["InvoiceID"], ZERO):
            outbox.add_sibling(row, _undo_of(link), generation=link["generation"])
    steps = [step for step in outbox.steps_of(row["connection"], identity(doc)) if _allocates(step)]
    # An invoice that is still on its way is allocated by a step that waits for it, where none does already.
    on_its_way = len(wanted) < len(settled) and not any(step["state"] in protocol.UNFINISHED for step in steps)
    if on_its_way or any(amount != done.get(invoice, ZERO) for invoice, amount in wanted.items()):
        used = [int(step["role"].partition("-")[2] or 1) for step in steps]
        newest = max(int(link["generation"]) for link in live)
        outbox.add_sibling(row, f"allocation-{max([0, *used]) + 1}", generation=newest)
    for link in live:
        for who in paying_back(row["connection"], link["xero_id"]) if object_at(link["endpoint"]).is_advance else []:
            # What pays it back may be said on the advance alone.
            ask(row["connection"], row["company"], who, row)
        links.seen(link["name"], content=content(doc))


def _allocates(step: Row) -> bool:
    return bool(step["role"].startswith("allocation"))


def _undo_of(link: dict[str, Any]) -> str:
    return f"undo-{link['role']}-{link['sequence']}"


def _changed(doc: dict[str, Any]) -> Problem:
    return Problem(
        "changed-after-submit",
        f"{doc['doctype']} {doc['name']} was changed here after it had gone to Xero",
        "Make the same change in Xero (accounts, cost centres, references); then press Retry, which says that it is done",
        held=True,
    )
