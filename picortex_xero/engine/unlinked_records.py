"""Rows of Xero Unlinked Record: records in Xero that belong to nothing here, as a list found them. All part of the caller's transaction.

Found: a person has still to say whether this site may send. Confirmed: they belong to this site, and what waits is compared with them. To Ask
About: only a name speaks for one of our documents; a person decides about that document. Linked, Gone, Not Ours (a person said so): nothing
is left to do.
"""

from __future__ import annotations

import hashlib
from typing import Any

import frappe
import simplejson

from ..xero.records import document_names, xero_element
from ..xero.records.base import Element
from ..xero.records.registry import MADE_AT
from . import unlinked
from .clock import now
from .screen_texts import stored
from .standard_columns import standard
from .unlinked import Unlinked

DOCTYPE = "Xero Unlinked Record"
FOUND, CONFIRMED, ASK, LINKED, GONE, NOT_OURS = "Found", "Confirmed", "To Ask About", "Linked", "Gone", "Not Ours"
MARK, NAME = "Our mark", "A name"
SHOWN = ["name", "what", "number", "document", "total", "date", "status", "bears", "alike", "endpoint", "xero_id", "state"]
AT_ONCE = 500


def keep(connection: str, company: str, found: Unlinked, state: str) -> None:
    """Write a row for each of these records that has none yet; one that has takes the new state."""
    rows = [(each, MARK, unlinked.document_of(each), True) for each in found.marked]
    rows += [(each.element, NAME, each.document, each.alike) for each in found.named]
    rows += [(each, "", "", False) for each in found.others]
    for element, bears, document, alike in rows:
        values = _values(connection, company, found.endpoint, element, bears, document, alike, state)
        frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)
        known = frappe.db.get_value(DOCTYPE, {"record_key": values["record_key"]}, ["name", "state"], as_dict=True)
        if known and known["state"] != state:
            fresh = {name: values[name] for name in ("state", "status", "element", "found_at")}
            frappe.db.set_value(DOCTYPE, known["name"], fresh, update_modified=False)


def _values(
    connection: str, company: str, endpoint: str, element: Element, bears: str, document: str, alike: bool, state: str
) -> dict[str, Any]:
    its = MADE_AT[endpoint][0]
    xero_id = xero_element.linked_id(element, its.id_field).casefold()
    worth = xero_element.worth(element)
    number = next((element[name] for name in (*xero_element.NUMBERS, "Reference", "Narration") if element.get(name)), "")
    return {
        "name": frappe.generate_hash(length=12),
        **standard(),
        "connection": connection,
        "company": company,
        "state": state,
        "what": its.noun,
        "number": stored(str(number))[:140],
        "document": stored(document)[:140],
        "total": "" if worth is None else str(worth),
        "date": xero_element.calendar_date(element),
        "bears": bears,
        "alike": int(alike),
        "endpoint": endpoint,
        "xero_id": xero_id,
        "status": stored(str(element.get("Status") or ""))[:140],
        "found_at": now(),
        "element": simplejson.dumps(element, use_decimal=True, default=str),
        "record_key": hashlib.sha256("\x1f".join((connection, endpoint, xero_id)).encode()).hexdigest()[:40],
    }


def of(connection: str, *states: str) -> list[dict[str, Any]]:
    """The rows in these states, as people are shown them."""
    filters = {"connection": connection, "state": ("in", states)}
    return [dict(row) for row in frappe.get_all(DOCTYPE, filters=filters, fields=SHOWN, order_by="bears desc, date asc, number asc")]


def at(connection: str, endpoint: str) -> list[dict[str, Any]]:
    """The rows of an endpoint with which waiting steps are compared, each with its `element`."""
    return _with_elements({"connection": connection, "endpoint": endpoint, "state": ("in", (CONFIRMED, ASK))})


def with_elements(connection: str, *states: str) -> list[dict[str, Any]]:
    """The rows in these states at all endpoints, each with its `element`."""
    return _with_elements({"connection": connection, "state": ("in", states)})


def _with_elements(filters: dict[str, Any]) -> list[dict[str, Any]]:
    rows = frappe.get_all(DOCTYPE, filters=filters, fields=[*SHOWN, "element", "found_at"], order_by="found_at asc, name asc")
    return [{**row, "element": simplejson.loads(row["element"] or "{}", use_decimal=True)} for row in rows]


def names(row: dict[str, Any], element: Element, name: str) -> bool:
    """Whether a record names the document: in the Url of its mark, or in its texts and numbers, as they are in `element`."""
    of_its_mark = xero_element.fold(row["document"]) == xero_element.fold(name)
    return of_its_mark or bool(document_names.Names([name]).within(xero_element.named(element)))


def move(rows: list[dict[str, Any]], state: str) -> None:
    """Give rows another state."""
    for row in rows:
        frappe.db.set_value(DOCTYPE, row["name"], {"state": state}, update_modified=False)


def are_not_ours(connection: str, company: str, offered: list[dict[str, Any]]) -> None:
    """A person says that none of these records (engine/candidates) is a document of this site: nothing is compared with them any more. What
    somebody else entered has no row until then."""
    ids = [str(each["id"]).casefold() for each in offered]
    filters = {"connection": connection, "xero_id": ("in", ids)}
    known = [dict(row) for row in frappe.get_all(DOCTYPE, filters=filters, fields=["name", "xero_id"])] if ids else []
    move(known, NOT_OURS)
    there = {str(row["xero_id"]) for row in known}
    for each in offered:
        if each.get("theirs") and str(each["id"]).casefold() not in there:
            its = MADE_AT[each["endpoint"]][0]
            said = {"Total": each["total"], "DateString": each["date"], "Status": each["status"]}
            element = {its.id_field: each["id"], its.number_fields[0]: each["number"], **said}
            keep(connection, company, Unlinked(each["endpoint"], others=[element]), NOT_OURS)


def listed(connection: str, limit: int = 200) -> list[dict[str, str]]:
    """What a person looks at before saying that this site may send: those with our mark first, then those that name a document."""
    rows = [row for row in of(connection, FOUND, CONFIRMED, ASK) if row["bears"]]
    return [{name: str(row[name] or "") for name in SHOWN if name != "alike"} for row in rows[:limit]]
