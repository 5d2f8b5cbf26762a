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
    targets = frappe.get_all("Xero Link Target", filters={"connection": books.connection, "xero_id": ("in", keys)}, fields=["link", "xero_id"])
    filters = {"name": ("in", [row["link"] for row in targets]), "endpoint": PAYMENT.endpoint, "remote_status": ("not in", ENDED)}
    paying = {row["name"]: link(dict(row)).who for row in frappe.get_all("Xero Link", filters=filters, fields=LINK_FIELDS)} if targets else {}
    for row in targets:
        who = paying.get(row["link"])
        if who and who not in found[row["xero_id"]]:
            found[row["xero_id"]].append(who)
    return found


LOADERS: Loaders = {ADVANCES_PAID_BACK: advances_paid_back, PAYING_BACK: paying_back}
