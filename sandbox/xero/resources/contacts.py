"""Contacts: their routes, create and update, lists and lookups."""
from __future__ import annotations

from typing import Any

from sandbox.xero import contacts, elements, listing
from sandbox.xero.refusals import not_found, refuse
from sandbox.xero.world import Call

_FILTERS = {"ContactID", "Name", "ContactStatus", "EmailAddress", "AccountNumber", "ContactNumber", "IsSupplier",
            "IsCustomer", "UpdatedDateUTC", "FirstName", "LastName", "TaxNumber", "CompanyNumber", "DefaultCurrency"}


def put(call: Call) -> dict[str, Any]:
    """PUT Contacts: create only."""
    def one(element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
        if not any(element.get(key) for key in ("Name", "ContactID", "ContactNumber")):
            raise refuse("E005")
        if not element.get("Name"):
            raise refuse("E006")
        return contacts.show(contacts.save(call, {k: v for k, v in element.items() if k != "ContactID"}, None))
    return elements.write_each(call, "Contacts", "Contact", "ContactID", one)


def post(call: Call) -> dict[str, Any]:
    """POST Contacts: create or update, matched by ContactID, ContactNumber or Name."""
    def one(element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
        if not any(element.get(key) for key in ("Name", "ContactID", "ContactNumber")):
            raise refuse("E005")
        return contacts.show(contacts.save(call, element, contacts.find(call, element, names=True)))
    return elements.write_each(call, "Contacts", "Contact", "ContactID", one)


def post_one(call: Call, contact_id: str) -> dict[str, Any]:
    contact = call.org.of("Contacts").get(contact_id.lower()) or contacts.by_number(call, contact_id)
    if contact is None:
        raise not_found()
    return elements.write_one(call, "Contacts", "Contact", "ContactID", elements.only(call, "Contacts"),
                              lambda element, warnings: contacts.show(contacts.save(call, element, contact)))


def get_one(call: Call, contact_id: str) -> dict[str, Any]:
    contact = call.org.of("Contacts").get(contact_id.lower()) or contacts.by_number(call, contact_id)
    if contact is None:
        raise not_found()
    return elements.success(Contacts=[contacts.show(contact)])


def get(call: Call) -> dict[str, Any]:
    """GET Contacts: archived ones only with includeArchived=true or by IDs (A)."""
    query, since = call.query, listing.modified_since(call.headers.get("if-modified-since"))
    wanted = {part.strip().lower() for part in query.get("IDs", "").split(",") if part.strip()}
    archived = query.get("includeArchived", "").lower() == "true"
    search = query.get("searchTerm", "").lower()
    where = listing.compile_where(query["where"], "Contact", _FILTERS) if query.get("where") else None
    rows = []
    for contact in call.org.of("Contacts").values():
        if (wanted and contact["ContactID"] not in wanted) or (since and contact["updated"] < since):
            continue
        if contact["ContactStatus"] != "ACTIVE" and not archived and not wanted:
            continue
        if search and not any(search in str(contact.get(key) or "").lower() for key in (
                "Name", "FirstName", "LastName", "ContactNumber", "CompanyNumber", "EmailAddress")):
            continue
        rows.append(contacts.show(contact))
    rows = listing.in_order([row for row in rows if where is None or where(row)], query.get("order"), "ContactID")
    page, block = listing.page_of(rows, query)
    return elements.success(**({"pagination": block} if block else {}), Contacts=page)


ROUTES = [
    ("GET", r"/Contacts", "accounting.contacts", get), ("PUT", r"/Contacts", "accounting.contacts", put),
    ("POST", r"/Contacts", "accounting.contacts", post),
    ("GET", r"/Contacts/([^/]+)", "accounting.contacts", get_one),
    ("POST", r"/Contacts/([^/]+)", "accounting.contacts", post_one)]
