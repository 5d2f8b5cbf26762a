"""Customers and suppliers become contacts; a namesake is adopted only where nothing speaks against it."""

from __future__ import annotations

from typing import Any

import pytest

from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.party.contact import contact, namesake
from tests.documents.party.scene import party

OURS = contact(party(), "k1")


def test_the_element() -> None:
    assert OURS.body == {
        "Name": "Rata Builders",
        "ContactNumber": OURS.marker["ContactNumber"],
        "EmailAddress": "office@rata.example",
        "TaxNumber": "123-456-789",
    }
    assert (OURS.total, OURS.tax) == (None, None)


def test_what_is_empty_or_too_long_is_left_out() -> None:
    assert set(contact(party(tax_id=" ", email_id=None), "k1").body) == {"Name", "ContactNumber"}
    long = contact(party(tax_id="9" * 51), "k1")
    assert "TaxNumber" not in long.body and "9" * 51 in long.noted


def test_spaces_in_names_are_single() -> None:
    assert contact(party(customer_name="  Rata \t Builders\n"), "k1").body["Name"] == "Rata Builders"
    assert contact(party(customer_name=None, supplier_name="Kaimai"), "k1").body["Name"] == "Kaimai"


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("", ["contact-nameless"]),
        ("a<b", ["contact-name-invalid"]),
        ("a>b", ["contact-name-invalid"]),
        ("x" * 256, ["contact-name-invalid"]),
    ],
)
def test_names_that_xero_does_not_take(name: str, codes: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        contact(party(customer_name=name), "k1")
    assert [problem.code for problem in refused.value.problems] == codes
    assert "CUST-1" in refused.value.problems[0].resolution


def test_the_longest_name_that_fits() -> None:
    assert len(contact(party(customer_name="x" * 255), "k1").body["Name"]) == 255


def existing(**changes: Any) -> dict[str, Any]:
    return {"ContactID": "x1", "Name": "Rata Builders", "ContactStatus": "ACTIVE", "ContactNumber": "", "TaxNumber": "", **changes}


def test_our_number_is_the_proof_whatever_the_name() -> None:
    found = existing(Name="Renamed by a person", ContactNumber=OURS.body["ContactNumber"], TaxNumber="other")
    assert namesake([existing(), found], OURS) == found


@pytest.mark.parametrize(
    "changes",
    [
        {"TaxNumber": "123456789"},
        {"Name": " rata   BUILDERS "},
        {"TaxNumber": "123 456 789", "ContactNumber": None},
        {"ContactNumber": "PC-" + "0" * 40, "TaxNumber": "123-456-789"},
    ],
)
def test_a_namesake_that_is_the_same_party_is_adopted(changes: dict[str, Any]) -> None:
    assert namesake([existing(**changes)], OURS) == existing(**changes)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ([existing(TaxNumber="999-999-999")], "its tax number is 999-999-999"),
        ([existing(ContactNumber="C-77")], 'it has the contact code "C-77"'),
        ([existing(TaxNumber="123456789"), existing(ContactID="x2", TaxNumber="123456789")], "there are several"),
    ],
)
def test_a_namesake_that_may_be_another_waits_for_a_person(found: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(Refused) as refused:
        namesake(found, OURS)
    assert refused.value.problems[0].code == "contact-name-taken" and says in refused.value.problems[0].message


@pytest.mark.parametrize("found", [[], [existing(Name="Rata Builders 2")], [existing(ContactStatus="ARCHIVED")], [existing(Name=None)]])
def test_no_namesake(found: list[dict[str, Any]]) -> None:
    """An archived contact of the name does not count: Xero wants names unique among active ones."""
    assert namesake(found, OURS) is None
