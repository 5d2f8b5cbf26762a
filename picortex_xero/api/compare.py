"""What the form of a Xero Connection calls to compare everything with Xero."""

from __future__ import annotations

import frappe

from ..engine.wake import compare
from ..inbound import comparison
from .arguments import asks, name, one

CONNECTION = "Xero Connection"


def _may_change(connection: str) -> None:
    one(CONNECTION, connection, "write")


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name)
def start(connection: str) -> str:
    """Compare everything that this company has in Xero with what its documents would become today; the name of the Xero Comparison. Changes
    nothing in Xero."""
    begun = comparison.start(connection, frappe.db.get_value(CONNECTION, connection, "company"))
    frappe.db.after_commit.add(lambda: compare(connection))
    return begun
