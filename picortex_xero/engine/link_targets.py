"""Which records in Xero a linked payment or credit settles (rows of Xero Link Target), so that one can ask: what pays this invoice, what
refunds this advance.

Written in one transaction with the link and never changed: a link that goes over to another record of the same request settles the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

import frappe

from .standard_columns import standard

DOCTYPE = "Xero Link Target"


class Of(NamedTuple):
    """One link (by name) and one record in Xero that it settles."""

    link: str
    connection: str
    company: str
    xero_id: str


def add(settled: Iterable[Of]) -> None:
    """Write what links settle, in one statement. A row is named after both sides, so writing it again changes nothing."""
    columns, rows = standard(), []
    for each in settled:
        values = {
            "name": hashlib.sha256(f"{each.link}\x1f{each.xero_id}".encode()).hexdigest()[:40],
            **columns,
            "link": each.link,
            "connection": each.connection,
            "company": each.company,
            "xero_id": each.xero_id,
        }
        rows.append(values)
    if rows:
        frappe.db.bulk_insert(DOCTYPE, list(rows[0]), [tuple(row.values()) for row in rows], ignore_duplicates=True)
