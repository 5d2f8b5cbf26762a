"""Which contact in Xero may be whose: what is beyond doubt, what is only shown, and what is left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from picortex_xero.documents.party.contact_matches import Contacts, Match, Party, XeroContact, keys_of, matches, of_all
from picortex_xero.documents.party.evidence import Evidence, contradiction
from picortex_xero.documents.party.names import ALIKE, alike, normal
from tests.scene.pace import loops

MARK = "PC-" + "1" * 40


def there(name: str, xero_id: str = "", merged: str = "", **fields: str) -> XeroContact:
    return XeroContact(xero_id or name, {"Name": name, "ContactStatus": "ACTIVE", **fields}, merged)


def here(name: str, doctype: str = "Customer", tax: str = "", email: str = "", number: str = MARK, country: str = "GB") -> Party:
    return Party(doctype, name, Evidence(name, number, tax, (email,) if email else (), country), (name,))


def best(party: Party, *contacts: XeroContact, taken: dict[str, str] | None = None) -> Match | None:
    found = matches(party, Contacts.of(contacts, party.known.country), taken or {})
    return found[0] if found else None


def sure(party: Party, *contacts: XeroContact) -> str:
    """The id of the contact that is beyond doubt; "" where none is."""
    match = best(party, *contacts)
    return match.xero_id if match and match.sure else ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Ltd", "ACME LIMITED"),
        ("Acme (NZ) Pty. Ltd.", "acme nz"),
        ("The Kowhai Company, Inc.", "Kowhai"),
        ("O'Brien & Sons L.L.C.", "OBrien and Sons"),
        ("Café Müller GmbH", "Cafe Muller"),
    ],
)
def test_names_are_compared_without_what_is_written_in_many_ways(one: str, other: str) -> None:
    assert normal(one) == normal(other) != ""


@pytest.mark.parametrize("name", ["Limited", "The Company Ltd", "Pty", "株式会社", "***", ""])
def test_a_name_that_is_all_form_stays_a_name(name: str) -> None:
    assert bool(normal(name)) == any(each.isalnum() for each in name)


def test_other_businesses_are_not_alike() -> None:
    assert normal("Acme Holdings") != normal("Acme") and alike(normal("Acme Holdings Ltd"), normal("Apex Holdings Ltd")) < ALIKE
    assert alike(normal("Kowhai Motors Ltd"), normal("Kohwai Motors Limited")) > ALIKE


def test_the_mark_is_beyond_doubt_whatever_else_differs() -> None:
    own = there("Old Name", "own", ContactNumber=MARK, TaxNumber="GB 999")
    assert sure(here("Acme Ltd", tax="GB 111"), own, there("Acme Ltd", "namesake")) == "own"


@pytest.mark.parametrize("theirs", ["GB 123 4567 89", "123456789", "VAT 123456789", "vat no. gb123456789"])
def test_tax_numbers_agree_with_and_without_their_letters(theirs: str) -> None:
    """Case 30."""
    party = here("Acme Trading Ltd", tax="GB123456789")
    match = best(party, there("Acme Trading", "a", TaxNumber=theirs), there("Something Else", "b"))
    assert match and match.sure and match.xero_id == "a" and "tax number agrees" in match.because


def test_the_same_name_alone_is_beyond_doubt_as_when_something_is_sent() -> None:
    assert sure(here("Acme Ltd"), there("acme  LTD", "a"), there("Acme Holdings Ltd", "b")) == "a"


def test_the_same_words_alone_are_shown_and_not_linked() -> None:
    match = best(here("Acme Ltd"), there("Acme Limited"))
    assert match and not match.sure and match.score > 70
    assert sure(here("Acme Ltd", email="a@acme.example"), there("Acme Limited", "a", EmailAddress="A@acme.example")) == "a"


def test_an_address_alone_is_never_beyond_doubt() -> None:
    """An accountant's address stands in many contacts."""
    match = best(here("Acme Ltd", email="books@acct.example"), there("Zebra Farm", EmailAddress="books@acct.example"))
    assert match and not match.sure


def test_a_tax_number_with_another_name_may_be_a_branch() -> None:
    match = best(here("Wellington Shop", tax="111"), there("Kowhai Group", TaxNumber="111"))
    assert match and not match.sure and match.score >= 90


