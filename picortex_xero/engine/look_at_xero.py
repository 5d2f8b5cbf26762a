"""Reading from Xero what the plans of a batch need to know, for all of them together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe

from ..documents.base import InXero, Owner, Plan, Reads, Shown
from ..documents.facts import LINK_FIELDS, by_doctype
from ..documents.needs import NOTHING
from ..documents.party.evidence import is_merged, same_name
from ..documents.step import link
from ..documents.suppliers_own import Numbered, spellings
from ..extras import files
from ..xero.records.base import EXACT
from ..xero.records.registry import CONTACT, HISTORY_NOTE, INVOICE, object_at
from . import links, look_at_bank, look_for_entered, look_for_typed, reading
from .contexts import Context
from .gather import load
from .leases import Lease

# So many characters of contacts and numbers go into one address.
ADDRESS = 1500


def look(context: Context, lease: Lease, plans: list[Plan]) -> InXero:
    """Everything that these plans read. Raises reading.Interrupted, send.LeaseLost."""
    reads = Reads()
    for plan in plans:
        reads |= plan.reads()
    names = sorted(reads.contacts)
    shown = InXero(
        _records(context, lease, reads),
        _contacts(context, lease, names),
        {
            path: reading.read(context, lease, [path], missing_ok=True)[0].get(HISTORY_NOTE.endpoint) or []
            for path in sorted(reads.histories)
        },
        _numbered(context, lease, sorted(reads.numbers)),
        _suppliers_own(context, lease, sorted(reads.suppliers_own)),
        look_at_bank.look(context, lease, plans),
        called=context.mapping.called,
        entered=look_for_entered.look(context, lease, plans),
        typed=look_for_typed.look(context, lease, plans),
    )
    places = frozenset[tuple[str, str]]().union(*(plan.whose(shown) for plan in plans))
    shown = replace(shown, owners=owners(context.connection, places), files=files.read(reads.files))
    load(context.books, NOTHING.union(*(plan.needs(shown) for plan in plans)), shown.facts)
    return shown


def _records(context: Context, lease: Lease, reads: Reads) -> dict[tuple[str, str], dict[str, object] | None]:
    """Single records by (endpoint, id), None where Xero has none; invoices forty to a call, all others one by one. Of a contact that was merged the one
    that was kept is shown."""
    ids: dict[str, list[str]] = {}
    for endpoint, xero_id in sorted(reads.records):
        ids.setdefault(endpoint, []).append(xero_id)
    found: dict[tuple[str, str], dict[str, object] | None] = {}
    for endpoint, each in ids.items():
        if object_at(endpoint).listed_by_ids:
            shown = reading.invoices(context, lease, each)
            found |= {(endpoint, xero_id): shown.get(xero_id) for xero_id in each}
        elif endpoint == CONTACT.endpoint:
            found |= {(endpoint, xero_id): reading.kept_contact(context, lease, xero_id) for xero_id in each}
        else:
            elements = reading.each(context, lease, endpoint, each, f"?{EXACT}" if object_at(endpoint).read_exactly else "")
            found |= {(endpoint, xero_id): element for xero_id, element in zip(each, elements)}
    return found


def _contacts(context: Context, lease: Lease, names: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The contacts that may be of these names; one of the name that was merged says where the chain of merges ends ("": nowhere)."""
    found = dict(zip(names, reading.contacts_like(context, lease, names) if names else []))
    for name, each in found.items():
        for contact in each:
            if is_merged(contact) and same_name(contact["Name"], name):
                kept = reading.kept_contact(context, lease, str(contact["MergedToContactID"]))
                contact["MergedToContactID"] = kept["ContactID"] if kept else ""
    return found


