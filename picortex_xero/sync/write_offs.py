"""What an invoice writes off on entry. Steps "writeoff-1", the credit note (of a return: an invoice) over it, and "writeoff-2", its allocation."""

from __future__ import annotations

from typing import Any

from ..accounting.problems import Problem, Refused
from ..documents.identity import identity
from ..documents.invoice.write_off import write_off, written_off
from ..engine import links, outbox
from ..engine.context import Context
from ..engine.outbox import Row
from ..xero.records.registry import ALLOCATION, CREDIT_NOTE, INVOICE
from . import parties
from .targets import target
from .work import Applied, Work, sequence, settle

CREATED, TAKEN_OFF = 1, 2


def add_write_off(row: Row, doc: dict[str, Any]) -> None:
    """Ask for the two steps where something is written off."""
    if amount := written_off(doc):
        for part in (CREATED, TAKEN_OFF):
            outbox.add_sibling(row, f"writeoff-{part}", amount=amount)


def ready_write_off(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """The record over what is written off, then taking one off the other."""
    who, part = identity(doc), sequence(row["role"])
    mine = {link["sequence"]: link for link in links.of(context.connection, who, row["generation"]) if link["role"] == "writeoff"}
    if part in mine:
        outbox.move(row, "recorded")
        return None
    found = target(context, row, doc["doctype"], doc["name"])
    if found is None:
        return None
    if part == CREATED:
        return _created(context, row, doc)
    if CREATED not in mine:
        before = outbox.add_sibling(row, f"writeoff-{CREATED}")
        problem = Problem("waits-for-invoice", f"Waits until what {who.name} writes off is in Xero", f"See what stops {who.name}")
        outbox.postpone(row, blocked_on=before["name"], problem=problem)
        return None
    return _taken_off(row, doc, found, mine[CREATED])


def _created(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    contact_id, party = parties.contact_of(context, parties.invoiced(doc))
    if not contact_id:
        parties.wait_for(context, row, parties.invoiced(doc), party)
        return None
    kind, who = (INVOICE if doc.get("is_return") else CREDIT_NOTE).made_by, identity(doc)
    suffix = int(row["number_suffix"] or 0)
    try:
        made = write_off(doc, context.mapping, contact_id, context.site_url, context.instance, row["generation"], suffix)
    except Refused as refused:
        settle(row, refused.problems)
        return None
    return Work(row, doc, kind, {f"{who.digest} {row['role']}"}, made)


def _taken_off(row: Row, doc: dict[str, Any], found: dict[str, Any], mine: dict[str, Any]) -> Work:
    """`found` is the document itself in Xero, `mine` the record over what it writes off: the credit note of the two is allocated."""
    other = {**found, "xero_id": mine["xero_id"], "link": mine["name"], "endpoint": mine["endpoint"]}
    credit, invoice = (found, other) if doc.get("is_return") else (other, found)
    parent = f"{CREDIT_NOTE.endpoint}/{credit['xero_id']}"
    return Work(
        row,
        doc,
        ALLOCATION.made_by,
        {identity(doc).digest, credit["xero_id"], invoice["xero_id"]},
        targets=[invoice],
        path=ALLOCATION.made_by.path_below(parent),
        applied=Applied(parent, doc["name"], written_off(doc), str(doc["posting_date"])),
    )
