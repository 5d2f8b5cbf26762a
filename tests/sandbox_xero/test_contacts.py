"""Contacts: unique names and numbers, lookups, archiving, and what a document's Contact block does."""
from __future__ import annotations

import pytest

from tests.scene.xero_client import Client

TAKEN = ("The contact name Rata Builders is already assigned to another contact. The contact name must be unique "
         "across all active contacts.")


def found(api: Client, query: str) -> list[str]:
    return [contact["Name"] for contact in api.get(f"Contacts?{query}").json()["Contacts"]]


def test_names_are_unique_among_active_contacts(api: Client) -> None:
    first = api.contact()
    assert api.errors("Contacts", {"Name": "Rata Builders"}) == [TAKEN]
    assert api.errors("Contacts", {"Name": "RATA builders"}), "without case (C)"
    api.xero.person("edit_contact", ContactID=first, ContactStatus="ARCHIVED")
    assert api.contact() != first


def test_numbers_are_unique_among_all(api: Client) -> None:
    first = api.contact(ContactNumber="PC-1", AccountNumber="C100")
    assert api.errors("Contacts", {"Name": "Other", "ContactNumber": "PC-1", "AccountNumber": "C100"}) == [
        "Another contact has this contact number. Please enter a different contact number.",
        "The Account Number already exists. Please enter a different Account Number."]
    api.xero.person("edit_contact", ContactID=first, ContactStatus="ARCHIVED")
    assert api.errors("Contacts", {"Name": "Other", "ContactNumber": "PC-1"})


@pytest.mark.wrong_requests
@pytest.mark.parametrize("fields", [
    {"Name": ""}, {"Name": "a<b"}, {"Name": " a"}, {"Name": "a  b"}, {"Name": "x" * 256}, {},
    {"Name": "a", "EmailAddress": "no"}, {"Name": "a", "ContactNumber": "x" * 51},
    {"Name": "a", "ContactStatus": "ARCHIVED"}])
def test_what_is_refused(api: Client, fields: dict) -> None:
    assert api.errors("Contacts", fields) and api.xero.documents("Contacts") == []


def test_post_updates_by_id_number_or_name(api: Client) -> None:
    first = api.contact(ContactNumber="PC-1")

    def post(**fields: str) -> dict:
        return api.post("Contacts?summarizeErrors=false", {"Contacts": [fields]}).json()["Contacts"][0]
    assert post(ContactID=first, Name="Rata Building")["ContactID"] == first
    assert post(ContactNumber="PC-1", TaxNumber="1-2")["Name"] == "Rata Building"
    assert post(Name="Rata Building", FirstName="Ada")["ContactID"] == first
    assert post(Name="New one")["ContactID"] != first
    assert "existing contact with that name" in post(ContactID=first, Name="New one")["ValidationErrors"][0]["Message"]
    assert post(ContactID=first, ContactStatus="ARCHIVED")["ContactStatus"] == "ARCHIVED"
    assert post(ContactID=first, FirstName="x")["ValidationErrors"][0]["Message"].startswith(
        "The specified contact details matched an archived contact.")


def test_lookups(api: Client) -> None:
    first = api.contact(ContactNumber="PC-1", EmailAddress="ada@example.com")
    api.contact("Basket Case Ltd")
    gone = api.contact("Gone Ltd")
    api.xero.person("edit_contact", ContactID=gone, ContactStatus="ARCHIVED")
    assert api.get("Contacts/PC-1").json()["Contacts"][0]["ContactID"] == first
    assert api.get(f"Contacts/{first}").json()["Contacts"][0]["ContactNumber"] == "PC-1"
    assert api.get("Contacts/PC-2").status_code == 404
    assert found(api, 'where=Name=="Basket Case Ltd"') == ["Basket Case Ltd"]
    assert found(api, 'where=Name=="Gone Ltd"') == []
    assert found(api, 'where=Name=="Gone Ltd"&includeArchived=true') == ["Gone Ltd"]
    assert found(api, 'where=EmailAddress=="ada@example.com"') == ["Rata Builders"]
    assert found(api, f"IDs={first},{gone}") == ["Rata Builders", "Gone Ltd"]
    assert found(api, "searchTerm=bASK") == ["Basket Case Ltd"]
    assert found(api, "page=2&pageSize=1&order=Name ASC") == ["Rata Builders"]