@pytest.mark.parametrize(
    ("contact", "party"),
    [
        ({"TaxNumber": "GB 222"}, {"tax": "GB 111"}),
        ({"ContactNumber": "CRM-77"}, {}),
        ({"EmailAddress": "x@other.example"}, {"email": "y@acme.example"}),
    ],
)
def test_what_speaks_against_it_when_something_is_sent_speaks_against_it_here(contact: dict[str, Any], party: dict[str, Any]) -> None:
    known = here("Acme Ltd", **party)
    element = there("Acme Ltd", "a", **contact)
    assert contradiction(element.element, known.known)
    match = best(known, element)
    assert match and not match.sure and match.against and match.score <= 40


def test_two_that_are_as_near_are_both_left_to_a_person() -> None:
    party = here("Acme Ltd", tax="111")
    found = matches(party, Contacts.of([there("Acme", "a", TaxNumber="111"), there("ACME LIMITED", "b", TaxNumber="111")], "GB"), {})
    assert {each.xero_id for each in found} == {"a", "b"} and not any(each.sure for each in found) and "as near" in found[0].against


def test_a_contact_that_would_go_to_two_customers_goes_to_none() -> None:
    contacts = Contacts.of([there("Acme Ltd", "a")], "GB")
    twins = [here("Acme Ltd"), Party("Customer", "ACME-2", Evidence("ACME LTD", "PC-" + "2" * 40))]
    found = of_all(twins, contacts, {})
    assert not any(each[0].sure for each in found.values()) and all("fits others" in each[0].against for each in found.values())
    both = of_all([twins[0], Party("Supplier", "Acme Ltd", twins[1].known)], contacts, {})
    assert all(each[0].sure for each in both.values()), "a customer and a supplier may share a contact"


def test_a_mark_wins_over_a_namesake_here() -> None:
    contacts = Contacts.of([there("Acme Ltd", "a", ContactNumber=MARK)], "GB")
    found = of_all([here("Acme Ltd"), here("ACME ltd", number="PC-" + "2" * 40)], contacts, {})
    assert [each[0].sure for each in found.values()] == [True, False]


def test_archived_ones_are_left_and_merged_ones_followed() -> None:
    gone = there("Acme Ltd", "gone", ContactStatus="ARCHIVED")
    assert best(here("Acme Ltd"), gone) is None
    chain = [
        there("Acme Ltd", "old", merged="middle", ContactStatus="ARCHIVED"),
        there("Acme", "middle", merged="new", ContactStatus="ARCHIVED"),
        there("Acme Group", "new"),
    ]
    match = best(here("Acme Ltd"), *chain)
    assert match and match.xero_id == "new" and "merged into it" in match.because
    circle = [there("Acme Ltd", "a", merged="b", ContactStatus="ARCHIVED"), there("X", "b", merged="a", ContactStatus="ARCHIVED")]
    assert best(here("Acme Ltd"), *circle) is None


def test_a_contact_of_another_customer_is_no_match() -> None:
    assert best(here("Acme Ltd"), there("Acme Ltd", "A1"), taken={"a1": "Other"}) is None


def test_a_code_that_somebody_typed_helps() -> None:
    party = Party("Customer", "C-0042", Evidence("Acme Trading Ltd", MARK), ("C-0042",))
    match = best(party, there("Acme Trading Limited", "a", AccountNumber="c-0042"))
    assert match and match.sure and "C-0042" in match.because


def test_nearly_the_same_names_are_found_and_never_beyond_doubt() -> None:
    match = best(here("Kowhai Motors Ltd"), there("Kohwai Motors Limited"), there("Rimu Bakery"))
    assert match and match.name == "Kohwai Motors Limited" and not match.sure
    assert best(here("Totally Different"), there("Rimu Bakery")) is None


def test_many_contacts_are_looked_through_by_what_was_worked_out_when_they_were_read() -> None:
    """50,000 of them take about a second and a half once they are read; here a tenth, 5 loops. It is eight times as much without what was worked out."""
    contacts = [
        there(f"Customer {number} Trading Ltd", str(number), EmailAddress=f"a{number}@c{number}.example") for number in range(5_000)
    ]
    contacts = [replace(each, keys=tuple(keys_of(each.element, "GB"))) for each in contacts]
    parties = [here(f"Customer {number} Trading Limited", email=f"a{number}@c{number}.example") for number in range(200)]
    found = of_all(parties, Contacts.of(contacts, "GB"), {})
    assert len(found) == 200 and all(each[0].sure for each in found.values())
    assert loops(lambda: of_all(parties, Contacts.of(contacts, "GB"), {}), 25) <= 25
