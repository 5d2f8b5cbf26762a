"""People put contacts in order in Xero: they merge two, or move an invoice to another contact. What is sent later goes where they are now."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import log, retry


def contacts(rig: Rig) -> dict[str, dict[str, Any]]:
    return {each["Name"]: each for each in rig.xero.documents("Contacts")}


def merged(rig: Rig, into: str = "Kept By The Bookkeeper Ltd", name: str = "") -> str:
    """The only contact, or the one of that name, merged into a new one; its id."""
    made = contacts(rig)[name] if name else rig.xero.documents("Contacts")[0]
    kept = contacts(rig).get(into) or rig.xero.person("create_contact", Name=into)
    rig.xero.person("merge_contacts", ContactID=made["ContactID"], Into=kept["ContactID"])
    return str(kept["ContactID"])


def moved(rig: Rig, record: scene.Record, name: str = "The Right Customer Ltd") -> str:
    other = contacts(rig).get(name) or rig.xero.person("create_contact", Name=name)
    shown = next(each for each in scene.live(rig) if each["InvoiceNumber"] in (record["name"], record["doc"].get("bill_no")))
    rig.xero.person("edit_invoice", InvoiceID=shown["InvoiceID"], Contact={"ContactID": other["ContactID"]})
    return str(other["ContactID"])


@pytest.mark.case("01")
def test_what_follows_a_merge_goes_to_the_contact_that_was_kept_and_the_history_says_so(rig: Rig) -> None:
    first, second = scene.of_one_customer(rig, 2)
    rig.play([first])
    scene.settle(rig)
    kept = merged(rig)
    rig.play([second, scene.returned(first)])
    scene.settle(rig)
    assert {each["contact"] for each in [*scene.live(rig), *scene.live(rig, "CreditNotes")]} == {kept}
    assert {each["state"] for each in rig.steps()} == {"Synced"}
    assert [line for line in log(rig, first["doc"]["customer"]) if "merged" in line] == [
        f"The contact of {first['doc']['customer']} was merged in Xero; it is Kept By The Bookkeeper Ltd now"
    ]
    writes = len(scene.writes(rig))
    third = scene.copied(second, "SINV-AFTER")
    rig.play([third])
    scene.settle(rig)
    assert len(scene.writes(rig)) == writes + 1, "the link has followed: it is not refused again"


@pytest.mark.case("01")
@pytest.mark.parametrize("figures_agree", [True, False])
def test_where_xero_itself_books_it_on_the_contact_kept_that_is_no_difference(rig: Rig, figures_agree: bool) -> None:
    first, second = scene.of_one_customer(rig, 2)
    rig.play([first])
    scene.settle(rig)
    kept = merged(rig)
    rig.xero.settings(takes_merged_contacts=True)
    if not figures_agree:
        rig.xero.fault("echo", method="PUT", path="/Invoices$", field="Total", operation="changed")
    rig.play([second])
    scene.settle(rig)
    step = scene.step(rig, second["name"])
    assert (step["state"], step["reason_code"]) == (("Synced", "") if figures_agree else ("Needs Attention", "total-in-xero-differs"))
    assert {each["contact"] for each in scene.live(rig)} == {kept} and len(scene.live(rig)) == 2
    assert [line for line in log(rig, first["doc"]["customer"]) if "merged" in line]


@pytest.mark.case("01")
def test_an_answer_is_lost_and_the_contact_merged_before_xero_is_asked(rig: Rig) -> None:
    """A credit note has no address that marks it; its number and all but the contact say that it is the one."""
    (record,) = scene.invoices(rig)
    rig.play([record])
    scene.settle(rig)
    rig.xero.fault("error_after", method="PUT", path="/CreditNotes$", status=500)
    back = scene.returned(record, at_once=False)
    rig.play([back])
    rig.dispatch()
    kept = merged(rig)
    scene.settle(rig, rounds=20, seconds=200)
    assert [each["contact"] for each in scene.live(rig, "CreditNotes")] == [kept]
    assert {each["state"] for each in rig.steps()} == {"Synced"}


@pytest.mark.case("01")
def test_a_chain_of_merges_is_followed_to_its_end(rig: Rig) -> None:
    first, second = scene.of_one_customer(rig, 2)
    rig.play([first])
    scene.settle(rig)
    merged(rig, "Second Ltd", rig.xero.documents("Contacts")[0]["Name"])
    kept = merged(rig, "Third Ltd", "Second Ltd")
    rig.play([second])
    scene.settle(rig)
    assert {each["contact"] for each in scene.live(rig)} == {kept}


@pytest.mark.case("01")
@pytest.mark.parametrize("circle", [True, False])
def test_a_circle_of_merges_and_an_archived_end_are_a_persons(rig: Rig, circle: bool) -> None:
    first, second = scene.of_one_customer(rig, 2)
    rig.play([first])
    scene.settle(rig)
    own = rig.xero.documents("Contacts")[0]
    kept = merged(rig, "Second Ltd", own["Name"])
    if circle:
        rig.xero.person("merge_contacts", ContactID=kept, Into=own["ContactID"])
    else:
        rig.xero.person("edit_contact", ContactID=kept, ContactStatus="ARCHIVED")
    rig.play([second])
    scene.settle(rig)
    step = scene.step(rig, second["name"])
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "contact-archived") and "Restore the contact" in step["cure"]
    assert len(scene.live(rig)) == 1


@pytest.mark.case("01")
def test_two_customers_merged_in_xero_share_one_contact(rig: Rig) -> None:
    one, two = scene.of_different_customers(rig, 2)
    rig.play([one, two])
    scene.settle(rig)
    names = [each["Name"] for each in rig.xero.documents("Contacts")]
    kept = merged(rig, names[1], names[0])
    rig.play([scene.copied(one, "SINV-ONE-B"), scene.copied(two, "SINV-TWO-B")])
    scene.settle(rig)
    assert [each["contact"] for each in scene.live(rig)] == [kept] * 4


@pytest.mark.case("01")
def test_bills_advances_and_money_by_name_follow_too(rig: Rig) -> None:
    (bill,) = scene.bills(rig)
    sale, receipt = scene.paid(rig)
    rig.play([bill, sale])
    scene.settle(rig)
    supplier, customer = (next(each["contact"] for each in scene.live(rig) if each["Type"] == kind) for kind in ("ACCPAY", "ACCREC"))
    by_id = {each["ContactID"]: each["Name"] for each in rig.xero.documents("Contacts")}
    to = merged(rig, "Supplier Kept Ltd", by_id[supplier]), merged(rig, "Customer Kept Ltd", by_id[customer])
    figures = {"references": [], "unallocated_amount": 50.0, "paid_amount": 50.0, "received_amount": 50.0, "total_allocated_amount": 0.0}
    advance = scene.copied(receipt, "ADV-1", **figures, base_paid_amount=50.0, base_received_amount=50.0)
    rig.play([scene.copied(bill, "PINV-B", bill_no="B-77"), scene.returned(bill), advance, receipt])
    scene.settle(rig)
    assert {each["contact"] for each in [*scene.live(rig), *scene.live(rig, "CreditNotes")] if each["Type"].startswith("ACCPAY")} == {to[0]}
    assert [each["contact"] for each in scene.live(rig, "Overpayments")] == [to[1]]
    assert {each["state"] for each in rig.steps()} == {"Synced"}


@pytest.mark.case("01")
def test_a_contact_of_ours_that_was_merged_before_its_answer_is_linked_with_the_one_kept(rig: Rig) -> None:
    """Our link was lost (a restored backup): the number finds the contact, and Xero says where it went."""
    first, second = scene.of_one_customer(rig, 2)
    rig.play([first])
    scene.settle(rig)
    rig.xero.person("edit_contact", ContactID=rig.xero.documents("Contacts")[0]["ContactID"], Name="Renamed By A Person")
    kept = merged(rig)
    customer = first["doc"]["customer"]
    scene.with_site(rig, lambda frappe: frappe.db.delete("Xero Link", {"reference_name": customer}))
    rig.play([second])
    scene.settle(rig)
    assert {each["contact"] for each in scene.live(rig)} == {kept}


@pytest.mark.case("01")
def test_money_with_somebody_known_by_name_only_follows_a_chain_of_merges(rig: Rig) -> None:
    sides = (("Freight and Forwarding Charges", 12.5), ("Trading Account", -12.5))
    rig.play([scene.journal(rig, *sides, pay_to_recd_from="Some &amp; Bank")])
    scene.settle(rig)
    assert [each["Name"] for each in rig.xero.documents("Contacts")] == ["Some & Bank"]
    merged(rig, "Second Bank", "Some & Bank")
    kept = merged(rig, "Third Bank", "Second Bank")
    rig.play([scene.journal(rig, *sides, name="JV-2", pay_to_recd_from="SOME &amp; bank")])
    scene.settle(rig)
    assert {each["contact"] for each in scene.live(rig, "BankTransactions")} == {kept}
    assert len(rig.xero.documents("Contacts")) == 3 and {each["state"] for each in rig.steps()} == {"Synced"}


@pytest.mark.case("25")
@pytest.mark.parametrize("pick", [scene.invoices, scene.bills])
def test_the_credit_note_goes_to_the_contact_that_its_invoice_has_now(rig: Rig, pick: Any) -> None:
    record = pick(rig)[0]
    rig.play([record])
    scene.settle(rig)
    right = moved(rig, record)
    back = scene.returned(record)
    rig.play([back])
    scene.settle(rig)
    (note,) = scene.live(rig, "CreditNotes")
    assert note["contact"] == right and note["Status"] == "PAID"
    assert [scene.due(each) for each in scene.live(rig)] == [0]
    assert {each["state"] for each in rig.steps(reference_name=back["name"])} == {"Synced"}
    assert f"{back['name']} went to the contact The Right Customer Ltd, since {record['name']} has that one in Xero now" in log(
        rig, back["name"]
    )


@pytest.mark.case("25")
def test_an_invoice_that_was_moved_is_paid_and_overpaid(rig: Rig) -> None:
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    scene.settle(rig)
    right, more = moved(rig, sale), 50.0
    amount = float(receipt["doc"]["paid_amount"]) + more
    figures = {name: amount for name in ("paid_amount", "received_amount", "base_paid_amount", "base_received_amount")}
    rig.play([scene.copied(receipt, "OVER-1", **figures, unallocated_amount=more)])
    scene.settle(rig)
    (advance,) = scene.live(rig, "Overpayments")
    assert advance["contact"] == right and Decimal(advance["credited"]) == Decimal(str(amount)) - Decimal(str(more))
    assert [scene.due(each) for each in scene.live(rig)] == [0]


@pytest.mark.case("25")
def test_what_settles_invoices_of_two_contacts_is_a_persons(rig: Rig) -> None:
    one, two, receipt = scene.settlements(rig, 2)[0]
    rig.play([one, two])
    scene.settle(rig)
    moved(rig, one)
    amount = float(receipt["doc"]["paid_amount"]) + 50
    figures = {name: amount for name in ("paid_amount", "received_amount", "base_paid_amount", "base_received_amount")}
    rig.play([scene.copied(receipt, "OVER-2", **figures, unallocated_amount=50.0)])
    scene.settle(rig)
    step = scene.step(rig, "OVER-2", "payment")
    assert (step["state"], step["reason_code"]) == ("Held", "settles-several-contacts") and "The Right Customer Ltd" in step["reason"]
    assert not scene.live(rig, "Overpayments")


@pytest.mark.case("25")
def test_a_credit_of_before_the_move_is_held_with_its_recipe(rig: Rig) -> None:
    (record,) = scene.invoices(rig)
    back = scene.returned(record, at_once=False)
    rig.play([record, back])
    scene.settle(rig)
    own = scene.live(rig)[0]["contact"]
    moved(rig, record)
    journal = scene.reconciled(record, back, scene.total(record))
    rig.play([journal])
    scene.settle(rig)
    step = scene.step(rig, "JV-1")
    assert (step["state"], step["reason_code"]) == ("Held", "allocation-two-contacts") and "The Right Customer Ltd" in step["cure"]
    rig.xero.person("edit_invoice", InvoiceNumber=record["name"], Contact={"ContactID": own})
    assert retry(rig, journal) == 1
    scene.settle(rig)
    assert [scene.due(each) for each in scene.live(rig)] == [0]
