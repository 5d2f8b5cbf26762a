"""Links (rows of Xero Link): which Xero record an ERPNext document became. They outlive disconnects and are the proof against
duplicates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..documents.fingerprint import VERSION
from ..documents.identity import Identity, link_key, remote_key
from ..documents.picture import ACCEPTING
from ..documents.picture import stored as stored_picture
from ..documents.step import ASIDE, ENDED
from ..xero.records.registry import CONTACT, object_at
from . import link_targets
from .clock import now
from .screen_texts import stored
from .standard_columns import standard

DOCTYPE = "Xero Link"
REFERENCE = ("reference_doctype", "reference_name", "reference_creation")
FIELDS = [
    "name",
    "reference_doctype",
    "reference_name",
    "reference_creation",
    "role",
    "sequence",
    "generation",
    "endpoint",
    "xero_id",
    "xero_number",
    "remote_status",
    "remote_total",
    "remote_amount_due",
    "currency",
    "marker",
    "sent_lines",
    "content",
    "content_version",
    "content_at",
    "adopted",
    "last_checked",
    "reading_again",
    "remote_picture",
    "remote_updated",
    "remote_contact",
    "reconciled",
    "creation",
]


def add(
    connection: str,
    company: str,
    who: Identity,
    part: str,
    number: int,
    endpoint: str,
    xero_id: str,
    *,
    revision: int = 1,
    xero_number: str = "",
    marker: str = "",
    fingerprint: str = "",
    fingerprint_version: int = VERSION,
    fingerprint_at: Any = None,
    status: str = "",
    currency: str = "",
    total: Any = None,
    amount_due: Any = None,
    adopted: bool = False,
    picture: str = "",
) -> bool:
    """Write one link; False where Xero's record already belongs to another document. Part of the caller's transaction.

    Writing the same link again changes nothing: a late answer may do that at any time.
    """
    key = link_key(connection, who, part, number, revision)
    far = remote_key(connection, endpoint, xero_id, who if object_at(endpoint).shared else None)
    values = {
        "name": frappe.generate_hash(length=12),
        **standard(),
        "connection": connection,
        "company": company,
        "reference_doctype": who.doctype,
        "reference_name": who.name,
        "reference_creation": who.creation,
        "role": part,
        "sequence": number,
        "generation": revision,
        "endpoint": endpoint,
        "xero_id": xero_id,
        "xero_number": stored(xero_number)[:140],
        "marker": marker,
        "content": fingerprint,
        "content_version": fingerprint_version,
        "content_at": fingerprint_at or now_datetime(),
        "remote_status": stored(status)[:140],
        "currency": currency,
        "remote_total": total or 0,
        "remote_amount_due": amount_due or 0,
        "remote_picture": picture,
        "last_checked": now(),
        "adopted": int(adopted),
        "link_key": key,
        "remote_key": far,
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)
    linked = frappe.db.get_value(DOCTYPE, {"link_key": key}, ["name", "xero_id"], as_dict=True)
    if not linked or linked["xero_id"] != xero_id:
        return False
    if linked["name"] == values["name"]:
        link_targets.add(
            [link_targets.Of(linked["name"], connection, company, each) for each in object_at(endpoint).settled(json.loads(marker or "{}"))]
        )
    return True


def keep_lines(connection: str, who: Identity, part: str, number: int, revision: int, lines: str) -> None:
    """Store the lines of a record as they were sent, because Xero has them otherwise or does not show them; "" once they agree. Part of the
    caller's transaction."""
    name = frappe.db.get_value(DOCTYPE, {"link_key": link_key(connection, who, part, number, revision)}, "name")
    if name:
        frappe.db.set_value(DOCTYPE, name, "sent_lines", lines, update_modified=False)


def standing(connection: str, who: Identity, part: str, number: int, revision: int) -> dict[str, Any] | None:
    """The link of a document by the part and number of its role, and its revision; None where there is none."""
    key = link_key(connection, who, part, number, revision)
    found = frappe.db.get_value(
        DOCTYPE, {"link_key": key}, ["name", "endpoint", "xero_id", "xero_number", "remote_status", "marker"], as_dict=True
    )
    return dict(found) if found else None


def relink(connection: str, link: dict[str, Any], xero_id: str, xero_number: str) -> None:
    """Let a link name another record of the same document: the linked one was removed in Xero, and this one is left. Both were made by one
    request, so what the link settles (engine/link_targets) stays. Part of the caller's transaction."""
    far = remote_key(connection, link["endpoint"], xero_id, None)
    values = {"xero_id": xero_id, "xero_number": stored(xero_number)[:140], "remote_key": far, "remote_picture": ""}
    frappe.db.set_value(DOCTYPE, link["name"], values, update_modified=False)


