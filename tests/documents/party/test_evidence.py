"""Whether a contact in Xero is the party: joined by evidence, left to a person where something speaks against it."""

from __future__ import annotations

from typing import Any

import pytest

from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.party.contact import contact, evidence
from picortex_xero.documents.party.evidence import from_stored, joined_because, namesake_of
from picortex_xero.documents.party.mail_addresses import addresses, business
from picortex_xero.documents.party.tax_numbers import comparable
from tests.documents.party.scene import party

X = {"ContactID": "x1", "Name": "JOHN SMITH", "ContactStatus": "ACTIVE"}


def found(here: dict[str, Any], there: dict[str, Any], country: str = "NZ") -> str:
    """ "joined", or why not."""
    known = evidence(party(**{"customer_name": "John Smith", "tax_id": "", "email_id": "", **here}), "k1", country)
    assert from_stored(known.stored()) == known
    try:
        return "joined" if namesake_of([{**X, **there}], known) else "none"
    except Refused as refused:
        assert [each.code for each in refused.problems] == ["contact-name-taken"]
        return refused.problems[0].message.rpartition("(")[2].rstrip(")")


@pytest.mark.case("F08")
@pytest.mark.parametrize(
    ("here", "there", "says"),
    [
        ({}, {}, "joined"),
        ({"email_id": "john@alpha.example"}, {}, "joined"),
        ({}, {"EmailAddress": "js@beta.example"}, "joined"),
        ({"email_id": "john@alpha.example"}, {"EmailAddress": "John@Alpha.example"}, "joined"),
        ({"email_id": "john@alpha.example"}, {"EmailAddress": "accounts@alpha.example"}, "joined"),
        ({"email_id": "john@mail.alpha.co.nz"}, {"EmailAddress": "accounts@alpha.co.nz"}, "joined"),
        ({"email_id": "john@alpha.example"}, {"EmailAddress": "js@gmail.com"}, "joined"),
        ({"email_id": "john@xtra.co.nz"}, {"EmailAddress": "js@beta.example"}, "joined"),
        ({"email_id": "john@yahoo.co.uk"}, {"EmailAddress": "js@hotmail.com"}, "joined"),
        ({"email_id": "john@alpha.example"}, {"EmailAddress": "js@beta.example"}, "its e-mail address is js@beta.example"),
        ({"email_id": "john@alpha.co.nz"}, {"EmailAddress": "js@beta.co.nz"}, "its e-mail address is js@beta.co.nz"),
        ({"email_id": "john@alpha.example, js@beta.example"}, {"EmailAddress": "js@beta.example"}, "joined"),
        (
            {"email_id": "john@alpha.example"},
            {"EmailAddress": "js@beta.example", "ContactPersons": [{"EmailAddress": "john@alpha.example"}]},
            "joined",
        ),
        (
            {"email_id": "john@alpha.example", "tax_id": "12-345-678"},
            {"EmailAddress": "js@beta.example", "TaxNumber": "012345678"},
            "joined",
        ),
        (
            {"email_id": "john@alpha.example", "tax_id": "12-345-678"},
            {"EmailAddress": "js@beta.example"},
            "its e-mail address is js@beta.example",
        ),
        ({"email_id": "a@alpha.example", "tax_id": "1"}, {"EmailAddress": "a@alpha.example", "TaxNumber": "2"}, "its tax number is 2"),
        ({}, {"ContactNumber": "C-7"}, 'it has the contact code "C-7"'),
        ({"email_id": "a@alpha.example"}, {"EmailAddress": "b@alpha.example", "ContactNumber": "C-7"}, 'it has the contact code "C-7"'),
        # What the cure says: Xero's screens take no code off a contact, so that agreeing evidence has to be enough.
        ({"tax_id": "1"}, {"TaxNumber": "1", "ContactNumber": "C-7"}, "joined"),
        ({"email_id": "a@alpha.example"}, {"EmailAddress": "a@alpha.example", "ContactNumber": "C-7"}, "joined"),
        ({"tax_id": "1"}, {"TaxNumber": "2", "ContactNumber": "C-7"}, "its tax number is 2"),
        ({"tax_id": "1"}, {"TaxNumber": "1", "ContactNumber": "PC-" + "0" * 40}, "joined"),
        ({}, {"ContactStatus": "ARCHIVED"}, "none"),
    ],
)
def test_joined_unless_something_speaks_against_it(here: dict[str, Any], there: dict[str, Any], says: str) -> None:
    assert found(here, there) == says
    supplier = {"doctype": "Supplier", "customer_name": None, "supplier_name": "John Smith"}
    assert found({**here, **supplier}, there) == says


@pytest.mark.case("F08")
def test_several_namesakes_are_a_persons_even_where_one_agrees() -> None:
    known = evidence(party(tax_id="1"), "k1", "NZ")
    with pytest.raises(Refused) as refused:
        namesake_of([{**X, "Name": "Rata  Builders"}, {**X, "ContactID": "x2", "Name": "rata builders", "TaxNumber": "1"}], known)
    assert "there are several" in refused.value.problems[0].message


