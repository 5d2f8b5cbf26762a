"""One Xero record that a linked one settles: the invoice of a payment, each invoice of a batch payment."""

from __future__ import annotations

import frappe

from picortex_xero.engine.write_protection import OwnRecord


class XeroLinkTarget(OwnRecord):
    """Written by the app only, together with its link; people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        company: DF.Link | None
        connection: DF.Link
        link: DF.Link
        xero_id: DF.Data
    # end: auto-generated types


def on_doctype_update() -> None:
    """What settles a record is asked for by its Xero id; what a link settles, by the link (its own index is in the JSON)."""
    frappe.db.add_index("Xero Link Target", ["connection", "xero_id"])
