"""What Xero does not show, or shows unreadably, is not gone: nothing is sent again, closed or forgotten for it. And what is there twice is
named, and done only when one is left."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import again, hours, retry
from tests.scene.ledger import created
from tests.scene.parts import part
from tests.scene.payments import PURE, overpayment, recorded
from tests.scene.unclear import MANY, NOTE, behind, doubled_bill, kept, linked, unmatched

UNREADABLE = {
    "nothing": "",
    "no record": "{}",
    "a list": "[]",
    "another record": '{"Invoices": [{"InvoiceID": "0b1c0000-0000-4000-8000-000000000001", "Status": "VOIDED"}]}',
}


# Records that were kept for a person


@pytest.mark.odd_answers
@pytest.mark.case("S1")
@pytest.mark.parametrize("how", UNREADABLE)
def test_a_kept_record_that_cannot_be_read_is_not_gone(rig: Rig, how: str) -> None:
    first, second = unmatched(rig)
    rig.xero.clear_faults()
    rig.xero.fault("instead", method="GET", path="/Invoices/", text=UNREADABLE[how], times=MANY)
    rig.xero.fault("instead", method="GET", path="/Invoices$", text='{"Invoices": []}', times=MANY)
    rig.advance(3600)
    again(rig, scene.step(rig, first["name"])["name"])
    scene.settle(rig, rounds=60)
    step = scene.step(rig, first["name"])
    assert step["state"] == "Needs Attention" and step["kept_by"] and len(kept(rig, first)) == 2
    assert created(rig) == 2 and len(scene.writes(rig, "Invoices")) == 1 and not linked(rig, second)


@pytest.mark.odd_answers
@pytest.mark.case("S1")
def test_a_kept_record_that_is_listed_is_not_gone_however_it_is_answered(rig: Rig) -> None:
    first, _ = unmatched(rig)
    rig.xero.clear_faults()
    rig.xero.fault("error_before", method="GET", path="/Invoices/", status=404, times=MANY)
    rig.xero.fault("echo", method="GET", path="/Invoices$", field="Url", operation="missing", times=MANY)
    rig.advance(3600)
    again(rig, scene.step(rig, first["name"])["name"])
    scene.settle(rig)
    assert scene.step(rig, first["name"])["reason_code"] == NOTE and created(rig) == 2


@pytest.mark.odd_answers
@pytest.mark.case("S1")
def test_absence_of_a_kept_record_counts_as_late_as_any(rig: Rig) -> None:
    """Not found by its id, not in the list either: just after the sending that proves nothing."""
    first, _ = unmatched(rig)
    rig.xero.clear_faults()
    rig.xero.fault("error_before", method="GET", path="/Invoices/", status=404, times=MANY)
    rig.xero.fault("instead", method="GET", path="/Invoices$", text='{"Invoices": []}', times=MANY)
    again(rig, scene.step(rig, first["name"])["name"])
    rig.dispatch()
    assert scene.step(rig, first["name"])["reason_code"] == NOTE and created(rig) == 2


@pytest.mark.odd_answers
@pytest.mark.case("S1")
def test_an_answer_with_another_documents_id_makes_no_second_record(rig: Rig) -> None:
    first, second = scene.bills(rig, 2)
    scene.make_contacts(rig, [first, second])
    rig.play([first])
    scene.settle(rig)
    (mine,) = linked(rig, first)
    rig.play([second])
    body = {"InvoiceID": mine, "HasErrors": False, "Type": "ACCPAY"}
    rig.xero.fault("instead", method="PUT", path="/Invoices$", text=json.dumps({"Invoices": [body]}))
    rig.dispatch()
    step = scene.step(rig, second["name"])
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "link-conflict") and step["kept_by"]
    again(rig, step["name"])
    scene.settle(rig)
    assert created(rig) == 2 and len(scene.writes(rig, "Invoices")) == 2, "it was looked for, and found by its own mark"
    scene.assert_once(rig, [first, second])


# Taking back


@pytest.mark.odd_answers
@pytest.mark.parametrize("how", ["404", *UNREADABLE])
def test_an_overpayment_that_cannot_be_read_is_not_closed(rig: Rig, how: str) -> None:
    receipt = recorded(rig, PURE)
    rig.play([receipt])
    scene.settle(rig)
    credit = overpayment(rig)
    if how == "404":
        rig.xero.fault("error_before", method="GET", path="/Overpayments/", status=404, times=MANY)
    else:
        rig.xero.fault("instead", method="GET", path="/Overpayments/", text=UNREADABLE[how].replace("Invoice", "Overpayment"), times=MANY)
    rig.play([scene.cancelling(receipt)])
    scene.settle(rig, rounds=60)
    step = scene.step(rig, receipt["name"], "void")
    assert step["state"] == "Needs Attention" and "None" not in step["reason"] + step["cure"]
    assert overpayment(rig) == credit, "it stands"
    rig.xero.clear_faults()
    retry(rig, receipt)
    scene.settle(rig)
    assert scene.step(rig, receipt["name"], "void")["reason_code"] == "overpayment-stays"
    rig.xero.person("remove_overpayment", BankTransactionID=scene.live(rig, "BankTransactions")[0]["BankTransactionID"])
    retry(rig, receipt)
    scene.settle(rig)
    assert scene.step(rig, receipt["name"], "void")["state"] == "Synced"


@pytest.mark.parametrize("status", [404, 204])
def test_a_delete_is_believed_only_when_the_credit_shows_it(rig: Rig, status: int) -> None:
    sale = scene.invoices(rig)[0]
    note = scene.returned(sale)
    rig.play([sale, note])
    scene.settle(rig)
    refused = rig.xero.fault("error_before", method="DELETE", path="/Allocations/", status=status, times=MANY)
    rig.play([scene.cancelling(note)])
    rig.dispatch()
    assert next(each for each in rig.xero.faults() if each["id"] == refused["id"])["hits"] == 1
    assert not any("Undone" in each for each in told(rig, note)), "Xero still shows it"
    hours(rig, 3)
    step = next(row for row in rig.steps(reference_name=note["name"]) if row["role"] == "void-allocation-1")
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "undo-not-shown")
    assert not created(rig, "Allocations", "deleted")
    rig.xero.clear_faults()
    again(rig, step["name"])
    scene.settle(rig, rounds=40)
    assert created(rig, "Allocations", "deleted") == 1 and not scene.live(rig, "CreditNotes")
    assert any("Undone" in each for each in told(rig, note))


def told(rig: Rig, record: scene.Record) -> list[str]:
    """What the log says happened to a document."""
    with rig.frappe() as frappe:
        return list(frappe.get_all("Xero Sync Log", filters={"reference_name": record["name"]}, pluck="event"))


# Lists


@pytest.mark.odd_answers
@pytest.mark.case("S1")
@pytest.mark.parametrize("most", [1, 2])
def test_a_page_cut_short_proves_no_absence(rig: Rig, most: int) -> None:
    """Smaller pages than were asked for, and nothing said of how many there are."""
    records = scene.bills(rig, 5)
    scene.make_contacts(rig, records)
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.xero.fault("short", method="GET", path="/Invoices$", most=most, times=MANY)
    rig.play(records)
    rig.dispatch()
    rig.advance(400)
    scene.settle(rig)
    scene.assert_once(rig, records)
    assert created(rig) == 5


# Twice


def test_a_retry_approves_no_double(rig: Rig) -> None:
    bill, mine, other = doubled_bill(rig)
    step = scene.step(rig, bill["name"])
    assert (
        (step["state"], step["reason_code"]) == ("Needs Attention", "twice-in-xero") and mine in step["reason"] and other in step["reason"]
    )
    assert [(each["id"], each["double"]) for each in kept(rig, bill)] == [(other, True)] and step["cure"].startswith("Void ")
    again(rig, step["name"])
    scene.settle(rig)
    assert scene.step(rig, bill["name"])["reason_code"] == "twice-in-xero", "both are still there"
    rig.xero.person("void_invoice", InvoiceID=other)
    again(rig, step["name"])
    scene.settle(rig)
    assert scene.step(rig, bill["name"])["state"] == "Synced" and linked(rig, bill) == [mine] and created(rig) == 2


def test_where_the_linked_one_is_voided_the_other_takes_its_place(rig: Rig) -> None:
    bill, mine, other = doubled_bill(rig)
    rig.xero.person("void_invoice", InvoiceID=mine)
    again(rig, scene.step(rig, bill["name"])["name"])
    scene.settle(rig)
    assert linked(rig, bill) == [other]
    step = scene.step(rig, bill["name"])
    assert step["reason_code"] == "total-in-xero-differs", "it is compared like any other"
    rig.play([scene.cancelling(bill)])
    scene.settle(rig)
    assert not scene.live(rig), "a cancel takes back the one that is left"


def test_where_both_are_voided_a_person_decides(rig: Rig) -> None:
    bill, mine, other = doubled_bill(rig)
    for each in (mine, other):
        rig.xero.person("void_invoice", InvoiceID=each)
    again(rig, scene.step(rig, bill["name"])["name"])
    scene.settle(rig)
    assert scene.step(rig, bill["name"])["reason_code"] == "gone-from-xero" and created(rig) == 2, "nothing is sent by a mere Retry"


def test_a_cancel_waits_until_one_is_left(rig: Rig) -> None:
    bill, _, other = doubled_bill(rig)
    rig.play([scene.cancelling(bill)])
    scene.settle(rig)
    assert scene.step(rig, bill["name"], "void")["reason_code"] == "waits-for-choice" and len(scene.live(rig)) == 2
    rig.xero.person("void_invoice", InvoiceID=other)
    retry(rig, bill)
    scene.settle(rig)
    assert not scene.live(rig)


@pytest.mark.parametrize(
    ("kind", "resolution"), [("payment", "Delete "), ("bank-transfer", "Delete "), ("invoice", "Void "), ("manual-journal", "Void ")]
)
def test_the_cure_names_what_xero_can_do(kind: str, resolution: str) -> None:
    from picortex_xero.engine.duplicates import twice
    from picortex_xero.xero.records.registry import KINDS

    problem = twice(SimpleNamespace(kind=KINDS[kind]), "PE-1", "a", ["b", "c"])  # type: ignore[arg-type]
    assert problem.resolution.startswith(resolution) and problem.message == "Xero has 3 live records of PE-1: a, which is linked here; b; c"


def test_an_invoice_that_was_voided_in_xero_is_not_called_done_by_a_retry(rig: Rig) -> None:
    sale = scene.invoices(rig)[0]
    rig.xero.fault("echo", method="PUT", path="/Invoices$", field="Total", operation="changed")
    rig.play([sale])
    scene.settle(rig)
    step = scene.step(rig, sale["name"])
    assert step["reason_code"] == "total-in-xero-differs"
    rig.xero.person("void_invoice", InvoiceID=linked(rig, sale)[0])
    again(rig, step["name"])
    scene.settle(rig)
    step = scene.step(rig, sale["name"])
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "gone-from-xero") and created(rig) == 1


# Clocks that are set


@pytest.mark.case("S5")
@pytest.mark.parametrize("back", part([60, 350, 375, 7200], 2, 1))
def test_a_database_clock_set_back_does_not_reopen_the_replay_window(rig: Rig, monkeypatch: pytest.MonkeyPatch, back: int) -> None:
    """Xero has forgotten the key by now; the clock says that it has not."""
    records = scene.bills(rig, 3)
    scene.make_contacts(rig, records)
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play(records)
    rig.dispatch()
    rig.advance(380)
    behind(monkeypatch, back)
    for _ in range(40):
        rig.dispatch()
        rig.advance(300)
    assert created(rig) == 3
    scene.assert_once(rig, records)


@pytest.mark.case("S5")
def test_a_database_clock_set_ahead_does_not_make_absence_count(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Xero's list does not show yet what has just been sent."""
    records = scene.bills(rig, 2)
    scene.make_contacts(rig, records)
    rig.xero.fault("error_after", method="PUT", path="/Invoices$", status=500)
    rig.xero.fault("instead", method="GET", path="/Invoices$", text='{"Invoices": []}', times=MANY)
    rig.play(records)
    rig.dispatch()
    behind(monkeypatch, -3600)
    for _ in range(3):
        rig.advance(100)
        rig.dispatch()
    rig.xero.clear_faults()
    assert created(rig) == 2, "five minutes prove no absence, whatever the clock says"
    scene.settle(rig, rounds=30)
    scene.assert_once(rig, records)


