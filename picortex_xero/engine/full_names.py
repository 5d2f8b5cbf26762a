"""What people are called where people read: their full names instead of their e-mail addresses."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from .screen_texts import shown


def of(users: Iterable[str]) -> dict[str, str]:
    """By user the full name; the user itself for one that is gone, or has none."""
    wanted = sorted({user for user in users if user})
    rows = frappe.get_all("User", filters={"name": ("in", wanted)}, fields=["name", "full_name"]) if wanted else []
    return {user: user for user in wanted} | {row["name"]: shown(row["full_name"]) or row["name"] for row in rows}


def mine() -> str:
    """That of the user of now."""
    user = str(frappe.session.user)
    return of([user]).get(user, user)