def test_a_document_refers_creates_or_updates(api: Client) -> None:
    first = api.contact(ContactNumber="PC-1")
    api.made("Invoices", api.invoice(first, "A-1"))
    by_name = api.made("Invoices", {**api.invoice(first, "A-2"), "Contact": {"Name": "Walk In"}})
    assert by_name["Contact"]["ContactID"] != first, "a name alone creates a contact"
    api.made("Invoices", {**api.invoice(first, "A-3"), "Contact": {"ContactID": first, "EmailAddress": "x@y.nz"}})
    shown = api.get(f"Contacts/{first}").json()["Contacts"][0]
    assert shown["EmailAddress"] == "x@y.nz", "further fields update the contact"
    assert (shown["IsCustomer"], shown["IsSupplier"]) == (True, False)


def test_merged_contacts_say_where_they_went(api: Client) -> None:
    one, two = api.contact("One"), api.contact("Two")
    api.made("Invoices", api.invoice(one, "A-1"))
    api.xero.person("merge_contacts", ContactID=one, Into=two)
    shown = api.get(f"Contacts/{one}").json()["Contacts"][0]
    assert (shown["ContactStatus"], shown["MergedToContactID"]) == ("ARCHIVED", two)
    assert api.get("Invoices/A-1").json()["Invoices"][0]["Contact"]["ContactID"] == two


@pytest.mark.case("02")
@pytest.mark.parametrize("email", ["a@x.example, b@x.example", "Jo <jo@x.example>", "of\ufb01ce@x.example", "ap@x", "ap@x.example;", ".a@x.example", "a..b@x.example"])
def test_an_address_is_one_plain_address(api: Client, email: str) -> None:
    assert api.errors("Contacts", {"Name": "One", "EmailAddress": email}) == ["Email address must be valid."]


def test_how_strict_that_is_can_be_switched(api: Client) -> None:
    api.xero.settings(strict_email=False)
    assert api.contact(EmailAddress="of\ufb01ce@x.example")


@pytest.mark.case("08")
@pytest.mark.parametrize("text", ["a\x0bb", "a\x85b", "a\u200bb", "\ufeffa", "a\u00adb", "a\nb"])
def test_unseen_characters_are_refused_where_switched(api: Client, text: str) -> None:
    api.contact(text.replace("\n", " "))
    api.xero.settings(refuses_control_characters=True)
    assert api.errors("Contacts", {"Name": text + " Ltd"}) == ["The Name field contains characters that are not allowed."]
    sale = api.invoice(api.contact("Other"), "A-1", api.line(Description=text))
    if "\n" in text:
        assert api.made("Invoices", sale)["LineItems"][0]["Description"] == text
    else:
        assert api.errors("Invoices", sale) == ["The Description field contains characters that are not allowed."]


@pytest.mark.case("01")
def test_a_merge_moves_every_document(api: Client) -> None:
    one, two = api.contact("One"), api.contact("Two")
    api.made("CreditNotes", {"Type": "ACCRECCREDIT", "CreditNoteNumber": "CN-1", "Contact": {"ContactID": one}, "Date": "2026-10-05",
                             "Status": "AUTHORISED", "LineItems": [api.line()]})
    api.made("BankTransactions", {"Type": "RECEIVE-OVERPAYMENT", "Contact": {"ContactID": one}, "BankAccount": {"Code": "090"},
                                  "Date": "2026-10-05", "LineItems": [{"Description": "Advance", "LineAmount": 50}]})
    api.xero.person("merge_contacts", ContactID=one, Into=two)
    for resource in ("CreditNotes", "BankTransactions", "Overpayments"):
        assert [each["contact"] for each in api.xero.documents(resource)] == [two], resource