def follow_contact(connection: str, xero_id: str, kept_id: str, name: str) -> list[Identity]:
    """Let the links with one contact name another one, into which it was merged in Xero; returned are their parties. A party that is linked
    with that one already keeps both links. Part of the caller's transaction."""
    rows = frappe.get_all(
        DOCTYPE, filters={"connection": connection, "endpoint": CONTACT.endpoint, "xero_id": xero_id}, fields=["name", *REFERENCE]
    )
    found = []
    for row in rows:
        who = Identity(*(row[field] for field in REFERENCE))
        far = remote_key(connection, CONTACT.endpoint, kept_id, who)
        if not frappe.db.exists(DOCTYPE, {"remote_key": far}):
            values = {"xero_id": kept_id, "xero_number": stored(name)[:140], "remote_status": "ACTIVE", "remote_key": far}
            frappe.db.set_value(DOCTYPE, row["name"], values, update_modified=False)
            found.append(who)
    return found


def forget(link: str) -> None:
    """Remove the link of a document that was made of what somebody has entered in Xero, and that counts no more: a draft that was deleted, or what was cancelled and is
    made anew. Part of the caller's transaction."""
    frappe.db.delete(link_targets.DOCTYPE, {"link": link})
    frappe.db.delete(DOCTYPE, {"name": link})


def hand_over(link: str, who: Identity, picture: str) -> None:
    """Let the record of a cancelled document be that of the draft that amends it (`who`), as Xero shows it (`picture`): neither is it taken back for the one, nor
    made again for the other. Part of the caller's transaction."""
    row = frappe.db.get_value(DOCTYPE, link, ["connection", "role", "sequence"], as_dict=True)
    key = link_key(row["connection"], who, row["role"], int(row["sequence"]), 1)
    values: dict[str, Any] = dict(zip(REFERENCE, (who.doctype, who.name, who.creation)))
    values |= {"generation": 1, "link_key": key, "content": "", "sent_lines": "", "remote_picture": picture}
    frappe.db.set_value(DOCTYPE, link, values, update_modified=False)


def set_aside(link: str) -> None:
    """Keep a link whose record is gone for the history only: its part, number and revision are free for another record. Part of the caller's
    transaction."""
    row = frappe.db.get_value(DOCTYPE, link, ["connection", "sequence", "role", "generation", *REFERENCE], as_dict=True)
    who, number = Identity(*(row[name] for name in REFERENCE)), int(row["sequence"]) + ASIDE
    while frappe.db.exists(DOCTYPE, {"link_key": link_key(row["connection"], who, row["role"], number, int(row["generation"]))}):
        number += ASIDE
    values = {"sequence": number, "link_key": link_key(row["connection"], who, row["role"], number, int(row["generation"]))}
    frappe.db.set_value(DOCTYPE, link, values, update_modified=False)


def accepting(link: str, told: str) -> None:
    """A person accepts the coding that he was told of (`told`); the comparison that follows takes it where Xero still shows just that. Part of
    the caller's transaction."""
    shown = json.loads(frappe.db.get_value(DOCTYPE, link, "remote_picture") or "{}")
    seen(link, remote_picture=stored_picture({**shown, ACCEPTING: told}))


def by_records(connection: str, xero_ids: list[str]) -> list[dict[str, Any]]:
    """All links with one of these ids."""
    filters = {"connection": connection, "xero_id": ("in", xero_ids)}
    return [dict(row) for row in frappe.get_all(DOCTYPE, filters=filters, fields=[*FIELDS, "company"])] if xero_ids else []


def below(connection: str, endpoints: list[str]) -> list[dict[str, Any]]:
    """All links at these endpoints, as those of allocations are ("CreditNotes/<id>/Allocations")."""
    filters = {"connection": connection, "endpoint": ("in", endpoints)}
    return [dict(row) for row in frappe.get_all(DOCTYPE, filters=filters, fields=[*FIELDS, "company"])] if endpoints else []


def used(connection: str, endpoints: Sequence[str]) -> set[str]:
    """Those of these endpoints at which a document became a record."""
    filters = {"connection": connection, "endpoint": ("in", list(endpoints))}
    return set(frappe.get_all(DOCTYPE, filters=filters, pluck="endpoint", distinct=True, order_by="endpoint asc")) if endpoints else set()


