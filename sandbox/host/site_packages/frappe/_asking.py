"""`frappe.has_permission`: the question as an app asks it, of a document or of its name."""

from __future__ import annotations

from typing import Any

from frappe._context import local
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
