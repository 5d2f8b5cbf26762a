"""What the page Match contacts calls. Whoever reads the books sees it; who decides what is sent links."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..attention import whom_to_ask
from ..engine import contact_links, contact_overview, contact_presses, contact_reading
from ..engine.contact_presses import Press
from ..engine.screen_texts import html, in_words, said
from ..engine.wake import read_contacts, wake_waiting
from ..mapping_screen import contact_sheet
from . import sheets
from .arguments import asks, count, identifier, listed, name, one, text_or_nothing

CONNECTION, CONTACT = "Xero Connection", "Xero Contact"
KINDS = ("Customer", "Supplier")
SCOPES, SHOWN = ("used", "all"), ("open", "sure", "doubtful", "none", "linked", "all")
MOST_AT_ONCE = 1000


def _may_read(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "read")
    frappe.has_permission(CONTACT, "read", throw=True)


def _may_export(connection: str, **_arguments: Any) -> None:
    _may_read(connection)
    frappe.has_permission(CONNECTION, "export", throw=True)


def _may_change(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "write")


def _party_type(label: str, value: Any) -> str:
    return _among(label, value, ("", *KINDS))


def _doctype(label: str, value: Any) -> str:
    return _among(label, value, KINDS)


def _scope(label: str, value: Any) -> str:
    return _among(label, value, SCOPES)


def _show(label: str, value: Any) -> str:
    return _among(label, value, SHOWN)


def _among(label: str, value: Any, allowed: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        frappe.throw(_("{0} must be one of {1}").format(html(label), html(", ".join(each for each in allowed if each))))
    return str(value)


def _start(label: str, value: Any) -> int:
    """Which row is shown first."""
    return min(count(label, value), 10**6)


def _parties(label: str, value: Any) -> list[tuple[str, str]]:
    """Customers and suppliers, each as [DocType, name]; as a list, or as JSON."""
    found = listed(label, value, MOST_AT_ONCE)
    if not all(isinstance(each, list) and len(each) == 2 for each in found):
        frappe.throw(_("{0} must be a list of customers and suppliers").format(html(label)))
    return [(_doctype(label, doctype), name(label, party)) for doctype, party in found]


def _pairs(label: str, value: Any) -> list[tuple[str, str, str]]:
    """Customers and suppliers with a contact each, as [DocType, name, ContactID]; as a list, or as JSON."""
    found = listed(label, value, MOST_AT_ONCE)
    if not all(isinstance(each, list) and len(each) == 3 for each in found):
        frappe.throw(_("{0} must be a list of customers and suppliers with their contacts").format(html(label)))
    return [(_doctype(label, doctype), name(label, party), identifier(label, xero_id)) for doctype, party, xero_id in found]


@frappe.whitelist(methods=["GET"])
@asks(_may_read, connection=name)
def state(connection: str) -> dict[str, Any]:
    """How far the reading of Xero's contacts is: `state` ("", "Reading", "Done", "Stopped"), `found`, `total`, `why`, `finished_at`; `whom_to_ask`
    for whoever only reads; the last `presses`, which may be undone."""
    row = contact_reading.of(connection) or {}
    return {
        "state": row.get("state") or "",
        "found": int(row.get("found") or 0),
        "total": int(row.get("total") or 0),
        "whom_to_ask": whom_to_ask.of_connection(connection),
        "known": frappe.db.count(CONTACT, {"connection": connection}),
        "why": said(row.get("why"), row.get("why_parts"), "why") if row.get("why") else "",
        "finished_at": str(row.get("finished_at") or ""),
        "presses": contact_presses.presses(connection),
    }


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name)
def read(connection: str) -> None:
    """Have Xero's contacts read in the background; changes nothing in Xero."""
    contact_reading.start(connection)
    read_contacts(connection)


@frappe.whitelist(methods=["GET"])
@asks(_may_read, connection=name, scope=_scope, show=_show, party_type=_party_type, search=text_or_nothing, start=_start)
def rows(
    connection: str, scope: str = "used", show: str = "open", party_type: str = "", search: str = "", start: int = 0
) -> dict[str, Any]:
    """One page of customers and suppliers with their contact, or those that may be it."""
    return contact_overview.rows(connection, scope, show, party_type, search.strip(), start)