def of_documents(connection: str, doctype: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """What Xero shows of the records of the documents with these names, a few hundred names at most, first entered first: `reference_name`,
    `reference_creation`, `role`, `sequence`, `endpoint`, `xero_number`, `remote_status`, `remote_total`, `remote_amount_due`, `adopted`, `currency`. Also of
    those that had such a name before and were deleted; without what is kept for the history only."""
    columns = (
        "reference_name",
        "reference_creation",
        "role",
        "sequence",
        "endpoint",
        "xero_number",
        "remote_status",
        "remote_total",
        "remote_amount_due",
        "adopted",
        "currency",
    )
    shown = ", ".join(f"`{column}`" for column in columns)
    rows = frappe.db.sql(
        f"SELECT {shown} FROM `tab{DOCTYPE}` WHERE `reference_doctype`=%(doctype)s AND `reference_name` IN %(names)s "
        "AND `connection`=%(connection)s AND COALESCE(`sequence`, 0)<%(aside)s ORDER BY `generation`, `sequence`",
        {"connection": connection, "doctype": doctype, "names": tuple(names), "aside": ASIDE},
        as_dict=True,
    )
    return [dict(row) for row in rows]


def whole_of_documents(connection: str, doctype: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """All links of the documents with these names, a few hundred names at most, as `of` has them; also of those that had such a name before."""
    filters = {"connection": connection, "reference_doctype": doctype, "reference_name": ("in", list(names))}
    rows = frappe.get_all(DOCTYPE, filters=filters, fields=FIELDS, order_by="generation asc, sequence asc") if names else []
    return [dict(row) for row in rows]


def keep_reconciled(connection: str, shown: Mapping[tuple[str, str], str]) -> None:
    """Keep what Xero has shown of whether records are matched with the bank statement: by endpoint and id (xero/records/reconciled.py). One read, and a write
    for each state that was another one. Part of the caller's transaction."""
    if not shown:
        return
    filters = {"connection": connection, "xero_id": ("in", sorted({xero_id for _endpoint, xero_id in shown}))}
    states = {(endpoint, xero_id.casefold()): state for (endpoint, xero_id), state in shown.items()}
    changed: dict[str, list[str]] = {}
    for row in frappe.get_all(DOCTYPE, filters=filters, fields=["name", "endpoint", "xero_id", "reconciled"]):
        now_on = states.get((str(row["endpoint"]), str(row["xero_id"]).casefold()))
        if now_on and now_on != row["reconciled"]:
            changed.setdefault(now_on, []).append(row["name"])
    for state, names in changed.items():
        frappe.db.set_value(DOCTYPE, {"name": ("in", names)}, "reconciled", state, update_modified=False)


def of(connection: str, who: Identity, revision: int = 0) -> list[dict[str, Any]]:
    """All links of one document, or those of one revision, oldest revision first, then by sequence."""
    rows = frappe.get_all(
        DOCTYPE,
        filters={
            "connection": connection,
            "reference_doctype": who.doctype,
            "reference_name": who.name,
            "reference_creation": who.creation,
            **({"generation": revision} if revision else {}),
        },
        fields=FIELDS,
        order_by="generation asc, sequence asc",
    )
    return [dict(row) for row in rows]


def live(connection: str, who: Identity) -> list[dict[str, Any]]:
    """The links of a document whose record still stands in Xero, as far as is known."""
    return [link for link in of(connection, who) if link["remote_status"] not in ENDED]


def of_others(connection: str, endpoint: str, xero_ids: list[str], who: Identity, role: tuple[str, int, int]) -> set[str]:
    """Those of `xero_ids` that are linked already to another document, or to this one in another role, sequence or revision."""
    rows = frappe.get_all(
        DOCTYPE,
        filters={"connection": connection, "endpoint": endpoint, "xero_id": ("in", xero_ids)},
        fields=["xero_id", *REFERENCE, "role", "sequence", "generation"],
    )
    own = (who.doctype, who.name, who.creation, *role)
    return {
        str(row["xero_id"])
        for row in rows
        if (*(row[field] for field in REFERENCE), row["role"], int(row["sequence"]), int(row["generation"])) != own
    }


def seen(link: str, **fields: Any) -> None:
    """Store what Xero last showed of a link (`remote_status`, `remote_amount_due`, `remote_total`) or what it was last compared with. With its status it need
    not be read again."""
    if "content" in fields:
        fields = {"content_version": VERSION, "content_at": now_datetime(), **fields}
    if "remote_status" in fields:
        fields |= {"remote_status": stored(fields["remote_status"]), "reading_again": None}
    frappe.db.set_value(DOCTYPE, link, {**fields, "last_checked": now()}, update_modified=False)
