"""People with roles, for tests of who may see and do what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

# The DocTypes of the app that bear a company: what the app alone writes, and what Admins map.
WRITTEN_BY_THE_APP = (
    "Xero Outbox Entry",
    "Xero Attempt",
    "Xero Link",
    "Xero Link Target",
    "Xero Step Cause",
    "Xero Sync Log",
    "Xero Unlinked Record",
    "Xero Inbound Event",
    "Xero Incoming Record",
    "Xero Changed Record",
    "Xero Comparison",
    "Xero Difference",
    "Xero Connection State",
    "Xero Bank Proposal",
    "Xero Bank Act",
    "Xero Statement Line",
    "Xero Report Snapshot",
    "Xero Monthly Pack",
    "Xero Forecast",
)
MAPPINGS = ("Xero Account Mapping", "Xero Tax Mapping", "Xero Payment Mapping", "Xero Deduction Mapping", "Xero Tracking Mapping")


def person(name: str, *roles: str) -> str:
    """A user with exactly these roles; committed."""
    email = f"bench-{name}@picortex.example"
    if not frappe.db.exists("User", email):
        frappe.get_doc(
            {"doctype": "User", "email": email, "first_name": name, "send_welcome_email": 0, "user_type": "System User"}
        ).insert()
    user = frappe.get_doc("User", email)
    user.set("roles", [{"role": role} for role in roles])
    user.save()
    frappe.db.commit()
    frappe.clear_cache(user=email)
    return email


def dismiss(*emails: str) -> None:
    """Take these users away again."""
    frappe.set_user("Administrator")
    for email in emails:
        frappe.db.delete("User Permission", {"user": email})
        frappe.delete_doc("User", email, force=True)
    frappe.db.commit()


@contextmanager
def acting_as(user: str) -> Iterator[None]:
    """Be this user until the block ends."""
    frappe.set_user(user)
    try:
        yield
    finally:
        frappe.set_user("Administrator")
        frappe.clear_messages()
