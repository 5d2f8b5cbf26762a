"""`frappe.has_permission`: the question as an app asks it, of a document or of its name; `frappe.get_list`: the rows that a user may read."""

from __future__ import annotations

from typing import Any

from frappe._context import local
from frappe._filters import get_all
from frappe._permissions import permitted
from frappe.exceptions import PermissionError
from frappe.model.document import get_doc


def has_permission(doctype: str | None = None, ptype: str = "read", doc: Any = None, user: str | None = None, throw: bool = False) -> bool:
    """Whether the user may do `ptype` with the DocType or document; `throw` raises PermissionError instead of False."""
    doctype, user = doctype or doc.doctype, user or local.session.user
    allowed = permitted(doctype, ptype, user=user)
    if allowed and user != "Administrator" and doc is not None:
        allowed = permitted(doctype, ptype, get_doc(doctype, doc) if isinstance(doc, str) else doc, user)
    if throw and not allowed:
        raise PermissionError(f"No permission for {doctype}")
    return allowed


def get_list(
    doctype: str,
    filters: Any = None,
    fields: Any = None,
    order_by: str | None = None,
    limit: int | None = None,
    limit_start: int | None = None,
    pluck: str | None = None,
    user: str | None = None,
) -> list[Any]:
    """As `get_all`, of what the user (or another one) may read: PermissionError where he may read none of the DocType. Without `limit` Frappe gives 20 rows."""
    has_permission(doctype, "read", user=user, throw=True)
    names = [row["name"] for row in get_all(doctype, filters, ["name"]) if has_permission(doctype, "read", doc=row["name"], user=user)]
    if not names:
        return []
    return get_all(doctype, {"name": ("in", names)}, fields, order_by, limit or 20, limit_start, pluck)
