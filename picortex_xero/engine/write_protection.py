"""Fields and documents that only the app writes. People and other programs save documents through Desk, REST, imports and renames; a
controller that calls `refuse` or `refuse_all` (as every `OwnRecord` does) keeps them from changing what the app sets.

The app's own writes go past controllers (`frappe.db.set_value`) or run inside `own_writes`: a variable of this process that no request can
set, unlike a document's flags.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from .screen_texts import html

_OURS: ContextVar[bool] = ContextVar("picortex_xero_own_writes", default=False)
CONNECTION = "Xero Connection"
# Set when connecting, going live, pausing, disconnecting and reading the organisation; never typed.
OF_CONNECTION = (
    "company",
    "organisation_name",
    "state",
    "reason",
    "cure",
    "reason_parts",
    "reason_code",
    "authorisation",
    "tenant_id",
    "xero_connection_id",
    "short_code",
    "country_code",
    "base_currency",
    "active_company",
    "active_tenant",
    "go_live_date",
    "watched_from",
)
OF_SETTINGS = ("instance_id", "redirect_uri")


@contextmanager
def own_writes() -> Iterator[None]:
    """Context manager: documents saved inside it are saved by the app itself."""
    token = _OURS.set(True)
    try:
        yield
    finally:
        _OURS.reset(token)


def refuse(doc: Any, fields: tuple[str, ...]) -> None:
    """Throws where a person or another program adds the document or changes one of these fields."""
    if _OURS.get():
        return
    before = doc.get_doc_before_save()
    if before is None:
        frappe.throw(
            _("{0} is made by connecting to Xero (Xero Settings), not by hand").format(html(_(doc.doctype))), exc=frappe.PermissionError
        )
    changed = [name for name in fields if _text(doc.get(name)) != _text(before.get(name))]
    if changed:
        labels = [_(frappe.get_meta(doc.doctype).get_field(name).label) for name in changed]
        frappe.throw(
            _("{0} cannot be changed by hand: it is set by connecting, going live, pausing and disconnecting").format(
                html(", ".join(labels))
            ),
            exc=frappe.PermissionError,
        )


def restore(doc: Any, fieldname: str) -> None:
    """Give a field of a Single its stored value back, whatever the browser sent."""
    if not _OURS.get():
        doc.set(fieldname, frappe.db.get_single_value(doc.doctype, fieldname))


class OwnRecord(Document):
    """A DocType whose rows people read and only the app writes."""

    def validate(self) -> None:
        """Only the app adds or changes one."""
        refuse_all(self)

    def on_trash(self) -> None:
        """Only the app deletes one."""
        refuse_all(self)

    def before_rename(self, *_: object) -> None:
        """Nobody renames one: other rows refer to its name."""
        refuse_all(self)


def refuse_all(doc: Any) -> None:
    """Throws unless the app itself writes."""
    if not _OURS.get():
        frappe.throw(_("{0} is written by the app alone").format(html(_(doc.doctype))), exc=frappe.PermissionError)


def same_connection(doc: Any) -> None:
    """Throws where a mapping's connection changes or the user may not change that connection. A mapping belongs to its company, and Frappe
    checks the permission on the values as they were sent, not as they are stored."""
    before = doc.get_doc_before_save()
    if before is not None and before.get("connection") != doc.connection:
        frappe.throw(_("A mapping stays with its connection: delete this one and make a new one"), exc=frappe.PermissionError)
    if not _OURS.get():
        frappe.has_permission(CONNECTION, "write", doc=doc.connection, throw=True)


def _text(value: Any) -> str:
    """A value as it is compared: a date equals its text, None equals ""."""
    return "" if value is None else str(value)
