"""What the buttons of the monthly pack on the Xero Connection call."""

from __future__ import annotations

from typing import Any

import frappe

from ..engine.wake import send_pack
from ..monthly_pack import sending
from .arguments import asks, name, one

CONNECTION = "Xero Connection"


def _may_see(connection: str, **_arguments: Any) -> None:
    """Throws unless the user may read this company's packs."""
    frappe.has_permission(sending.DOCTYPE, "read", throw=True)
    one(CONNECTION, connection, "read")


def _may_decide(connection: str, **_arguments: Any) -> None:
    """Throws unless the user decides what leaves this company."""
    _may_see(connection)
    one(CONNECTION, connection, "write")


@frappe.whitelist(methods=["POST"])
@asks(_may_see, connection=name)
def preview(connection: str) -> str:
    """Make the pack as it would be sent now; the row in which it stands, which the host prints."""
    return sending.preview(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide, connection=name)
def send_now(connection: str) -> str:
    """Send the pack of the month that was over last to the people chosen, in the background; the row that says what becomes of it."""
    found = sending.press(connection)
    frappe.db.after_commit.add(lambda: send_pack(connection))
    return found
