"""Which records in Xero a linked payment or credit settles (rows of Xero Link Target), so that one can ask: what pays this invoice, what
refunds this advance.

Written in one transaction with the link and never changed: a link that goes over to another record of the same request settles the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import frappe
from frappe.utils import now_datetime

DOCTYPE = "Xero Link Target"
LINK = "Xero Link"


class Of(NamedTuple):
    """One link (by name) and one record in Xero that it settles."""

    link: str
    connection: str
    company: str
    xero_id: str


def add(settled: Iterable[Of]) -> None:
    """Write what links settle, in one statement. A row is named after both sides, so writing it again changes nothing."""
    made, rows = now_datetime(), []
    for each in settled:
        values = {
            "name": hashlib.sha256(f"{each.link}\x1f{each.xero_id}".encode()).hexdigest()[:40],
            "owner": "Administrator",
            "creation": made,
            "modified": made,
            "modified_by": "Administrator",
            "link": each.link,
            "connection": each.connection,
            "company": each.company,
            "xero_id": each.xero_id,
        }
        rows.append(values)
    if rows:
        frappe.db.bulk_insert(DOCTYPE, list(rows[0]), [tuple(row.values()) for row in rows], ignore_duplicates=True)


def settled_by(linked: list[str]) -> set[str]:
    """The Xero ids of everything that these links settle."""
    return set(frappe.get_all(DOCTYPE, filters={"link": ("in", linked)}, pluck="xero_id")) if linked else set()


def settling(connection: str, xero_id: str, endpoint: str, over: tuple[str, ...], fields: list[str]) -> list[dict[str, Any]]:
    """The links at `endpoint` that settle the record `xero_id`, without those whose status is in `over`."""
    linked = frappe.get_all(DOCTYPE, filters={"connection": connection, "xero_id": xero_id}, pluck="link")
    if not linked:
        return []
    filters = {"name": ("in", linked), "endpoint": endpoint, "remote_status": ("not in", over)}
    return [dict(row) for row in frappe.get_all(LINK, filters=filters, fields=fields)]
