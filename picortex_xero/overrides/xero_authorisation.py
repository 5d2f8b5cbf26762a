"""Xero Authorisation: which of them a person sees, in lists and one by one."""

from __future__ import annotations

from typing import Any

from ..connection import sign_ins


def has_permission(doc: Any, ptype: str, user: str) -> bool:
    """Asked by Frappe for one document, after the roles."""
    return doc.name in sign_ins.seen_by(user)


def permission_query_conditions(user: str) -> str:
    """The SQL that Frappe adds to every list."""
    # Names are the app's own random letters and digits: nothing in them could end a text.
    names = ", ".join(f"'{name}'" for name in sorted(sign_ins.seen_by(user)) if name.isalnum())
    return f"`tabXero Authorisation`.`name` in ({names or 'NULL'})"
