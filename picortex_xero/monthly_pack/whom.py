"""Who of the chosen people may see the pack at the moment of sending."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from ..attention import people
from ..connection import who_may

# What a pack is made of: whoever may not read one of these of this company gets none.
DOCTYPES = ("Xero Connection", "Xero Monthly Pack")


def may(connection: str, company: str, pack: str, chosen: Iterable[str]) -> tuple[list[str], list[str]]:
    """Those who may, and those who may not (any more): not enabled, without a role that reads reports, or kept from the company by a User Permission."""
    holders = set(people.holders(who_may.READS, company))
    allowed: list[str] = []
    left_out: list[str] = []
    for user in chosen:
        (allowed if user in holders and _may(connection, pack, user) else left_out).append(user)
    return allowed, left_out


def _may(connection: str, pack: str, user: str) -> bool:
    return all(frappe.has_permission(doctype, "read", doc=name, user=user) for doctype, name in zip(DOCTYPES, (connection, pack)))