def _numbered(context: Context, lease: Lease, places: list[tuple[str, str]]) -> dict[tuple[str, str], Shown]:
    """The invoices of these contacts with these numbers; those of a contact that was merged are with the one that was kept."""
    found, kept = dict[tuple[str, str], Shown](), dict[str, str]()
    for contact_id, number in places:
        if contact_id not in kept:
            element = reading.kept_contact(context, lease, contact_id)
            kept[contact_id] = element["ContactID"] if element else contact_id
        # Xero would read a number with a comma as two numbers.
        query = f"ContactIDs={kept[contact_id]}" + ("" if "," in number else f"&{INVOICE.numbered(*spellings(number))}")
        found[contact_id, number] = reading.listing(context, lease, INVOICE.endpoint, f"{query}&{EXACT}", True, "")
    return found


def _suppliers_own(context: Context, lease: Lease, places: list[Numbered]) -> dict[Numbered, Shown]:
    """The records of these contacts with these numbers, as many to a call as an address has room for; what is shown of others is among them.
    A contact that was merged is none that a bill can have: Xero refuses it, and the bill is decided anew with the one that was kept."""
    found = dict[Numbered, Shown]()
    for some in _together(places):
        of = object_at(some[0][0])
        query = of.numbered(*dict.fromkeys(each for place in some for each in _asked_for(place)))
        if of is INVOICE and some[0][1]:
            query = f"ContactIDs={','.join(dict.fromkeys(contact_id for _endpoint, contact_id, _number in some))}&{query}"
        found |= dict.fromkeys(some, reading.listing(context, lease, of.endpoint, f"{query}&{EXACT}", True, ""))
    return found


def _together(places: list[Numbered]) -> list[list[Numbered]]:
    """The places of one endpoint that are asked about in one call each."""
    calls: list[list[Numbered]] = []
    room = 0
    for endpoint, contact_id, number in places:
        length = len(object_at(endpoint).numbered(*_asked_for((endpoint, contact_id, number))))
        # A supplier is named once in each address.
        length += 0 if calls and any(contact_id == each[1] for each in calls[-1]) else len(contact_id)
        first = calls[-1][0] if calls else ("", "", "")
        # Sales are asked for by their numbers alone, with no contact beside them.
        apart = first[0] != endpoint or bool(first[1]) != bool(contact_id) or not object_at(endpoint).together(first[2], number)
        if not calls or length > room or apart:
            calls.append([])
            room = ADDRESS
        calls[-1].append((endpoint, contact_id, number))
        room -= length
    return calls


def _asked_for(place: Numbered) -> tuple[str, ...]:
    """How Xero is asked for a number: a supplier's may be typed in several ways, that of a sale is Xero's own."""
    return spellings(place[2]) if place[1] else (place[2],)


def owners_of(context: Context, endpoint: str, xero_id: str) -> list[Owner]:
    """The documents that one record is linked with."""
    place = (endpoint, xero_id)
    return owners(context.connection, frozenset([place]))[place]


def owners(connection: str, places: frozenset[tuple[str, str]]) -> dict[tuple[str, str], list[Owner]]:
    """The documents that these records, given as (endpoint, id), are linked with."""
    found: dict[tuple[str, str], list[Owner]] = {place: [] for place in places}
    # Upper and lower case make no difference in ids.
    asked = {(endpoint, xero_id.casefold()): (endpoint, xero_id) for endpoint, xero_id in places}
    ids = sorted({xero_id for _, xero_id in places})
    if not ids:
        return found
    rows = frappe.get_all(links.DOCTYPE, filters={"connection": connection, "xero_id": ("in", ids)}, fields=LINK_FIELDS)
    linked = [(place, link(dict(row))) for row in rows if (place := asked.get((row["endpoint"], row["xero_id"].casefold())))]
    there = {
        (doctype, row["name"]): int(row["docstatus"])
        for doctype, names in by_doctype({(one.who.doctype, one.who.name) for _place, one in linked})
        for row in frappe.get_all(doctype, filters={"name": ("in", names)}, fields=["name", "docstatus"])
    }
    for place, one in linked:
        status = there.get((one.who.doctype, one.who.name))
        found[place].append(Owner(one, status is not None, status == 0, status == 2))
    return found
