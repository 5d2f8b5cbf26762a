"""A bill that somebody else has entered in Xero already, which takes a second one of the same number: a person is asked before one is sent."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import desk, reading
from tests.scene import rig as scene
from tests.scene.by_hand import by_hand

pytestmark = pytest.mark.case("S2")


@pytest.fixture
def bill(rig: Rig) -> scene.Record:
    """A bill that is about to be submitted; its supplier is in Xero."""
    (made,) = scene.bills(rig)
    scene.make_contacts(rig, [made])
    return made


def first(bill: scene.Record) -> str:
    return "credit" if bill["doc"].get("is_return") else "invoice"


def asked(rig: Rig, bill: scene.Record) -> list[dict[str, Any]]:
    """What a person chooses from; [] where nothing is asked."""
    from picortex_xero.api import status

    step = scene.step(rig, bill["name"], first(bill))
    return list(scene.with_site(rig, lambda _frappe: status.records_to_choose(step["name"]))) if step["kept_by"] else []


def press(rig: Rig, bill: scene.Record, what: str, *more: str) -> None:
    from picortex_xero.api import status

    scene.with_site(rig, lambda _frappe: getattr(status, what)(scene.step(rig, bill["name"], first(bill))["name"], *more))
    scene.settle(rig)


def sent(rig: Rig) -> int:
    return len(scene.writes(rig, "Invoices"))


@pytest.mark.parametrize("status", ["DRAFT", "AUTHORISED"])
def test_nothing_is_sent_until_a_person_has_chosen_it_and_payments_follow(rig: Rig, bill: scene.Record, status: str) -> None:
    there = by_hand(rig, bill, Status=status)
    rig.play([bill])
    scene.settle(rig)
    step = scene.step(rig, bill["name"])
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "perhaps-in-xero") and not sent(rig)
    assert "somebody else has entered its number" in step["reason"] and "None of These" in step["cure"]
    (offered,) = asked(rig, bill)
    assert offered["id"] == there and offered["may_be_none"]
    press(rig, bill, "choose_record", there)
    step = scene.step(rig, bill["name"])
    assert (step["state"], step["reason"]) == ("Synced", "") and not sent(rig), "its lines were never ours, and are not compared"
    assert [each["InvoiceID"] for each in scene.live(rig)] == [there]
    pay = paying(rig, bill)
    rig.play([pay])
    rig.dispatch()
    if status == "AUTHORISED":
        assert scene.due(scene.live(rig)[0]) == 0 and scene.step(rig, pay["name"])["state"] == "Synced"
    else:
        assert scene.step(rig, pay["name"])["reason_code"] == "waiting-approval"


def paying(rig: Rig, bill: scene.Record) -> scene.Record:
    """A recorded payment of one bill, made to pay this one in full."""
    known = {record["name"] for record in rig.documents if record["doctype"] == "Purchase Invoice"}
    made = next(
        scene.copied(record, "PAY-BILL", party=bill["doc"]["supplier"], party_name=bill["doc"]["supplier"])
        for record in rig.documents
        if record["doctype"] == "Payment Entry"
        and [row["reference_name"] in known for row in record["doc"].get("references") or []] == [True]
        and not (record["doc"].get("deductions") or record["doc"].get("unallocated_amount"))
        and record["doc"]["paid_to_account_currency"] == record["doc"]["paid_from_account_currency"] == "NZD"
    )
    doc, amount = made["doc"], float(scene.total(bill))
    doc.update(
        dict.fromkeys(("paid_amount", "base_paid_amount", "received_amount", "base_received_amount", "total_allocated_amount"), amount)
    )
    doc["references"][0].update(reference_name=bill["name"], allocated_amount=amount, total_amount=amount, outstanding_amount=amount)
    doc["base_total_allocated_amount"] = amount
    return made


OTHER_TOTAL = {"Description": "By hand", "Quantity": "1", "UnitAmount": "7.00", "TaxType": "INPUT2", "AccountCode": "310"}
FAR = "2026-01-31"


@pytest.mark.parametrize(
    "changes",
    [
        {"InvoiceNumber": "OTHER-7"},
        {"InvoiceNumber": "A41-03"},
        {"Date": FAR, "LineItems": [OTHER_TOTAL]},
        {"Contact": {"Name": "Somebody Else"}},
        {"CurrencyCode": "AUD"},
    ],
)
def test_a_number_that_is_used_again_is_another_bill(rig: Rig, bill: scene.Record, changes: dict[str, Any]) -> None:
    by_hand(rig, bill, **changes)
    rig.play([bill])
    scene.settle(rig)
    assert scene.step(rig, bill["name"])["state"] == "Synced" and len(scene.live(rig)) == 2


@pytest.mark.parametrize(("here", "there"), [("INV 7", "inv7"), ("Inv7", "INV 7"), ("AB12C", "ab 12 c")])
def test_a_number_in_other_letters_or_with_other_blanks_is_the_same(rig: Rig, bill: scene.Record, here: str, there: str) -> None:
    bill["doc"]["bill_no"] = here
    entered = by_hand(rig, bill, InvoiceNumber=there)
    rig.play([bill])
    scene.settle(rig)
    assert [each["id"] for each in asked(rig, bill)] == [entered] and not sent(rig)
    assert f"{there} of " in scene.step(rig, bill["name"])["reason"]
    press(rig, bill, "none_of_these")
    assert scene.step(rig, bill["name"])["state"] == "Synced" and sent(rig) == 1


@pytest.mark.parametrize("changes", [{"Date": FAR}, {"LineItems": [OTHER_TOTAL]}], ids=["another date", "another total"])
def test_one_typed_otherwise_is_asked_about_and_linked_as_it_is(rig: Rig, bill: scene.Record, changes: dict[str, Any]) -> None:
    there = by_hand(rig, bill, **changes)
    rig.play([bill])
    scene.settle(rig)
    step, shown = scene.step(rig, bill["name"]), scene.live(rig)[0]
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "perhaps-in-xero") and not sent(rig)
    assert f"{shown['InvoiceNumber']} of {str(shown['Date'])[:10]}, {shown['Total']}" in step["reason"], shown
    desk.retry(rig, bill)
    scene.settle(rig)
    assert asked(rig, bill) and not sent(rig), "Retry alone does not say that it is this one"
    press(rig, bill, "choose_record", there)
    step = scene.step(rig, bill["name"])
    assert step["state"] == "Synced" and len(scene.live(rig)) == 1 and not sent(rig)
    if "LineItems" in changes:
        assert (
            step["reason_code"] == "chosen-differs"
            and f"a total of 8.05 there, {scene.total(bill):.2f} here; 1.05 of tax there" in step["reason"]
        )
        desk.retry(rig, bill)
        scene.settle(rig)
    assert scene.step(rig, bill["name"])["reason"] == ""


def test_none_of_these_sends_it_once_and_it_is_not_asked_again(rig: Rig, bill: scene.Record) -> None:
    by_hand(rig, bill)
    other = scene.copied(bill, f"{bill['name']}-AGAIN")
    rig.play([bill])
    scene.settle(rig)
    press(rig, bill, "none_of_these")
    assert scene.step(rig, bill["name"])["state"] == "Synced" and len(scene.live(rig)) == 2 and sent(rig) == 1
    rig.play([other])
    scene.settle(rig)
    assert scene.step(rig, other["name"])["state"] == "Synced" and not asked(rig, other), "of the two there one is ours, one nobody's"


def test_once_it_is_voided_there_retry_sends_it(rig: Rig, bill: scene.Record) -> None:
    there = by_hand(rig, bill)
    rig.play([bill])
    scene.settle(rig)
    rig.xero.person("void_invoice", InvoiceID=there)
    desk.retry(rig, bill)
    scene.settle(rig)
    assert scene.step(rig, bill["name"])["state"] == "Synced" and len(scene.live(rig)) == 1 and sent(rig) == 1


def test_two_alike_here_both_wait_and_one_record_is_only_one_of_them(rig: Rig, bill: scene.Record) -> None:
    there = by_hand(rig, bill)
    other = scene.copied(bill, f"{bill['name']}-AGAIN")
    rig.play([bill])
    scene.settle(rig)
    rig.play([other])
    scene.settle(rig)
    assert not sent(rig) and len(asked(rig, bill)) == len(asked(rig, other)) == 1
    press(rig, bill, "choose_record", there)
    desk.retry(rig, other)
    scene.settle(rig)
    assert {scene.step(rig, each["name"])["state"] for each in (bill, other)} == {"Synced"} and sent(rig) == 1


def test_what_was_linked_so_stays_there_when_it_is_cancelled_here(rig: Rig, bill: scene.Record) -> None:
    there = by_hand(rig, bill)
    rig.play([bill])
    scene.settle(rig)
    press(rig, bill, "choose_record", there)
    rig.play([scene.cancelling(bill)])
    scene.settle(rig)
    void = scene.step(rig, bill["name"], "void")
    assert (void["state"], void["reason_code"]) == ("Held", "adopted-stays") and len(scene.live(rig)) == 1


def test_a_cancel_waits_for_the_choice(rig: Rig, bill: scene.Record) -> None:
    by_hand(rig, bill)
    rig.play([bill])
    scene.settle(rig)
    rig.play([scene.cancelling(bill)])
    scene.settle(rig)
    assert scene.step(rig, bill["name"], "void")["reason_code"] == "waits-for-choice" and len(scene.live(rig)) == 1


def test_the_date_on_the_suppliers_paper_may_be_what_was_typed(rig: Rig, bill: scene.Record) -> None:
    bill["doc"]["bill_date"] = "2026-09-30"
    there = by_hand(rig, bill, Date="2026-09-30")
    rig.play([bill])
    scene.settle(rig)
    assert [each["id"] for each in asked(rig, bill)] == [there]
    desk.retry(rig, bill)
    scene.settle(rig)
    assert asked(rig, bill) and not sent(rig), "another date than here: Retry alone does not say that it is this one"
    press(rig, bill, "choose_record", there)
    assert scene.step(rig, bill["name"])["state"] == "Synced" and not sent(rig)


def test_forty_bills_are_asked_about_in_a_few_calls(rig: Rig, bill: scene.Record) -> None:
    made = [scene.copied(bill, f"{bill['name']}-{at}", bill_no=f"PAPER {at}, of 40" if at in (3, 4) else f"PAPER {at}") for at in range(40)]
    by_hand(rig, made[4])
    by_hand(rig, made[30])
    begun = rig.xero.call_count()
    rig.play(made)
    scene.settle(rig)
    looks = [call for call in rig.xero.calls(begun) if call["method"] == "GET" and call["path"].endswith("/Invoices")]
    assert len(looks) <= 5, "a number with a comma is asked about by itself"
    assert [each["name"] for each in made if asked(rig, each)] == [made[4]["name"], made[30]["name"]] and len(scene.live(rig)) == 40


def test_nothing_is_sent_while_xero_does_not_show_its_bills(rig: Rig, bill: scene.Record) -> None:
    by_hand(rig, bill)
    rig.xero.fault("instead", method="GET", path="/Invoices$", query="InvoiceNumbers", text='{"Invoices": [{"Type": "ACCPAY"}]}', times=1)
    rig.play([bill])
    rig.dispatch()
    assert scene.step(rig, bill["name"])["reason_code"] == "xero-cannot-show" and not sent(rig)
    scene.settle(rig)
    assert len(asked(rig, bill)) == 1


def test_what_is_linked_is_nobody_elses(rig: Rig, bill: scene.Record) -> None:
    again = scene.copied(bill, f"{bill['name']}-AGAIN")
    rig.play([bill])
    reading.begin(rig)
    rig.play([again])
    scene.settle(rig)
    assert scene.step(rig, again["name"])["state"] == "Synced" and len(scene.live(rig)) == 2


def test_a_credit_note_of_the_suppliers_is_asked_about_too_and_taken_off_its_bill(rig: Rig, bill: scene.Record) -> None:
    rig.play([bill])
    scene.settle(rig)
    note = scene.returned(bill)
    note["doc"]["bill_no"] = "CN-200"
    line = {"Description": "Sent back", "Quantity": "1", "TaxType": "INPUT2", "AccountCode": "310"}
    there = rig.xero.person(
        "create_credit_note",
        Type="ACCPAYCREDIT",
        CreditNoteNumber="cn-200",
        Contact={"Name": bill["doc"]["supplier"]},
        Date=str(note["doc"]["posting_date"]),
        Status="AUTHORISED",
        LineAmountTypes="Exclusive",
        LineItems=[{**line, "UnitAmount": str(scene.total(bill) - scene.tax(bill)), "TaxAmount": str(scene.tax(bill))}],
    )["CreditNoteID"]
    another = scene.returned(scene.copied(bill, f"{bill['name']}-AGAIN"), at_once=False)
    another["doc"].update(bill_no="CN-201", return_against=None)
    rig.play([note, another])
    scene.settle(rig)
    assert [each["id"] for each in asked(rig, note)] == [there]
    assert scene.step(rig, another["name"], "credit")["state"] == "Synced" and len(scene.writes(rig, "CreditNotes")) == 1
    press(rig, note, "choose_record", there)
    shown = {each["CreditNoteID"]: each for each in scene.live(rig, "CreditNotes")}
    assert scene.step(rig, note["name"], "credit")["state"] == "Synced" and len(shown) == 2
    assert shown[there]["Status"] == "PAID", "it was taken off its bill, as here"
    rig.play([scene.cancelling(note)])
    scene.settle(rig)
    assert scene.step(rig, note["name"], "void")["reason_code"] == "adopted-stays"


def test_what_is_voided_there_is_not_replaced_by_another_bill_of_the_same_total(rig: Rig, bill: scene.Record) -> None:
    there = by_hand(rig, bill)
    other = by_hand(rig, bill, InvoiceNumber="LOAD-2")
    rig.play([bill])
    scene.settle(rig)
    assert [each["id"] for each in asked(rig, bill)] == [there]
    rig.xero.person("void_invoice", InvoiceID=there)
    desk.retry(rig, bill)
    scene.settle(rig)
    live = {each["InvoiceID"] for each in scene.live(rig)}
    assert scene.step(rig, bill["name"])["state"] == "Synced" and len(live) == 2 and other in live and sent(rig) == 1


@pytest.mark.parametrize("renumbered", [False, True])
def test_an_invoice_that_somebody_typed_under_its_number_is_chosen_by_a_person_and_never_voided(rig: Rig, renumbered: bool) -> None:
    (sale,) = scene.invoices(rig)
    scene.make_contacts(rig, [sale])
    net = scene.total(sale) - scene.tax(sale)
    line = {"Description": "By hand", "Quantity": "1", "UnitAmount": str(net), "TaxAmount": str(scene.tax(sale)), "TaxType": "OUTPUT2"}
    there = rig.xero.person(
        "create_invoice",
        Type="ACCREC",
        Contact={"Name": sale["doc"]["customer_name"]},
        InvoiceNumber=sale["name"],
        Date=str(sale["doc"]["posting_date"]),
        DueDate=str(sale["doc"]["due_date"]),
        Status="AUTHORISED",
        LineAmountTypes="Exclusive",
        LineItems=[{**line, "AccountCode": "200"}],
    )["InvoiceID"]
    rig.play([sale])
    scene.settle(rig)
    step = scene.step(rig, sale["name"])
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "perhaps-in-xero") and "None of These" not in step["cure"]
    (offered,) = asked(rig, sale)
    assert offered["id"] == there and not offered["may_be_none"]
    if renumbered:
        rig.xero.person("edit_invoice", InvoiceID=there, InvoiceNumber="OTHER-1")
        desk.retry(rig, sale)
        scene.settle(rig)
        assert scene.step(rig, sale["name"])["state"] == "Synced" and len(scene.live(rig)) == 2 and not asked(rig, sale)
        return
    press(rig, sale, "choose_record", there)
    assert scene.step(rig, sale["name"])["state"] == "Synced" and len(scene.live(rig)) == 1
    rig.play([scene.cancelling(sale)])
    scene.settle(rig)
    assert scene.step(rig, sale["name"], "void")["reason_code"] == "adopted-stays" and len(scene.live(rig)) == 1
