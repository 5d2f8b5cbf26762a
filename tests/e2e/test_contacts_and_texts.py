"""What people type into names, addresses and lines, against a Xero that is strict about it: nothing waits for a detail, and nobody is taken
for somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import log

UNSEEN = "\x0b\x02\x1f\u200b\ufeff\u00ad\x85"


def customer(rig: Rig, record: scene.Record, **fields: Any) -> str:
    name = record["doc"]["customer"]
    scene.with_site(rig, lambda frappe: [frappe.db.set_value("Customer", name, field, value) for field, value in fields.items()])
    return str(name)


def with_row(record: scene.Record, **fields: Any) -> scene.Record:
    record["doc"]["items"][0].update(fields)
    return record


def synced(rig: Rig) -> None:
    assert {(row["reference_name"], row["role"], row["state"], row["reason"]) for row in rig.steps() if row["state"] != "Synced"} == set()


@pytest.mark.case("02")
@pytest.mark.parametrize(
    ("typed", "goes"),
    [
        ("ap@kunde.example, chef@kunde.example", "ap@kunde.example"),
        ("Accounts <ap@kunde.example>", "ap@kunde.example"),
        ("ap@kunde.example;", "ap@kunde.example"),
        ("ap@kunde; chef@kunde.example", "chef@kunde.example"),
        ("of\ufb01ce@kunde.example", ""),
        ("ap@kunde", ""),
    ],
)
def test_the_first_valid_address_goes_and_the_history_says_what_did_not(rig: Rig, typed: str, goes: str) -> None:
    (sale,) = scene.invoices(rig)
    name = customer(rig, sale, email_id=typed)
    rig.play([sale])
    scene.settle(rig)
    synced(rig)
    (made,) = rig.xero.documents("Contacts")
    assert made.get("EmailAddress", "") == goes and not made.get("ContactPersons")
    assert len(scene.live(rig)) == 1 and len(scene.writes(rig, "Contacts")) == 1
    lost = [each.strip() for each in typed.replace(";", ",").split(",") if each.strip() and goes not in each] if goes else [typed]
    said = [line for line in log(rig, name) if "went to Xero without" in line]
    assert len(said) == bool(lost) and all(each in said[0] for each in lost)


@pytest.mark.case("02")
@pytest.mark.parametrize(
    ("refusal", "keeps"),
    [
        ("Email address must be valid.", {"TaxNumber"}),
        ("The TaxNumber field must be 50 characters or fewer.", {"EmailAddress"}),
        ("The phone number is too long.", set()),
    ],
)
@pytest.mark.parametrize("kind", ["element_error", "batch_400"])
def test_whatever_detail_xero_refuses_the_contact_goes_without_it(rig: Rig, kind: str, refusal: str, keeps: set[str]) -> None:
    (sale,) = scene.invoices(rig)
    name = customer(rig, sale, email_id="ap@kunde.example", tax_id="11-111-111")
    rig.xero.fault(kind, method="PUT", path="/Contacts$", text=refusal)
    rig.play([sale])
    scene.settle(rig)
    synced(rig)
    (made,) = rig.xero.documents("Contacts")
    assert {field for field in ("EmailAddress", "TaxNumber") if made.get(field)} == keeps
    assert len(scene.live(rig)) == 1
    said = [line for line in log(rig, name) if "went to Xero without" in line]
    assert len(said) == 1 and ("ap@kunde.example" in said[0]) == ("EmailAddress" not in keeps)


@pytest.mark.case("02")
def test_one_refused_detail_after_the_other_and_then_a_name_that_xero_does_not_take(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    name = customer(rig, sale, email_id="ap@kunde.example", tax_id="11-111-111")
    for refusal in (
        "Email address must be valid.",
        "The tax number is wrong.",
        "AddressLine1 is wrong.",
        "The contact name is not allowed.",
    ):
        rig.xero.fault("element_error", method="PUT", path="/Contacts$", text=refusal)
    rig.play([sale])
    scene.settle(rig)
    step = scene.step(rig, name)
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "xero-refused") and "name is not allowed" in step["reason"]
    assert len(scene.writes(rig, "Contacts")) == 4 and not scene.live(rig)


@pytest.mark.case("08")
def test_texts_of_every_record_go_without_unseen_characters(rig: Rig) -> None:
    rig.xero.settings(refuses_control_characters=True)
    sale, receipt = scene.paid(rig)
    (bill,) = scene.bills(rig)
    customer(rig, sale, customer_name=f"Kowhai{UNSEEN} Motors  Ltd", email_id=f"ap{UNSEEN}@kunde.example", tax_id=f"11-{UNSEEN}111-111")
    with_row(sale, item_name=f"Filter{UNSEEN} 20um", description=f"<p>Filter 20um{UNSEEN}</p><p>for pump 3</p>")
    sale["doc"]["po_no"], receipt["doc"]["reference_no"] = f"PO{UNSEEN} 77", f"CHQ{UNSEEN}  5\n"
    bill["doc"]["bill_no"] = f"S{UNSEEN}-9\u00a0"
    books = scene.journal(rig, ("Sales", -10.0), ("Freight and Forwarding Charges", 10.0), user_remark=f"Mis{UNSEEN}posted\nin May")
    rig.play([sale, bill, receipt, scene.returned(bill), books])
    scene.settle(rig)
    assert {row["state"] for row in rig.steps() if row["reference_doctype"] != "Journal Entry"} == {"Synced"}
    shown = {each["Type"]: each for each in scene.live(rig)}
    assert "Kowhai Motors Ltd" in {each["Name"] for each in rig.xero.documents("Contacts")}
    assert "ap@kunde.example" in {each.get("EmailAddress") for each in rig.xero.documents("Contacts")}
    assert shown["ACCREC"]["lines"][0]["Description"] == "Filter 20um\nfor pump 3" and shown["ACCREC"]["Reference"] == "PO 77"
    assert shown["ACCPAY"]["InvoiceNumber"] == "S-9"
    (payment,) = scene.live(rig, "Payments")
    assert payment["Reference"] == f"{receipt['name']} CHQ 5"
    assert all(each["Narration"].endswith("Misposted\nin May") for each in scene.live(rig, "ManualJournals"))


@pytest.mark.case("08")
@pytest.mark.parametrize("fault", ["drop_after", "error_after"])
def test_a_lost_answer_is_recognised_whatever_was_typed(rig: Rig, fault: str) -> None:
    """The token is compared with what was sent, not with what was typed."""
    sale, receipt = scene.paid(rig)
    receipt = scene.copied(receipt, f"PE\u200b{UNSEEN}&amp;9", reference_no=f"CHQ{UNSEEN}  5 &amp;amp; 6")
    rig.play([sale])
    scene.settle(rig)
    rig.xero.fault(fault, method="PUT", path="/Payments$", status=500)
    rig.play([receipt])
    scene.settle(rig, rounds=20, seconds=200)
    (payment,) = scene.live(rig, "Payments")
    assert payment["Reference"] == "PE&9 CHQ 5 &amp; 6"
    synced(rig)


@pytest.mark.case("10")
def test_stored_entities_are_decoded_and_find_the_contact_that_is_there(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    known = rig.xero.person("create_contact", Name="Smith & Sons")
    customer(rig, sale, customer_name="Smith &amp; Sons")
    with_row(sale, item_name="Hose &lt;40mm &amp; clip", description="Hose &lt;40mm &amp; clip")
    sale["doc"]["po_no"] = "A&amp;B &quot;x&quot; &#39;y&#39;"
    rig.play([sale])
    scene.settle(rig)
    synced(rig)
    assert [each["ContactID"] for each in rig.xero.documents("Contacts")] == [known["ContactID"]]
    (shown,) = scene.live(rig)
    assert (shown["Reference"], shown["lines"][0]["Description"]) == ("A&B \"x\" 'y'", "Hose <40mm & clip")


@pytest.mark.case("09")
@pytest.mark.parametrize("pick", [scene.invoices, scene.bills])
def test_the_typed_description_goes_as_plain_text(rig: Rig, pick: Any) -> None:
    record = pick(rig)[0]
    typed = "<div><p>Repair of pump 3, 12 March, ticket 4711</p></div>"
    rig.play([with_row(record, item_code="SERVICE", item_name="Service", description=typed), scene.returned(record)])
    scene.settle(rig)
    for shown in (*scene.live(rig), *scene.live(rig, "CreditNotes")):
        assert shown["lines"][0]["Description"] == "Service\nRepair of pump 3, 12 March, ticket 4711"
    synced(rig)


@pytest.mark.case("09")
def test_no_description_is_too_long(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    rig.play([with_row(sale, description=f"<p>{'x &amp; y ' * 900}</p>")])
    scene.settle(rig)
    (shown,) = scene.live(rig)
    said = shown["lines"][0]["Description"]
    assert 3990 < len(said) <= 4000 and said.endswith("…") and "&amp;" not in said


@pytest.mark.case("F08")
@pytest.mark.parametrize(
    ("theirs", "joined"), [("js@beta.example", False), ("js@gmail.com", True), ("office@alpha.example", True), ("", True)]
)
def test_a_namesake_is_joined_for_review_or_left_to_a_person(rig: Rig, theirs: str, joined: bool) -> None:
    (sale,) = scene.invoices(rig)
    name = customer(rig, sale, email_id="john@alpha.example", customer_name="John Smith")
    rig.xero.person("create_contact", Name="John Smith", EmailAddress=theirs)
    rig.play([sale])
    scene.settle(rig)
    assert len(rig.xero.documents("Contacts")) == 1
    if joined:
        synced(rig)
        (said,) = (line for line in log(rig, name) if line.startswith("Linked to the contact"))
        assert "check that it is the same one" in said and theirs in said
        return
    step = scene.step(rig, name)
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "contact-name-taken") and theirs in step["reason"]
    assert not scene.live(rig)


@pytest.mark.case("F08")
@pytest.mark.parametrize("differs", [True, False])
def test_the_same_where_the_search_did_not_show_the_namesake(rig: Rig, differs: bool) -> None:
    """Xero's search is not complete: only its refusal of the name says that there is one; the evidence is the same then."""
    (sale,) = scene.invoices(rig)
    name = customer(rig, sale, email_id="john@alpha.example", customer_name="John Smith")
    rig.play([sale])
    other = "js@beta.example" if differs else "js@alpha.example"
    rig.xero.fault("instead", method="GET", path="/Contacts", text='{"Contacts": []}')
    rig.xero.person("create_contact", Name="John Smith", EmailAddress=other)
    scene.settle(rig)
    assert len(rig.xero.documents("Contacts")) == len(scene.writes(rig, "Contacts")) == 1
    assert scene.step(rig, name)["state"] == ("Needs Attention" if differs else "Synced")
    assert len(scene.live(rig)) == int(not differs)
    assert any("check that it is the same one" in line for line in log(rig, name)) is not differs


