"""The contacts of an organisation as they were last read (rows of Xero Contact), so that contacts are matched and searched without a call.

Nothing is decided by these rows when something is sent: then Xero itself is asked (documents/party/room.py)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import frappe

from ..documents.identity import remote_key
from ..documents.party.contact_matches import KEYS_VERSION, XeroContact, keys_of
from ..documents.party.evidence import emails_of, single_spaced
from ..xero.records import xero_element
from ..xero.records.registry import CONTACT
from .clock import now
from .screen_texts import shown, stored
from .standard_columns import standard

DOCTYPE = "Xero Contact"
FIELDS = ["xero_id", "contact_name", "status", "tax_number", "emails", "account_number", "contact_number", "merged_into", "found_by"]
# Xero's fields, by the columns that hold them.
TEXTS = {
    "Name": "contact_name",
    "TaxNumber": "tax_number",
    "EmailAddress": "emails",
    "AccountNumber": "account_number",
    "ContactNumber": "contact_number",
}
LONGEST_NAME, LONGEST_FIELD, LONGEST_EMAILS = 255, 140, 2000
AT_ONCE = 500
# So many rows are read by one statement.
PAGE = 5000
MOST_FOUND = 20


def keep(connection: str, company: str, country: str, elements: Iterable[dict[str, Any]]) -> int:
    """Store contacts as Xero shows them now, in place of what was known of them; how many there were. `country`: the two letters of the
    organisation's. Part of the caller's transaction."""
    rows = {row["contact_key"]: row for each in elements if (row := _row(connection, company, country, each))}
    keys = list(rows)
    for at in range(0, len(keys), AT_ONCE):
        some = keys[at : at + AT_ONCE]
        frappe.db.delete(DOCTYPE, {"contact_key": ("in", some)})
        frappe.db.bulk_insert(DOCTYPE, list(rows[some[0]]), [tuple(rows[key].values()) for key in some])
    return len(rows)


def _row(connection: str, company: str, country: str, element: dict[str, Any]) -> dict[str, Any] | None:
    """The row of one contact; None for what shows no id or no name."""
    xero_id = xero_element.linked_id(element, CONTACT.id_field)
    if not xero_id or not isinstance(element.get("Name"), str):
        return None
    values = {
        "name": frappe.generate_hash(length=12),
        **standard(),
        "connection": connection,
        "company": company,
        "xero_id": xero_id,
        "contact_name": stored(single_spaced(element["Name"]))[:LONGEST_NAME],
        "status": _text(element.get("ContactStatus")),
        "tax_number": _text(element.get("TaxNumber")),
        "emails": stored("\n".join(emails_of(element)))[:LONGEST_EMAILS],
        "account_number": _text(element.get("AccountNumber")),
        "contact_number": _text(element.get("ContactNumber")),
        "is_customer": int(element.get("IsCustomer") is True),
        "is_supplier": int(element.get("IsSupplier") is True),
        "merged_into": xero_element.linked_id(element, "MergedToContactID"),
        "read_at": now(),
        "contact_key": remote_key(connection, CONTACT.endpoint, xero_id.casefold()),
    }
    known = {field: shown(values[column]) for field, column in TEXTS.items()}
    return {**values, "found_by": json.dumps([KEYS_VERSION, list(keys_of(known, country))], ensure_ascii=False)}


def _text(value: Any) -> str:
    return stored(single_spaced(value))[:LONGEST_FIELD] if isinstance(value, str) else ""


def forget_older(connection: str, before: datetime) -> None:
    """Take away what a reading of all contacts, begun at `before` (UTC), has not shown. Part of the caller's transaction."""
    gone = frappe.get_all(DOCTYPE, filters={"connection": connection, "read_at": ("<", before)}, pluck="name")
    for at in range(0, len(gone), AT_ONCE):
        frappe.db.delete(DOCTYPE, {"name": ("in", gone[at : at + AT_ONCE])})


def everything(connection: str) -> list[XeroContact]:
    """All contacts of the organisation as they were last read."""
    found: list[XeroContact] = []
    after = ""
    while True:
        filters = {"connection": connection, "name": (">", after)}
        rows = frappe.get_all(DOCTYPE, filters=filters, fields=["name", *FIELDS], order_by="name asc", limit=PAGE)
        found += [_contact(row) for row in rows]
        if len(rows) < PAGE:
            return found
        after = rows[-1]["name"]


def one(connection: str, xero_id: str) -> XeroContact | None:
    """One contact by its id; None where none was read."""
    key = remote_key(connection, CONTACT.endpoint, xero_id.casefold())
    row = frappe.db.get_value(DOCTYPE, {"contact_key": key}, FIELDS, as_dict=True)
    return _contact(row) if row else None


def named(connection: str, ids: list[str]) -> dict[str, XeroContact]:
    """Those of these contacts that were read, by id in lower case."""
    keys = [remote_key(connection, CONTACT.endpoint, each.casefold()) for each in ids]
    found: dict[str, XeroContact] = {}
    for at in range(0, len(keys), AT_ONCE):
        rows = frappe.get_all(DOCTYPE, filters={"contact_key": ("in", keys[at : at + AT_ONCE])}, fields=FIELDS)
        found |= {row["xero_id"].casefold(): _contact(row) for row in rows}
    return found


def active_named(connection: str, names: Iterable[str]) -> dict[str, list[XeroContact]]:
    """The active contacts of these names, by name in lower case, single-spaced."""
    wanted = sorted({single_spaced(each) for each in names})
    found: dict[str, list[XeroContact]] = {}
    for at in range(0, len(wanted), AT_ONCE):
        some = [stored(each) for each in wanted[at : at + AT_ONCE]]
        filters = {"connection": connection, "status": ("in", ["ACTIVE", ""]), "contact_name": ("in", some)}
        for row in frappe.get_all(DOCTYPE, filters=filters, fields=FIELDS):
            contact = _contact(row)
            found.setdefault(single_spaced(contact.name).casefold(), []).append(contact)
    return found


def search(connection: str, text: str) -> list[XeroContact]:
    """The active contacts whose name, address or tax number holds this text, the first twenty by name."""
    like = ("like", "%" + text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%")
    filters = {"connection": connection, "status": ("in", ["ACTIVE", ""])}
    rows = frappe.get_all(
        DOCTYPE,
        filters=filters,
        or_filters={"contact_name": like, "emails": like, "tax_number": like},
        fields=FIELDS,
        order_by="contact_name asc",
        limit=MOST_FOUND,
    )
    return [_contact(row) for row in rows]


def _contact(row: dict[str, Any]) -> XeroContact:
    element = {field: shown(row[column]) for field, column in TEXTS.items()}
    element |= {"ContactStatus": row["status"] or "ACTIVE", "ContactID": row["xero_id"]}
    version, keys = json.loads(row["found_by"] or "[0, []]")
    return XeroContact(
        row["xero_id"], element, row["merged_into"] or "", tuple((kind, key) for kind, key in keys) if version == KEYS_VERSION else None
    )
