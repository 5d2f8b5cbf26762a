"""Roles and role permissions. User permissions, sharing and permission levels are not imitated: bench tests cover them."""

from __future__ import annotations

from typing import Any

from frappe._context import local
from frappe._hooks import get_attr, get_hooks
from frappe._meta import get_meta


def get_roles(username: str | None = None) -> list[str]:
    """The user's roles. Administrator has every role; everyone has All and Guest."""
    user = username or local.session.user
    if user not in local.role_cache:
        if user == "Administrator":
            roles = local.db.sql("select name from `tabRole`", pluck=True)
        else:
            roles = local.db.sql("select role from `tabHas Role` where parent = %s and parenttype = 'User'", (user,), pluck=True)
        local.role_cache[user] = sorted({*roles, "Guest", *([] if user == "Guest" else ["All"])})
    return list(local.role_cache[user])


def permitted(doctype: str, ptype: str, document: Any = None, user: str | None = None) -> bool:
    """Whether the user may do `ptype` with the DocType or document.

    An app's `has_permission` hook can deny, never grant, and is not asked for Administrator.
    """
    user = user or local.session.user
    allowed = user == "Administrator" or _by_role(doctype, ptype, user)
    if allowed and user != "Administrator" and document is not None:
        handlers = get_hooks("has_permission")
        for path in handlers.get(doctype, []) if handlers else []:
            if get_attr(path)(doc=document, ptype=ptype, user=user) is False:
                allowed = False
    return allowed


def _by_role(doctype: str, ptype: str, user: str) -> bool:
    roles = get_roles(user)
    rules = get_meta(doctype)._json.get("permissions", [])
    return any(rule.get(ptype) and rule["role"] in roles and not rule.get("permlevel") for rule in rules)
