"""Steps of release 0.1 get the room (folder in documents/) of their document: from the document, else from its other steps and links. A
step with a room is left alone, so the patch may be interrupted and run again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from picortex_xero.documents.identity import INVOICE_DOCTYPES, Identity, moment
from picortex_xero.documents.registry import room_name, room_of_gone
from picortex_xero.engine import links, outbox
from picortex_xero.patches.pages import pages

Row = dict[str, Any]


def execute() -> None:
    """Note which room each step belongs to"""
    for rows in pages(outbox.DOCTYPE, {"room": ("is", "not set")}, [*links.REFERENCE, "role"]):
        known = _of_documents(rows)
        gone = _roles(row for row in rows if row["reference_doctype"] in INVOICE_DOCTYPES and outbox.identity(row) not in known)
        by_room: dict[str, list[str]] = {}
        for row in rows:
            who = outbox.identity(row)
            room = known.get(who) or room_of_gone(who.doctype, gone.get(who, ()))
            if room:
                by_room.setdefault(room, []).append(row["name"])
        for room, names in by_room.items():
            outbox.set_room(names, room)


def _of_documents(rows: Iterable[Row]) -> dict[Identity, str]:
    """The rooms of those invoices, bills and returns that still exist."""
    found = {}
    for doctype in INVOICE_DOCTYPES:
        names = {row["reference_name"] for row in rows if row["reference_doctype"] == doctype}
        filters = {"name": ("in", sorted(names))}
        for doc in frappe.get_all(doctype, filters=filters, fields=["name", "creation", "is_return"]) if names else ():
            who = Identity(doctype, str(doc["name"]), moment(doc["creation"]))
            found[who] = room_name({"doctype": doctype, "is_return": doc["is_return"]})
    return found


def _roles(rows: Iterable[Row]) -> dict[Identity, set[str]]:
    """The roles of all steps and links of these documents."""
    wanted = {outbox.identity(row) for row in rows}
    found: dict[Identity, set[str]] = {who: set() for who in wanted}
    for doctype in INVOICE_DOCTYPES:
        names = sorted({who.name for who in wanted if who.doctype == doctype})
        for table in (outbox.DOCTYPE, links.DOCTYPE) if names else ():
            filters = {"reference_doctype": doctype, "reference_name": ("in", names)}
            for row in frappe.get_all(table, filters=filters, fields=[*links.REFERENCE, "role"]):
                if (who := outbox.identity(row)) in found:
                    found[who].add(row["role"])
    return found
