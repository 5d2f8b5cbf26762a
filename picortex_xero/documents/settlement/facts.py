"""What payments and refunds need to know of the host and of what is in Xero besides what everybody asks for. Reads only."""

from __future__ import annotations

import frappe

from ...xero.records.registry import PAYMENT
from ..base import Books, Doc
from ..facts import AT_ONCE, LINK_FIELDS, Loaders
from ..host import Named
from ..identity import Identity
from ..step import ENDED, link
from .plan import ADVANCE
from .refund import ADVANCES_PAID_BACK, PAYING_BACK


def advances_paid_back(books: Books, keys: list[Named]) -> dict[Named, list[Doc]]:
    """Rows of advances that name these payments."""
    found: dict[Named, list[Doc]] = {key: [] for key in keys}
    names = [name for _, name in keys]
    for at in range(0, len(names), AT_ONCE):
        rows = frappe.get_all(
            "Payment Entry Reference",
            filters={"reference_doctype": ADVANCE, "reference_name": ("in", names[at : at + AT_ONCE]), "docstatus": 1},
            fields=["parent", "reference_name", "allocated_amount"],
            order_by="parent asc, idx asc",
        )
        for row in rows:
            if (key := (ADVANCE, row["reference_name"])) in found:
                found[key].append(row)
    return found


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


LOADERS: Loaders = {ADVANCES_PAID_BACK: advances_paid_back, PAYING_BACK: paying_back}
