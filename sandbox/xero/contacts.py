"""Contacts: unique names among active ones, ContactNumber as the caller's key, and the contact that a document names."""
from __future__ import annotations

import re
import uuid
from typing import Any

from sandbox.xero import clock, wire
from sandbox.xero.refusals import Refused, refuse, text
from sandbox.xero.world import Call

_TEXT_FIELDS = {"ContactNumber": 50, "AccountNumber": 50, "FirstName": 255, "LastName": 255, "CompanyNumber": 50,
                "EmailAddress": 255, "BankAccountDetails": None, "TaxNumber": 50, "AccountsReceivableTaxType": None,
                "AccountsPayableTaxType": None, "DefaultCurrency": None, "TaxNumberType": None,
                "SalesDefaultAccountCode": None, "PurchasesDefaultAccountCode": None}
_ADDRESS_FIELDS = {**{f"AddressLine{n}": 500 for n in range(1, 5)}, "City": 255, "Region": 255, "PostalCode": 50,
                   "Country": 50, "AttentionTo": 255}
_LIST_FIELDS = ("Addresses", "Phones", "ContactPersons")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_WORD, _LABEL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_STRICT_EMAIL = re.compile(rf"{_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]+")  # the message A, where it begins C


def show(contact: dict[str, Any], *, brief: bool = False) -> dict[str, Any]:
    """A contact as answered; ``brief`` is the form nested in documents of a list."""
    if brief:
        return {"ContactID": contact["ContactID"], "Name": contact["Name"]}
    shown: dict[str, Any] = {"ContactID": contact["ContactID"], "ContactStatus": contact["ContactStatus"],
                             "Name": contact["Name"]}
    shown.update({key: contact[key] for key in _TEXT_FIELDS if contact.get(key)})
    shown.setdefault("EmailAddress", "")
    shown.setdefault("BankAccountDetails", "")
    shown.update({key: contact.get(key, []) for key in _LIST_FIELDS})
    if contact.get("MergedToContactID"):
        shown["MergedToContactID"] = contact["MergedToContactID"]
    shown.update(UpdatedDateUTC=wire.ms_datetime(contact["updated"]), ContactGroups=[],
                 IsSupplier=contact["IsSupplier"], IsCustomer=contact["IsCustomer"],
                 HasAttachments=False, HasValidationErrors=False)
    return shown


def _fold(name: str) -> str:
    return name.casefold()  # uniqueness without case: C


def by_name(call: Call, name: str) -> dict[str, Any] | None:
    """The ACTIVE contact of this name."""
    found = call.org.index("contact name").get(_fold(name))
    return call.org.of("Contacts").get(found) if found else None


def by_number(call: Call, number: str) -> dict[str, Any] | None:
    found = call.org.index("contact number").get(number)
    return call.org.of("Contacts").get(found) if found else None


def find(call: Call, element: dict[str, Any], *, names: bool) -> dict[str, Any] | None:
    """The contact an element identifies: by ContactID, then ContactNumber, then (``names``) Name (A: POST upserts)."""
    if element.get("ContactID"):
        contact = call.org.of("Contacts").get(str(element["ContactID"]).lower())
        if contact is None:
            raise Refused("The contact with the specified ContactID could not be found.")  # wording C
        return contact
    if element.get("ContactNumber"):
        contact = by_number(call, element["ContactNumber"])
        if contact:
            return contact
    return by_name(call, element["Name"]) if names and element.get("Name") else None


