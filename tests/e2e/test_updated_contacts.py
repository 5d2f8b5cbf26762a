"""Update Contacts in Xero: off by default, when no contact is ever changed; on, a changed customer's or supplier's contact follows, in just the
fields that changed here."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.contacts import save
from tests.scene.desk import log
from tests.scene.renames import tell

Element = dict[str, Any]


def linked(rig: Rig) -> str:
    """A customer whose contact is in Xero."""
    record = scene.invoices(rig)[0]
    rig.play([record])
    scene.settle(rig)
    return str(record["doc"]["customer"])


def switch(rig: Rig, on: int = 1) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "update_contacts", on))


def contact(rig: Rig) -> Element:
    (found,) = rig.xero.documents("Contacts")
    return dict(found)


def sent(call: Element) -> Element:
    """The body of a call."""
    found = call["request"]
    return dict(json.loads(found) if isinstance(found, str) else found)


def updates(rig: Rig) -> list[Element]:
    """The elements with which contacts were to be changed."""
    calls = [call for call in scene.writes(rig, "Contacts") if call["method"] == "POST"]
    return [each for call in calls for each in sent(call)["Contacts"]]


def steps(rig: Rig, name: str) -> list[tuple[str, str]]:
    return [(row["role"], row["state"]) for row in rig.steps(reference_name=name) if row["role"] != "contact"]


def test_off_nothing_changes_and_on_just_what_changed_here_does(rig: Rig) -> None:
    name = linked(rig)
    before = contact(rig)
    save(rig, name, customer_name="Another Name Ltd", email_id="new@rata.example", tax_id="11-111-111", mobile_no="021 1")
    scene.settle(rig)
    assert contact(rig) == before and not updates(rig) and steps(rig, name) == [], "off by default: not a byte"
    switch(rig)
    phones = [{"PhoneType": "DEFAULT", "PhoneNumber": "5550101", "PhoneAreaCode": "03", "PhoneCountryCode": "64"}]
    own = before["ContactID"]
    rig.xero.person("edit_contact", ContactID=own, EmailAddress="typed@in.xero", Phones=phones, BankAccountDetails="12-3456-7890123-00")
    # Two quick changes are one request with what is there last; what is empty here is not emptied there, what did not change here stays.
    save(rig, name, mobile_no="021 555 01")
    save(rig, name, mobile_no="021 555 02", tax_id="")
    save(rig, name, customer_details="not of a contact")
    scene.settle(rig)
    mobile = {"PhoneType": "MOBILE", "PhoneNumber": "021 555 02", "PhoneAreaCode": "", "PhoneCountryCode": ""}
    assert updates(rig) == [{"ContactID": own, "Phones": [*phones, mobile]}]
    assert sorted(state for _role, state in steps(rig, name)) == ["Superseded", "Synced"]
    now = contact(rig)
    assert (now["EmailAddress"], now["BankAccountDetails"], now["Name"]) == ("typed@in.xero", "12-3456-7890123-00", before["Name"])
    assert log(rig, name)[-1] == f"The contact of {name} was changed in Xero: its mobile number is 021 555 02 (it was empty)"
    # What Xero has already is not sent; what Xero refuses waits for a person and keeps no money back, and the correction takes it over.
    save(rig, name, email_id="typed@in.xero")
    scene.settle(rig)
    assert len(updates(rig)) == 1 and steps(rig, name)[-1] == ("update-3", "Synced")
    rig.xero.person("create_contact", Name="Taken Ltd")
    save(rig, name, customer_name="Taken Ltd", email_id="office@rata.example")
    scene.settle(rig)
    assert steps(rig, name)[-1] == ("update-4", "Needs Attention") and len(updates(rig)) == 2
    second = scene.copied(scene.invoices(rig)[0], "SINV-AFTER")
    rig.play([second])
    scene.settle(rig)
    assert scene.step(rig, "SINV-AFTER", "invoice")["state"] == "Synced"
    save(rig, name, customer_name="Free Ltd")
    scene.settle(rig)
    assert steps(rig, name)[-2:] == [("update-4", "Superseded"), ("update-5", "Synced")]
    assert updates(rig)[-1] == {"ContactID": own, "Name": "Free Ltd", "EmailAddress": "office@rata.example"}
    number = scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Link", {"xero_id": own}, "xero_number"))
    assert number == "Free Ltd"
    # An archived contact is left alone.
    rig.xero.person("edit_contact", ContactID=own, ContactStatus="ARCHIVED")
    save(rig, name, tax_id="22-222-222")
    scene.settle(rig)
    assert steps(rig, name)[-1] == ("update-6", "Skipped") and len(updates(rig)) == 3
    # Switched off, nothing is noted, and what was noted before does not go.
    rig.xero.person("edit_contact", ContactID=own, ContactStatus="ACTIVE")
    save(rig, name, tax_id="33-333-333")
    switch(rig, 0)
    save(rig, name, tax_id="44-444-444")
    scene.settle(rig)
    assert steps(rig, name)[-1] == ("update-7", "Superseded") and len(updates(rig)) == 3


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_a_lost_answer_a_rename_and_a_merge(rig: Rig, fault: str) -> None:
    name = linked(rig)
    switch(rig)
    rig.xero.fault(fault, method="POST", path="/Contacts$")
    save(rig, name, email_id="new@rata.example")
    scene.settle(rig)
    assert contact(rig)["EmailAddress"] == "new@rata.example" and steps(rig, name) == [("update-1", "Synced")]
    keys = {call["headers"].get("idempotency-key") for call in scene.writes(rig, "Contacts") if call["method"] == "POST"}
    assert len(updates(rig)) == 2 and len(keys) == 1, "the same bytes under the same key, which Xero takes once"
    # Renamed here, the customer is called so in Xero; the contact that Xero has merged meanwhile is followed.
    kept = rig.xero.person("create_contact", Name="Kept By The Bookkeeper Ltd")["ContactID"]
    rig.xero.person("merge_contacts", ContactID=contact_of(rig, name), Into=kept)

    def rename(frappe: Any) -> None:
        frappe.db.sql(
            "UPDATE `tabCustomer` SET `name`='Renamed & Sons', `customer_name`='Renamed & Sons' WHERE `name`=%(old)s", {"old": name}
        )
        tell(frappe, "Customer", name, "Renamed & Sons")

    scene.with_site(rig, rename)
    scene.settle(rig)
    assert updates(rig)[-1] == {"ContactID": kept, "Name": "Renamed & Sons"}
    assert steps(rig, "Renamed & Sons")[-1] == ("update-2", "Synced") and contact_of(rig, "Renamed & Sons") == kept


def contact_of(rig: Rig, name: str) -> str:
    where = {"reference_name": name, "endpoint": "Contacts"}
    return str(scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Link", where, "xero_id")))


def test_addresses_come_along_and_follow_where_that_is_wanted(rig: Rig) -> None:
    """A contact is made with the address of its customer; a changed address goes only where contacts are to be changed; what Xero refuses of it keeps no
    money back."""
    record = scene.invoices(rig)[0]
    name = str(record["doc"]["customer"])
    rig.play([record])
    typed_address(rig, name, "Billing", address_line1="12 Rata Road", city="Nelson", country="New Zealand")
    scene.settle(rig)
    made = {"AddressType": "POBOX", "AddressLine1": "12 Rata Road", "City": "Nelson", "Country": "New Zealand"}
    assert contact(rig)["Addresses"] == [made]
    typed_address(rig, name, "Billing", address_line1="14 Rata Road")
    scene.settle(rig)
    assert contact(rig)["Addresses"] == [made] and not updates(rig) and steps(rig, name) == [], "off by default: not a byte"
    switch(rig)
    typed_address(rig, name, "Billing", disabled=0)
    assert steps(rig, name) == [], "nothing of it changed"
    typed_address(rig, name, "Shipping", address_line1="Yard 4", city="Picton")
    scene.settle(rig)
    new = {**made, "AddressLine1": "14 Rata Road"}
    yard = {"AddressType": "STREET", "AddressLine1": "Yard 4", "City": "Picton"}
    assert contact(rig)["Addresses"] == [new, yard] and steps(rig, name) == [("update-1", "Synced")]
    assert "its postal address is 14 Rata Road, Nelson, New Zealand; Yard 4, Picton" in log(rig, name)[-1]
    # Xero refuses the address of a new contact: it is made without, and the invoice goes.
    other = scene.of_different_customers(rig, 2)[1]
    rig.play([other])
    typed_address(rig, str(other["doc"]["customer"]), "Billing", address_line1="1 Far Away", city="Nowhere")
    rig.xero.fault("element_error", method="PUT", path="/Contacts$", text="The Country field is not valid")
    scene.settle(rig)
    assert scene.step(rig, other["name"], "invoice")["state"] == "Synced"
    assert any("without the postal address 1 Far Away, Nowhere" in each for each in log(rig, str(other["doc"]["customer"])))


def typed_address(rig: Rig, party: str, kind: str, **fields: Any) -> None:
    """A customer's address of a type, typed or changed, as the Desk saves it: the row, then the hook, which knows the address as it was before."""

    def work(frappe: Any) -> None:
        found = frappe.get_all("Address", filters={"address_title": party, "address_type": kind}, pluck="name")
        before = frappe.get_doc("Address", found[0]) if found else None
        if before:
            frappe.db.set_value("Address", before.name, fields)
            name = before.name
        else:
            typed = {"doctype": "Address", "name": f"{party}-{kind}", "address_title": party, "address_type": kind, **fields}
            name = frappe.get_doc(typed).insert().name
            link = {"name": frappe.generate_hash(length=10), "parent": name, "parenttype": "Address", "parentfield": "links", "idx": 1}
            link |= {"link_doctype": "Customer", "link_name": party}
            frappe.db.bulk_insert("Dynamic Link", list(link), [tuple(link.values())])
        doc = frappe.get_doc("Address", name)
        doc._before_save = before
        frappe.get_attr(frappe.get_hooks("doc_events")["Address"]["on_update"][0])(doc, "on_update")

    scene.with_site(rig, work)
