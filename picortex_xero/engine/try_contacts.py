"""On which contacts in Xero the drafts of a test run may be made: a sales invoice on a customer, a bill on a supplier, as Xero or our own links have it.

Where Xero knows none of that kind, as in an organisation that is new, any contact will do.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import frappe

from ..questions.organisation import Organisation
from ..xero.records.base import GONE
from ..xero.records.registry import CONTACT
from . import links

# By the record that is made: whose contact it is here, and Xero's field for such contacts.
KINDS = {"sales": ("Customer", "IsCustomer"), "purchases": ("Supplier", "IsSupplier")}
OTHER = {"IsCustomer": "IsSupplier", "IsSupplier": "IsCustomer"}
MOST, MOST_LINKED = 50, 15
Found = dict[str, list[dict[str, str]]]


def offered(connection: str, org: Organisation) -> Found:
    """By "sales" and "purchases" the `id` and `name` of contacts, those first that are linked with a customer or supplier here. Asks Xero two to four
    times. Raises NotAsked, Wait."""
    linked = {party: _linked(connection, party) for party, _field in KINDS.values()}
    ids = [each for found in linked.values() for each in found]
    ours = {_id(each): each for each in _listed(org, f"IDs={','.join(ids)}") if each.get("ContactStatus") == "ACTIVE"} if ids else {}
    found: Found = {}
    for made, (party, field) in KINDS.items():
        own = [ours[each] for each in linked[party] if each in ours]
        # One that Xero counts among the others only comes last of ours.
        own.sort(key=lambda each: bool(each.get(OTHER[field])) and not each.get(field))
        found[made] = _shown([*own, *_listed(org, _where(f"{field}==true"))])
    if not all(found.values()):
        anybody = _shown(_listed(org, _where()))
        found = {made: rows or anybody for made, rows in found.items()}
    return found


def searched(org: Organisation, words: str) -> Found:
    """The same by what occurs in their names, numbers or addresses: of the right kind first, then all others. Asks Xero three times. Raises NotAsked,
    Wait."""
    anybody = _listed(org, _where(words=words))
    return {made: _shown([*_listed(org, _where(f"{field}==true", words)), *anybody]) for made, (_party, field) in KINDS.items()}


def _linked(connection: str, party: str) -> list[str]:
    filters = {"connection": connection, "endpoint": CONTACT.endpoint, "reference_doctype": party, "remote_status": ("not in", GONE)}
    rows = frappe.get_all(links.DOCTYPE, filters=filters, pluck="xero_id", order_by="creation desc", limit=MOST_LINKED)
    return list(dict.fromkeys(str(each).casefold() for each in rows))


def _where(more: str = "", words: str = "") -> str:
    said = " AND ".join(filter(None, ('ContactStatus=="ACTIVE"', more)))
    search = f"&searchTerm={quote(words, safe='')}" if words else ""
    return f"where={quote(said, safe='')}{search}&order=Name&page=1&pageSize={MOST}"


def _listed(org: Organisation, query: str) -> list[dict[str, Any]]:
    return [each for each in org.get(f"Contacts?{query}").get("Contacts") or [] if isinstance(each, dict)]


def _id(contact: dict[str, Any]) -> str:
    return str(contact["ContactID"]).casefold()


def _shown(contacts: list[dict[str, Any]]) -> list[dict[str, str]]:
    return list({_id(each): {"id": str(each["ContactID"]), "name": str(each.get("Name") or "")} for each in contacts}.values())[:MOST]