@pytest.mark.case("F08")
def test_what_was_joined_is_said_for_whoever_reviews_it() -> None:
    known = evidence(party(email_id="a@alpha.example", tax_id="GB 1"), "k1", "GB")
    assert joined_because({**X, "TaxNumber": "1", "EmailAddress": "b@gmail.com"}, known) == (
        "the tax number agrees, the e-mail address is a@alpha.example here, b@gmail.com in Xero"
    )
    assert joined_because({**X, "EmailAddress": "A@alpha.example"}, known) == "the e-mail address agrees"
    assert joined_because(X, known) == "only the name is known on both sides"


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("a@gmail.com", ""),
        ("a@GoogleMail.com", ""),
        ("a@yahoo.com.au", ""),
        ("a@outlook.fr", ""),
        ("a@live.co.uk", ""),
        ("a@bigpond.com", ""),
        ("a@btinternet.com", ""),
        ("a@example.com", ""),
        ("a@mail.kauri.co.nz", "kauri.co.nz"),
        ("a@kauri.nz", "kauri.nz"),
        ("a@accounts.kauri.com", "kauri.com"),
        ("a@gmail.kauri.com", "kauri.com"),
    ],
)
def test_whose_domain_an_address_is_on(address: str, domain: str) -> None:
    assert business(address) == domain


@pytest.mark.case("02")
@pytest.mark.parametrize(
    ("typed", "valid", "others"),
    [
        ("a@x.example, b@x.example", ["a@x.example", "b@x.example"], []),
        ("a@x.example;b@x.example\nc@x.example", ["a@x.example", "b@x.example", "c@x.example"], []),
        ("a@x.example b@x.example", ["a@x.example", "b@x.example"], []),
        ("a@x.example / b@x.example", ["a@x.example", "b@x.example"], []),
        ("Jo Ash <jo@x.example>", ["jo@x.example"], []),
        ('"Ash, Jo" <jo@x.example>', ["jo@x.example"], []),
        ("Jo &lt;jo@x.example&gt;", ["jo@x.example"], []),
        ("mailto:jo@x.example", ["jo@x.example"], []),
        ("jo@x.example;", ["jo@x.example"], []),
        ("<jo@x.example>.", ["jo@x.example"], []),
        ("jo@x.example, JO@x.example", ["jo@x.example"], []),
        ("jo\u200b@x.example", ["jo@x.example"], []),
        ("ap@x", [], ["ap@x"]),
        ("ap@x, b@x.example", ["b@x.example"], ["ap@x"]),
        ("of\ufb01ce@x.example", [], ["of\ufb01ce@x.example"]),
        ("of\ufb01ce@x.example, ok@x.example", ["ok@x.example"], ["of\ufb01ce@x.example"]),
        ("jo.@x.example", [], ["jo.@x.example"]),
        ("jo..ash@x.example", [], ["jo..ash@x.example"]),
        ("jo@-x.example", [], ["jo@-x.example"]),
        ("jo@x.example.1", [], ["jo@x.example.1"]),
        ("jo@@x.example", [], ["jo@@x.example"]),
        ("x" * 65 + "@x.example", [], ["x" * 65 + "@x.example"]),
        ("none", [], ["none"]),
        ("", [], []),
        (None, [], []),
    ],
)
def test_the_addresses_of_what_was_typed(typed: str | None, valid: list[str], others: list[str]) -> None:
    assert addresses(typed) == (valid, others)
    made = contact(party(email_id=typed), "k1")
    assert made.body.get("EmailAddress") == (valid[0] if valid else None)
    assert all(each in made.noted for each in (*valid[1:], *others)) and bool(made.noted) == bool(valid[1:] or others)


@pytest.mark.case("30")
@pytest.mark.parametrize(
    ("country", "one", "other", "same"),
    [
        ("GB", "GB123456789", "123456789", True),
        ("GB", "123456789", "GB 123 4567 89", True),
        ("GB", "VAT No. GB 123.4567.89", "123456789", True),
        ("GB", "GB123456789", "IE123456789", False),
        ("GB", "IE123456789", "123456789", False),
        ("GB", "IE 123456789", "ie-123456789", True),
        ("GB", "0123456789", "123456789", False),
        ("NZ", "NZ-12-345-678", "12345678", True),
        ("NZ", "012-345-678", "12345678", True),
        ("NZ", "GST 012-345-678", "IRD number: 12 345 678", True),
        ("NZ", "GST:12-345-678", "NZ012345678", True),
        ("NZ", "12-345-678", "12-345-679", False),
        ("AU", "ABN 51 824 753 556", "51824753556", True),
        ("AU", "ABN51824753556", "51 824 753 556", True),
        ("AU", "AU51824753556", "51824753556", True),
        ("AU", "012345", "12345", False),
        ("US", "EIN 12-3456789", "12-3456789", True),
        ("US", "US123456789", "123456789", True),
        ("NO", "NO 123 456 789 MVA", "123456789 MVA", True),
        ("GB", "NO 123 456 789", "123456789", False),
        ("", "GB123456789", "123456789", False),
        ("GR", "EL123456789", "123456789", True),
    ],
)
def test_tax_numbers_are_compared_without_labels_separators_and_the_own_country(country: str, one: str, other: str, same: bool) -> None:
    assert (comparable(one, country) == comparable(other, country)) is same
    assert (found({"tax_id": one}, {"TaxNumber": other}, country) == "joined") is same


def test_what_is_no_number_says_nothing() -> None:
    assert {comparable(each, "NZ") for each in ("", None, "exempt", "n/a", "GST")} == {""}
    assert comparable("0000", "NZ") == "0000"
