"""What payments and refunds need to know of the host and of what is in Xero besides what everybody asks for. Reads only."""

from __future__ import annotations

import frappe

from ...xero.records.registry import PAYMENT
from ..base import Books
from ..facts import LINK_FIELDS, Loaders
from ..host import PAYING_BACK
from ..identity import Identity
from ..step import ENDED, link


def paying_back(books: Books, keys: list[str]) -> dict[str, list[Identity]]:
    """The documents behind payments of these credits that still stand in Xero."""
    found: dict[str, list[Identity]] = {key: [] for key in keys}
    targets = {"connection": books.connection, "xero_id": ("in", keys)}
    settled: dict[str, list[str]] = {}
    for row in frappe.get_all("Xero Link Target", filters=targets, fields=["link", "xero_id"]):
        settled.setdefault(row["link"], []).append(row["xero_id"])
    filters = {"name": ("in", list(settled)), "endpoint": PAYMENT.endpoint, "remote_status": ("not in", ENDED)}
    for row in frappe.get_all("Xero Link", filters=filters, fields=LINK_FIELDS) if settled else []:
        who = link(dict(row)).who
        for key in settled[row["name"]]:
            if who not in found[key]:
                found[key].append(who)
    return found


LOADERS: Loaders = {PAYING_BACK: paying_back}
