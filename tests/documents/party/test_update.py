"""A contact follows its customer or supplier: just what changed here, and nothing is ever emptied there."""

from __future__ import annotations

from typing import Any

import pytest

from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.base import InXero, Owner
from picortex_xero.documents.decisions import Done, Merged, Send, Skip
from picortex_xero.documents.identity import Identity, identity
from picortex_xero.documents.party.update import ChangedContact, changed, differing, wanted_of
from picortex_xero.documents.role import Purpose, role
from picortex_xero.documents.step import Link, Step
from picortex_xero.xero.records.registry import CONTACT
from tests.documents.party.scene import party


@pytest.mark.parametrize(
    ("now", "fields"),
    [
        ({}, []),
        ({"email_id": ""}, []),
        ({"tax_id": None, "customer_name": " Rata   Builders "}, []),
        ({"email_id": "new@rata.example"}, ["EmailAddress"]),
        ({"customer_name": "Rata Ltd", "tax_id": "9", "mobile_no": "021"}, ["Name", "Phones", "TaxNumber"]),
        ({"default_bank_account": "NZ-12-3456-7890123-00", "customer_group": "B2B"}, []),
    ],
)
def test_what_a_save_has_changed(now: dict[str, Any], fields: list[str]) -> None:
    assert changed(party(), party(**now)) == fields


def test_what_the_party_says_now() -> None:
    assert wanted_of(party(), ["EmailAddress", "Phones"], "k1") == {"EmailAddress": "office@rata.example"}
    assert wanted_of(party(customer_name="a<b"), ["TaxNumber"], "k1") == {"TaxNumber": "123-456-789"}
    assert wanted_of(party(mobile_no="0" * 51, email_id="nonsense"), ["EmailAddress", "Phones"], "k1") == {}
    with pytest.raises(Refused):
        wanted_of(party(customer_name="a<b"), ["Name", "TaxNumber"], "k1")


def test_a_mobile_number_in_parts_is_compared_as_a_whole() -> None:
    shown = {"Phones": [{"PhoneType": "MOBILE", "PhoneCountryCode": "64", "PhoneAreaCode": "21", "PhoneNumber": "555"}]}
    assert differing({"Phones": "64 21 555"}, shown) == ({}, [])
    body, said = differing({"Phones": "021 777"}, shown)
    assert [each["PhoneNumber"] for each in body["Phones"]] == ["021 777"] and "it was 64 21 555" in said[0]


def decided(shown: dict[str, Any] | None, *others: Identity) -> Any:
    who = identity(party())
    step = Step("S1", who, role("update-1"), 1, "Pending", changed=("Name",))
    links = [Link("L", each, "contact", 1, 1, "Contacts", "x1") for each in (who, *others)]
    kind = CONTACT.updated_by
    assert kind is not None
    plan = ChangedContact(step, party(), kind, frozenset(), "", "x1", links[0], (("Name", "Rata Builders"),))
    place = ("Contacts", (shown or {}).get("ContactID", "x1"))
    return plan.decide(InXero(records={("Contacts", "x1"): shown}, owners={place: [Owner(each, True) for each in links]}))


def test_a_contact_of_two_customers_an_archived_one_and_one_that_is_gone_are_left_alone() -> None:
    mine = {"ContactID": "x1", "Name": "Former", "ContactStatus": "ACTIVE"}
    sent = decided(mine, Identity("Supplier", "SUPP-1", "2026-10-01 08:00:00.000000")).outcome
    assert isinstance(sent, Send) and sent.translation.body == {"ContactID": "x1", "Name": "Rata Builders"}
    assert isinstance(decided({**mine, "Name": "Rata Builders"}).outcome, Done)
    shared = decided(mine, Identity("Customer", "CUST-2", "2026-10-01 08:00:00.000000")).outcome
    assert isinstance(shared, Skip) and "CUST-2" in shared.problem.message
    assert isinstance(decided({**mine, "ContactStatus": "ARCHIVED"}).outcome, Skip)
    assert isinstance(decided(None).outcome, Skip)


def test_one_that_was_merged_is_followed() -> None:
    found = decided({"ContactID": "x2", "Name": "Kept", "ContactStatus": "ACTIVE"})
    assert found.effects == (Merged("x1", "x2", "Kept"),) and found.outcome.translation.marker == {"ContactID": "x2"}


def test_its_role_is_a_partys() -> None:
    assert role("update-2").purpose is Purpose.UPDATE and role("update-2").of_party and not role("update-2").makes