@pytest.mark.case("S5")
def test_another_machine_asks_xeros_lists(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the machine that sent it knows how long ago that was; so another one does not send again under the same key."""
    from picortex_xero.engine import clock

    records = scene.bills(rig, 2)
    scene.make_contacts(rig, records)
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play(records)
    rig.dispatch()
    monkeypatch.setattr(clock, "_machine", lambda: "another")
    rig.advance(30)
    rig.dispatch()
    rig.advance(30)
    rig.dispatch()
    scene.assert_once(rig, records)
    assert len(scene.writes(rig, "Invoices")) == 1


# Lists that are read before anything is sent


@pytest.mark.odd_answers
@pytest.mark.case("S7")
@pytest.mark.parametrize(
    "odd",
    [
        None,
        5,
        "x",
        [],
        {},
        {"ContactID": "x"},
        {"Name": "x"},
        {"ContactID": 5, "Name": None},
        {"Name": ["x"], "ContactID": "y", "TaxNumber": 5},
    ],
)
def test_one_odd_contact_keeps_nobody_from_being_found(rig: Rig, odd: object) -> None:
    records = scene.bills(rig, 3)
    scene.make_contacts(rig, records[:1])
    (known,) = rig.xero.documents("Contacts")
    shown = {"ContactID": known["ContactID"], "Name": known["Name"], "ContactStatus": "ACTIVE"}
    rig.xero.fault("instead", method="GET", path="/Contacts$", text=json.dumps({"Contacts": [odd, shown, odd]}), times=MANY)
    rig.play(records)
    scene.settle(rig)
    rig.xero.clear_faults()
    scene.assert_once(rig, records)


@pytest.mark.odd_answers
@pytest.mark.parametrize("text", ["", "{}", "[]", '{"Contacts": null}'])
def test_a_list_of_contacts_that_cannot_be_read_makes_none(rig: Rig, text: str) -> None:
    records = scene.bills(rig, 2)
    rig.xero.fault("instead", method="GET", path="/Contacts$", text=text, times=3)
    rig.play(records)
    rig.dispatch()
    assert not rig.xero.documents("Contacts"), "what cannot be read does not say that there is none"
    scene.settle(rig, rounds=30)
    scene.assert_once(rig, records)


@pytest.mark.odd_answers
@pytest.mark.parametrize("text", ["", "{}", "[]", '{"Invoices": null}'])
def test_a_list_of_invoices_that_cannot_be_read_says_of_none_that_it_is_gone(rig: Rig, text: str) -> None:
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    scene.settle(rig)
    rig.xero.fault("instead", method="GET", path="/Invoices$", text=text, times=2)
    rig.play([receipt])
    rig.dispatch()
    assert "voided" not in (scene.step(rig, receipt["name"])["reason"] or "")
    scene.settle(rig, rounds=30)
    scene.assert_once(rig, [sale, receipt])


@pytest.mark.odd_answers
def test_an_id_in_other_letters_is_the_same_id(rig: Rig) -> None:
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    scene.settle(rig)
    rig.xero.fault("echo", method="GET", path="/Invoices$", field="InvoiceID", operation="case", times=MANY)
    rig.play([receipt])
    scene.settle(rig)
    scene.assert_once(rig, [sale, receipt])


@pytest.mark.odd_answers
@pytest.mark.case("S1")
@pytest.mark.parametrize("operation", ["missing", "moved"])
@pytest.mark.parametrize("name", ["AGAIN-1", "AGAIN 1"])
def test_a_remark_that_names_another_document_makes_a_record_no_others(rig: Rig, name: str, operation: str) -> None:
    """Two equal journals, one of whose remarks names the other; neither shows its mark."""
    first = scene.journal(rig, ("Office Rent", 80.0), ("Freight and Forwarding Charges", -80.0), name="JV-1", user_remark="JV-1 Fence")
    second = scene.journal(rig, ("Office Rent", 80.0), ("Freight and Forwarding Charges", -80.0), name=name, user_remark="as JV-1 Fence")
    rig.xero.fault("drop_after", method="PUT", path="/ManualJournals$", times=2)
    rig.xero.fault("echo", method="GET", path="/ManualJournals$", field="Url", operation=operation, times=MANY)
    rig.play([first, second])
    rig.dispatch()
    rig.advance(400)
    for _ in range(12):
        rig.dispatch()
        rig.advance(300)
    assert created(rig, "ManualJournals") == 2
    assert {scene.step(rig, each["name"])["state"] for each in (first, second)} <= {"Needs Attention", "Synced"}