def _check(call: Call, element: dict[str, Any], own: str | None) -> list[str]:
    messages: list[str] = []
    name = element.get("Name")
    if "Name" in element:
        if not name:
            messages.append(text("E006"))
        elif len(name) > 255:
            messages.append("The contact name must be 255 characters or fewer.")  # length A, wording C
        elif re.search(r"[<>]", name) or name != name.strip() or "  " in name:
            messages.append("The contact name contains characters or spaces that are not allowed.")  # rule B, wording C
        else:
            other = by_name(call, name)
            if other and other["ContactID"] != own:
                messages.append(text("E002", name=name) if own is None else
                                text("E004", A=call.org.of("Contacts")[own]["Name"], B=name))
    for field, index, error in (("ContactNumber", "contact number", "E014"),
                                ("AccountNumber", "contact account", "E016")):
        value = element.get(field)
        if value and call.org.index(index).get(value) not in (None, own):
            messages.append(text(error))
    for field, longest in _TEXT_FIELDS.items():
        if longest and len(str(element.get(field) or "")) > longest:
            messages.append(f"The {field} field must be {longest} characters or fewer.")  # length A, wording C
    for address in element.get("Addresses") or []:
        if address.get("AddressType") not in ("POBOX", "STREET"):
            messages.append(f"The AddressType '{address.get('AddressType')}' is not valid.")  # enumeration A, wording C
        for field, longest in _ADDRESS_FIELDS.items():
            if len(str(address.get(field) or "")) > longest:
                messages.append(f"The {field} field must be {longest} characters or fewer.")  # length A, wording C
        if not re.fullmatch(r"[A-Za-z ]*", str(address.get("Country") or "")):
            messages.append("The Country field takes letters only.")  # rule A, wording C
    email = _STRICT_EMAIL if call.world.settings["strict_email"] else _EMAIL
    if element.get("EmailAddress") and not email.fullmatch(element["EmailAddress"]):
        messages.append(text("E017"))
    return messages


def save(call: Call, element: dict[str, Any], contact: dict[str, Any] | None) -> dict[str, Any]:
    """Creates (``contact`` None) or updates one contact and notes it in the ledger."""
    org, action = call.org, "updated" if contact else "created"
    if contact and contact["ContactStatus"] != "ACTIVE":
        raise refuse("E011")
    messages = _check(call, element, contact["ContactID"] if contact else None)
    status = element.get("ContactStatus")
    if status not in (None, "ACTIVE", "ARCHIVED") or (status == "ARCHIVED" and contact is None):
        messages.append(text("E013") if status == "ARCHIVED" else f"The status '{status}' is not valid for contacts.")
    if messages:
        raise Refused(*messages)
    if contact is None:
        contact = {"ContactID": str(uuid.uuid4()), "ContactStatus": "ACTIVE", "IsSupplier": False,
                   "IsCustomer": False}
        org.of("Contacts")[contact["ContactID"]] = contact
    if element.get("Name") and contact.get("Name") != element["Name"]:
        org.index("contact name").pop(_fold(contact.get("Name", "")), None)
        contact["Name"] = element["Name"]
    contact.update({key: element[key] for key in (*_TEXT_FIELDS, *_LIST_FIELDS) if element.get(key) is not None})
    contact["ContactStatus"] = status or contact["ContactStatus"]
    own = contact["ContactID"]
    if contact["ContactStatus"] == "ACTIVE":
        org.index("contact name")[_fold(contact["Name"])] = own
    else:
        org.index("contact name").pop(_fold(contact["Name"]), None)
    for field, index in (("ContactNumber", "contact number"), ("AccountNumber", "contact account")):
        if contact.get(field):
            org.index(index)[contact[field]] = own
    contact["updated"] = clock.now()
    call.world.note(call, "Contacts", own, action, {
        "name": contact["Name"], "number": contact.get("ContactNumber"), "status": contact["ContactStatus"]})
    return contact


def of_document(call: Call, element: Any) -> dict[str, Any]:
    """The contact of a document. ContactID alone only refers; further fields update the contact, and a Name alone
    creates one when no active contact has it (B: third-party guides to Xero's API)."""
    if not isinstance(element, dict) or not any(element.get(key) for key in ("ContactID", "ContactNumber", "Name")):
        raise refuse("E007")
    contact = find(call, element, names=True)
    if contact is None:
        return save(call, element, None)
    while call.world.settings["takes_merged_contacts"] and contact["ContactStatus"] != "ACTIVE" and contact.get("MergedToContactID"):
        contact = call.org.of("Contacts")[contact["MergedToContactID"]]
    if contact["ContactStatus"] != "ACTIVE":
        raise refuse("E010")
    changes = {key: value for key, value in element.items() if key not in ("ContactID",) and contact.get(key) != value}
    return save(call, changes, contact) if changes else contact
