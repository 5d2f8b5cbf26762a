"""Links: which Xero record a host document became. They outlive disconnects and are the proof against duplicates."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import now_datetime

from ..core.documents import Identity, link_key, remote_key
from .clock import now

DOCTYPE = "Xero Link"
REFERENCE = ("reference_doctype", "reference_name", "reference_creation")
FIELDS = [
    "name",
    "reference_doctype",
    "reference_name",
    "reference_creation",
    "role",
    "sequence",
    "endpoint",
    "xero_id",
    "xero_number",
    "remote_status",
    "remote_total",
    "remote_amount_due",
    "currency",
    "marker",
    "last_checked",
    "creation",
]


def add(
    connection: str,
    company: str,
    who: Identity,
    role: str,
    sequence: int,
    endpoint: str,
    xero_id: str,
    *,
    number: str = "",
    marker: str = "",
    status: str = "",
    currency: str = "",
    total: Any = None,
    amount_due: Any = None,
    adopted: bool = False,
) -> bool:
    """Record one link; False when Xero's record already belongs to another host document. Part of the caller's transaction.

    Recording the same link again changes nothing: a late answer may always do so.
    """
    key = link_key(connection, who, role, sequence)
    far = remote_key(connection, endpoint, xero_id, who if endpoint == "Contacts" else None)
    values = {
        "name": frappe.generate_hash(length=12),
        "owner": "Administrator",
        "creation": now_datetime(),
        "modified": now_datetime(),
        "modified_by": "Administrator",
        "connection": connection,
        "company": company,
        "reference_doctype": who.doctype,
        "reference_name": who.name,
        "reference_creation": who.creation,
        "role": role,
        "sequence": sequence,
        "endpoint": endpoint,
        "xero_id": xero_id,
        "xero_number": number,
        "marker": marker,
        "remote_status": status,
        "currency": currency,
        "remote_total": total or 0,
        "remote_amount_due": amount_due or 0,
        "last_checked": now(),
        "adopted": int(adopted),
        "link_key": key,
        "remote_key": far,
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)
    return frappe.db.get_value(DOCTYPE, {"link_key": key}, "xero_id") == xero_id


def of(connection: str, who: Identity) -> list[dict[str, Any]]:
    """All links of one host document, by sequence."""
    rows = frappe.get_all(
        DOCTYPE,
        filters={
            "connection": connection,
            "reference_doctype": who.doctype,
            "reference_name": who.name,
            "reference_creation": who.creation,
        },
        fields=FIELDS,
        order_by="sequence asc",
    )
    return [dict(row) for row in rows]


def other_party(connection: str, contact_id: str, who: Identity) -> str:
    """The name of another party of the same kind that this Xero contact already stands for, or "": a customer and a supplier may
    share a contact, two customers may not."""
    rows = frappe.get_all(
        DOCTYPE,
        filters={"connection": connection, "endpoint": "Contacts", "xero_id": contact_id, "reference_doctype": who.doctype},
        fields=["reference_name", "reference_creation"],
    )
    others = [row["reference_name"] for row in rows if (row["reference_name"], row["reference_creation"]) != (who.name, who.creation)]
    return str(others[0]) if others else ""


def of_others(connection: str, endpoint: str, xero_ids: list[str], who: Identity, role: tuple[str, int]) -> set[str]:
    """Those of `xero_ids` that are linked already to another host document, or to this one in another role or sequence."""
    rows = frappe.get_all(
        DOCTYPE,
        filters={"connection": connection, "endpoint": endpoint, "xero_id": ("in", xero_ids)},
        fields=["xero_id", *REFERENCE, "role", "sequence"],
    )
    own = (who.doctype, who.name, who.creation, *role)
    return {str(row["xero_id"]) for row in rows if (*(row[field] for field in REFERENCE), row["role"], int(row["sequence"])) != own}


def seen(link: str, **fields: Any) -> None:
    """Note what Xero last showed of a link: `remote_status`, `remote_amount_due`, `remote_total`."""
    frappe.db.set_value(DOCTYPE, link, {**fields, "last_checked": now()}, update_modified=False)
