"""Where Xero tells that something has changed. What lets a call in is Xero's signature of the body, since nobody is logged in."""

from __future__ import annotations

from typing import Any

import frappe

from ..inbound import webhook


@frappe.whitelist(allow_guest=True, methods=["POST"])
def receive() -> Any:
    """Note what Xero's webhook says."""
    return webhook.answer()
