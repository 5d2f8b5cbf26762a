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
    targets = frappe.get_all("Xero Link Target", filters={"connection": books.connection, "xero_id": ("in", keys)}, fields=["link", "xero_id"])
    filters = {"name": ("in", [row["link"] for row in targets]), "endpoint": PAYMENT.endpoint, "remote_status": ("not in", ENDED)}
    paying = {row["name"]: link(dict(row)).who for row in frappe.get_all("Xero Link", filters=filters, fields=LINK_FIELDS)} if targets else {}
    for row in targets:
        who = paying.get(row["link"])
        if who and who not in found[row["xero_id"]]:
            found[row["xero_id"]].append(who)
    return found


LOADERS: Loaders = {PAYING_BACK: paying_back}
