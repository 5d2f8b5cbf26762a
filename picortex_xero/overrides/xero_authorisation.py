"""Xero Authorisation: which sign-ins a user sees, in lists and one by one."""

from __future__ import annotations

from typing import Any

from ..connection import sign_ins


def has_permission(doc: Any, ptype: str, user: str) -> bool:
    """Called by Frappe for one document, after the roles were checked."""
    return doc.name in sign_ins.seen_by(user)


def permission_query_conditions(user: str) -> str:
    """The SQL condition that Frappe adds to every list."""
    # Names are random letters and digits made by the app, so they contain no quote.
    names = ", ".join(f"'{name}'" for name in sorted(sign_ins.seen_by(user)) if name.isalnum())
    return f"`tabXero Authorisation`.`name` in ({names or 'NULL'})"