@frappe.whitelist(methods=["GET"])
@asks(_may_read, connection=name, text=text_or_nothing)
def search(connection: str, text: str) -> list[dict[str, str]]:
    """Xero's active contacts whose name, address or tax number holds this text, the first twenty."""
    return contact_overview.search(connection, text.strip())


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, doctype=_doctype, name=name, xero_id=identifier)
def link(connection: str, doctype: str, name: str, xero_id: str) -> None:
    """Link one customer or supplier with a contact that is in Xero already; nothing is sent."""
    contact_links.link(connection, doctype, name, xero_id, contact_overview.because(connection, doctype, name, xero_id))
    wake_waiting(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, pairs=_pairs)
def link_many(connection: str, pairs: list[tuple[str, str, str]]) -> dict[str, Any]:
    """Link each of these customers and suppliers with the contact that was proposed for it: how many were (`done`), and why others were not
    (`refused`: `label`, `message`)."""
    press = Press(connection, contact_presses.SUGGESTED)
    told = [(pair, contact_overview.because(connection, *pair)) for pair in pairs]
    done, refused = contact_links.link_all(connection, told, press)
    wake_waiting(connection)
    return contact_links.answer(press, done, refused)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, pairs=_pairs)
def turn_down(connection: str, pairs: list[tuple[str, str, str]]) -> dict[str, Any]:
    """Say of contacts that they are another business than these customers and suppliers; the answer is that of `link_many`."""
    press = Press(connection, contact_presses.TURNED_DOWN)
    return contact_links.answer(press, *contact_links.turn_down(connection, pairs, press))


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, parties=_parties)
def unlink_many(connection: str, parties: list[tuple[str, str]]) -> dict[str, Any]:
    """Undo the links of these customers and suppliers, while nothing was sent on them; the answer is that of `link_many`."""
    press = Press(connection, contact_presses.CHOSEN)
    return contact_links.answer(press, *contact_links.unlink_all(connection, parties, press))


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, batch=identifier)
def undo(connection: str, batch: str) -> dict[str, Any]:
    """Put back what stood before a press; the answer is that of `link_many`."""
    done, refused = contact_links.undo(connection, batch)
    wake_waiting(connection)
    return contact_links.answer(None, done, refused)


@frappe.whitelist(methods=["GET"])
@asks(_may_export, connection=name, form=sheets.form, scope=_scope, show=_show, party_type=_party_type, search=text_or_nothing)
def export(connection: str, form: str = "xlsx", scope: str = "used", show: str = "open", party_type: str = "", search: str = "") -> None:
    """What the page shows as a spreadsheet, all of its pages."""
    sheets.answer("xero-contacts", form, contact_sheet.export(connection, form, scope, show, party_type, search.strip()))


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, filename=text_or_nothing, content=sheets.content)
def preview_sheet(connection: str, filename: str, content: bytes) -> dict[str, Any]:
    """What a spreadsheet would link, row by row; nothing is changed."""
    return contact_sheet.preview(connection, filename, content)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, filename=text_or_nothing, content=sheets.content)
def import_sheet(connection: str, filename: str, content: bytes) -> dict[str, Any]:
    """Link what a spreadsheet says, and answer each of its rows."""
    answer = contact_sheet.apply(connection, filename, content)
    wake_waiting(connection)
    return answer


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, scope=_scope)
def link_all(connection: str, scope: str = "used") -> dict[str, Any]:
    """Link everyone for whom one contact is beyond doubt: `linked` ([DocType, name] of each), `refused` (why others were not), `left` (how many are to
    be linked by pressing again)."""
    found = contact_overview.sure(connection, scope)
    pairs = [((*key, match.xero_id), match.because) for key, match in found[:MOST_AT_ONCE]]
    linked, refused = contact_links.link_all(connection, pairs, Press(connection, contact_presses.SUGGESTED))
    wake_waiting(connection)
    return {
        "linked": [list(each) for each in linked],
        "refused": [in_words(problem.message) for _key, problem in refused],
        "left": max(len(found) - MOST_AT_ONCE, 0),
    }


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, parties=_parties)
def unlink(connection: str, parties: list[tuple[str, str]]) -> int:
    """Undo links with contacts of Xero, while nothing was sent on them; returns how many. Throws where the first of them cannot be undone."""
    for doctype, party in parties:
        contact_links.unlink(connection, doctype, party)
    return len(parties)