@pytest.mark.case("F08")
@pytest.mark.parametrize("search_shows", [True, False])
def test_two_customers_of_one_name_need_names_of_their_own_whatever_else_differs(rig: Rig, search_shows: bool) -> None:
    one, two = scene.of_different_customers(rig, 2)
    for record, email in ((one, "a@alpha.example"), (two, "b@beta.example")):
        customer(rig, record, customer_name="Smith Ltd", email_id=email)
    rig.play([one])
    scene.settle(rig)
    if not search_shows:
        rig.xero.fault("instead", method="GET", path="/Contacts", text='{"Contacts": []}')
    rig.play([two])
    scene.settle(rig)
    assert scene.step(rig, two["doc"]["customer"])["reason_code"] == "contact-name-shared"
    assert len(rig.xero.documents("Contacts")) == len(scene.live(rig)) == 1


@pytest.mark.case("30")
@pytest.mark.parametrize(
    ("here", "there", "same"),
    [("NZ-12-345-678", "12345678", True), ("012-345-678", "GST 12 345 678", True), ("IE12345678", "12345678", False)],
)
def test_tax_numbers_agree_whatever_stands_round_them(rig: Rig, here: str, there: str, same: bool) -> None:
    (sale,) = scene.invoices(rig)
    customer(rig, sale, tax_id=here, customer_name="John Smith")
    rig.xero.person("create_contact", Name="John Smith", TaxNumber=there)
    rig.play([sale])
    scene.settle(rig)
    assert len(scene.live(rig)) == int(same)
