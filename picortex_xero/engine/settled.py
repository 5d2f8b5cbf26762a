"""What a payment or a credit of ours does to the invoice or credit note that it settles, as screens show that one.

Xero's answer to a payment, and to its removal, holds the invoice as it is then (Xero's OpenAPI description, examples of createPayment and deletePayment);
that to an allocation or a batch payment only names it. What an answer shows is kept; what it does not show is marked, and the reader of what changed in
Xero (inbound/reader.py) reads it with the next list of its endpoint: one call for all of them.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import frappe

from ..documents.step import ENDED
from ..xero.records import xero_element
from ..xero.records.registry import ALLOCATION, object_at
from . import links
from .clock import now

LINK = links.DOCTYPE


def note(connection: str, endpoint: str, marker: dict[str, Any], element: dict[str, Any]) -> None:
    """Keep what the answer about a settling record (`endpoint`, `marker` as on its link) shows of what it settles, and mark the rest to be read again. Part
    of the caller's transaction."""
    its = object_at(endpoint)
    if not its.settles:
        return
    ids = its.settled(marker)
    parent = endpoint.split("/")
    if parent[-1] == ALLOCATION.endpoint and len(parent) > 1:
        ids = [*ids, parent[1]]
    shown = xero_element.settled_in(element)
    for row in links.by_records(connection, ids):
        if not object_at(row["endpoint"]).approved or row["remote_status"] in ENDED:
            continue
        found = shown.get(str(row["xero_id"]).casefold())
        if found:
            links.seen(row["name"], remote_status=found.status, remote_amount_due=found.left)
        else:
            frappe.db.set_value(LINK, row["name"], "reading_again", now(), update_modified=False)


def taken_back(connection: str, link: str, element: dict[str, Any]) -> None:
    """The same where a settling record, whose link is named, was taken back. Part of the caller's transaction."""
    row = frappe.db.get_value(LINK, link, ["endpoint", "marker"], as_dict=True)
    if row:
        note(connection, row["endpoint"], json.loads(row["marker"] or "{}"), element)


def to_read(connection: str) -> set[str]:
    """The endpoints at which a record waits to be read again."""
    # As the index has it: the host's filter "is set", and DISTINCT too, read every link of the company in every round.
    rows = frappe.db.sql(f"SELECT `endpoint` FROM `tab{LINK}` WHERE `connection`=%s AND `reading_again`>'1000-01-01'", (connection,))
    return {str(row[0]) for row in rows}


def were_read(connection: str, endpoint: str, until: datetime) -> None:
    """Everything that changed at this endpoint before `until` (UTC) has been read. Part of the caller's transaction."""
    # As one statement: the host takes a filter "<=" for met where there is no moment, and nearly no link waits to be read again.
    frappe.db.sql(
        f"UPDATE `tab{LINK}` SET `reading_again`=NULL WHERE `connection`=%(connection)s AND `endpoint`=%(endpoint)s AND `reading_again`<=%(until)s",
        {"connection": connection, "endpoint": endpoint, "until": until},
    )
