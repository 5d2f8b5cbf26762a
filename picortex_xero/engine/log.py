"""The history that a person reads, one line (Xero Sync Log) for each thing that happened to a document. No decision reads it."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.texts import Text, dump, shortened
from ..documents.identity import Identity
from ..documents.journal_entry.facts import about_people
from .clock import now
from .screen_texts import stored
from .standard_columns import standard

DOCTYPE = "Xero Sync Log"
MESSAGE_LIMIT, DETAIL_LIMIT = 1000, 20_000


def write(connection: str, company: str, who: Identity | None, event: str, message: Text, detail: str = "") -> None:
    """Add one line. `detail` is what was sent and answered, without credentials, and nothing about payroll or employees. Part of the
    caller's transaction."""
    if detail and who and any(about_people([(who.doctype, who.name)]).values()):
        detail = ""
    said = shortened(message, MESSAGE_LIMIT)
    values: dict[str, Any] = {
        "name": frappe.generate_hash(length=14),
        **standard(frappe.session.user),
        "connection": connection,
        "company": company,
        "reference_doctype": who.doctype if who else "",
        "reference_name": who.name if who else "",
        "reference_creation": who.creation if who else "",
        "event": event,
        "message": stored(said),
        "message_parts": dump(message=said),
        "detail": detail[:DETAIL_LIMIT],
        "user": frappe.session.user,
        "at": now(),
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())])


def of_connection(connection: str, message: Text) -> None:
    """Add a line about the connection itself, by the user of now. Part of the caller's transaction."""
    company = frappe.db.get_value("Xero Connection", connection, "company")
    write(connection, str(company or ""), None, "Connection", message)
