"""A customer as the host has it."""

from __future__ import annotations

from typing import Any


def party(**changes: Any) -> dict[str, Any]:
    """A customer with these changes."""
    return {
        "doctype": "Customer",
        "name": "CUST-1",
        "creation": "2026-10-01 08:00:00",
        "customer_name": "Rata Builders",
        "tax_id": "123-456-789",
        "email_id": "office@rata.example",
        **changes,
    }
