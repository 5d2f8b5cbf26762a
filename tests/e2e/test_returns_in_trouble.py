"""Returns when answers are lost, people act in Xero meanwhile, or reconciliations come later."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import retry
from tests.scene.ledger import created
from tests.scene.reading import press
from tests.scene.returns import Choose, allocations, assert_applied, notes, pair, shown


@pytest.mark.parametrize("wait", [30, 310, 900])
@pytest.mark.parametrize("path", ["/CreditNotes$", "/Allocations$"])
def test_a_lost_answer_is_found_and_never_written_twice(rig: Rig, path: str, wait: int) -> None:
    rig.xero.fault("drop_after", method="PUT", path=path)
    invoice, note = pair(rig)
    rig.play([invoice, note])
    rig.dispatch()
    rig.advance(wait)
    scene.settle(rig, seconds=max(wait, 30))
    assert_applied(rig, invoice, note)
    assert created(rig, "CreditNotes") == created(rig, "Allocations") == 1
    written = [call for call in scene.writes(rig, "CreditNotes") if call["path"].endswith(path.strip("/$"))]
    assert len(written) == (2 if wait == 30 else 1), "a replay inside the window, a look beyond it"
    assert len({call["headers"]["idempotency-key"] for call in written}) == 1


@pytest.mark.parametrize("fault", ["drop_before", "error_before"])
@pytest.mark.parametrize("path", ["/CreditNotes$", "/Allocations$"])
def test_what_never_arrived_goes_under_a_new_key_once_its_absence_counts(rig: Rig, path: str, fault: str) -> None:
    rig.xero.fault(fault, method="PUT", path=path, **({"status": 500} if fault == "error_before" else {}))
    invoice, note = pair(rig)
    rig.play([invoice, note])
    rig.dispatch()
    rig.advance(310)
    rig.dispatch()
    assert len([call for call in scene.writes(rig, "CreditNotes") if call["path"].endswith(path.strip("/$"))]) == 1, "too early"
    scene.settle(rig)
    assert_applied(rig, invoice, note)


@pytest.mark.parametrize("wait", [30, 900])
@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_a_delete_whose_answer_is_lost_is_done_all_the_same(rig: Rig, fault: str, wait: int) -> None:
    invoice, note = pair(rig)
    rig.play([invoice, note])
    scene.settle(rig)
    rig.xero.fault(fault, method="DELETE", path="/Allocations/")
    rig.play([scene.cancelling(note)])
    rig.dispatch()
    rig.advance(wait)
    scene.settle(rig, seconds=max(wait, 30))
    assert not notes(rig) and scene.due(shown(rig, invoice)) == scene.total(invoice)
    assert created(rig, "Allocations", "deleted") == 1
    assert {row["state"] for row in rig.steps()} == {"Synced"}


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_a_delete_whose_answer_is_lost_is_known_although_the_credit_is_voided_meanwhile(rig: Rig, fault: str) -> None:
    """A voided credit shows nothing as left of it, as a used one does, and holds no allocation all the same."""
    record, other = scene.of_one_customer(rig, 2)
    note = scene.returned(other, at_once=False)
    taken = scene.reconciled(record, note, Decimal(10), "REC-1")
    rig.play([record, other, note, taken])
    scene.settle(rig)
    rig.xero.fault(fault, method="DELETE", path="/Allocations/")
    rig.play([scene.cancelling(taken)])
    rig.dispatch()
    (credit,) = notes(rig)
    for each in credit["allocations"]:
        rig.xero.person("remove_allocation", CreditNoteID=credit["CreditNoteID"], AllocationID=each["AllocationID"])
    rig.xero.person("void_credit_note", CreditNoteID=credit["CreditNoteID"])
    for _each in range(8):
        rig.advance(900)
        scene.settle(rig)
    assert [row["state"] for row in rig.steps(reference_name="REC-1") if row["role"].startswith("void")] == ["Synced"]
    assert scene.due(shown(rig, record)) == scene.total(record)


@pytest.mark.parametrize("wait", [30, 900])
def test_a_void_whose_answer_is_lost_is_done_all_the_same(rig: Rig, wait: int) -> None:
    record, other = scene.invoices(rig, 2)
    kept, gone = scene.returned(other, at_once=False), scene.returned(record, at_once=False)
    rig.play([record, other, kept, gone])
    scene.settle(rig)
    rig.xero.fault("drop_after", method="POST", path="/CreditNotes$")
    rig.play([scene.cancelling(gone)])
    rig.dispatch()
    rig.advance(wait)
    scene.settle(rig, seconds=max(wait, 30))
    assert [each["CreditNoteNumber"] for each in notes(rig)] == [kept["name"]]
    assert {row["state"] for row in rig.steps()} == {"Synced"}
    reads = [call for call in rig.xero.calls(path="/api.xro/2.0/CreditNotes") if call["method"] == "GET"]
    assert all(call["path"] != "/api.xro/2.0/CreditNotes" or "page" in str(call["query"]) for call in reads), (
        "never all credit notes at once"
    )


def test_a_return_whose_invoice_was_never_sent_waits_for_a_person(rig: Rig) -> None:
    invoice, note = pair(rig)
    from sandbox.host import books

    def before_go_live(frappe: Any) -> None:
        frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", "2030-01-01")
        books.play(invoice)
        frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", "2020-01-01")

    scene.with_site(rig, before_go_live)
    rig.play([note])
    scene.settle(rig)
    row = scene.step(rig, note["name"], "allocation-1")
    assert row["state"] == "Held" and row["reason_code"] == "invoice-not-in-xero" and row["cure"]
    assert invoice["name"] in row["reason"] and "pays" not in row["reason"] and "payment" not in row["cure"]
    assert scene.due(notes(rig)[0]) == abs(scene.total(note)) and not allocations(rig)
    assert f"{note['name']} is in Xero" in row["reason"] and f"do not enter {note['name']} again" in row["cure"]
    # The cure, to the letter: the invoice is there by hand, and a person takes the credit note off it.
    (shown,) = notes(rig)
    line = {"Description": "By hand", "Quantity": "1", "UnitAmount": "5000", "TaxType": "NONE", "AccountCode": "200"}
    contact = {"ContactID": shown["contact"]}
    by_hand = rig.xero.person(
        "create_invoice",
        Type="ACCREC",
        Contact=contact,
        InvoiceNumber=invoice["name"],
        Date="2026-10-01",
        DueDate="2026-11-01",
        Status="AUTHORISED",
        LineItems=[line],
    )
    rig.xero.person(
        "allocate_credit_note", CreditNoteID=shown["CreditNoteID"], InvoiceID=by_hand["InvoiceID"], Amount=str(abs(scene.total(note)))
    )
    assert press(rig, "done_by_hand", note) == 1
    scene.settle(rig)
    assert scene.step(rig, note["name"], "allocation-1")["state"] == "Skipped" and len(notes(rig)) == 1


def test_what_was_paid_in_xero_meanwhile_is_not_credited_over(rig: Rig) -> None:
    (record,) = scene.invoices(rig, 1)
    note = scene.returned(record)
    rig.play([record])
    scene.settle(rig)
    rig.xero.person("pay_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"], Amount="1.00", Date="2026-10-08")
    rig.play([note])
    scene.settle(rig)
    row = scene.step(rig, note["name"], "allocation-1")
    assert row["state"] == "Needs Attention" and row["reason_code"] == "allocation-exceeds" and record["name"] in row["reason"]
    assert not allocations(rig)
    rig.xero.person("delete_payment", PaymentID=scene.live(rig, "Payments")[0]["PaymentID"])
    retry(rig, note)
    scene.settle(rig)
    assert_applied(rig, record, note)


def test_a_credit_note_voided_by_hand_is_not_applied(unconnected: Rig) -> None:
    rig = unconnected
    scene.set_up(rig, "DRAFT")
    invoice, note = pair(rig)
    rig.play([invoice, note])
    rig.dispatch()
    rig.xero.person("approve_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"])
    rig.xero.person("approve_credit_note", CreditNoteID=notes(rig)[0]["CreditNoteID"])
    rig.xero.person("void_credit_note", CreditNoteID=notes(rig)[0]["CreditNoteID"])
    rig.advance(16 * 60)
    scene.settle(rig)
    row = scene.step(rig, note["name"], "allocation-1")
    assert row["state"] == "Held" and row["reason_code"] == "credit-gone" and note["name"] in row["reason"] and row["cure"]
    assert not allocations(rig)


def test_an_allocation_removed_by_hand_does_not_stop_the_cancel(rig: Rig) -> None:
    invoice, note = pair(rig)
    rig.play([invoice, note])
    scene.settle(rig)
    (credit,) = notes(rig)
    rig.xero.person("remove_allocation", CreditNoteID=credit["CreditNoteID"], AllocationID=credit["allocations"][0]["AllocationID"])
    rig.play([scene.cancelling(note)])
    scene.settle(rig)
    assert not notes(rig) and {row["state"] for row in rig.steps()} == {"Synced"}


def test_the_number_of_a_voided_credit_note_gets_a_visible_suffix_and_a_taken_one_a_person(rig: Rig) -> None:
    record, other = scene.invoices(rig, 2)
    burned, taken = scene.returned(record, at_once=False), scene.returned(other, at_once=False)
    contact = rig.xero.person("create_contact", Name="Somebody Else")["ContactID"]
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200", "TaxType": "NONE"}
    by_hand = [
        rig.xero.person("create_credit_note", Type="ACCRECCREDIT", CreditNoteNumber=each["name"], Contact={"ContactID": contact},
                        Date="2026-10-01", DueDate="2026-11-01", LineAmountTypes="Exclusive", Status="AUTHORISED", LineItems=[line])
        for each in (burned, taken)
    ]  # fmt: skip
    rig.xero.person("void_credit_note", CreditNoteID=by_hand[0]["CreditNoteID"])
    rig.play([record, other, burned, taken])
    scene.settle(rig)
    assert shown(rig, burned, "CreditNotes")["CreditNoteNumber"] == burned["name"] + "-R1"
    row = scene.step(rig, taken["name"])
    assert row["state"] == "Needs Attention" and row["reason_code"] == "number-taken" and "credit note" in row["reason"]


def test_a_credit_note_changed_in_xero_is_not_called_equal_by_a_retry(rig: Rig) -> None:
    """Its answer was lost, somebody changed it, a look found it: Retry compares again instead of believing."""
    (record,) = scene.invoices(rig, 1)
    note = scene.returned(record, at_once=False)
    rig.play([record, note])
    scene.settle(rig)
    (credit,) = notes(rig)
    line = {"Description": "Changed by hand", "Quantity": 1, "UnitAmount": 7, "AccountCode": "200", "TaxType": "NONE"}
    rig.xero.person("edit_credit_note", CreditNoteID=credit["CreditNoteID"], LineItems=[line])
    step = scene.step(rig, note["name"])
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Outbox Entry", step["name"], {"state": "Needs Attention", "attempt": ""}))
    retry(rig, note)
    scene.settle(rig)
    row = scene.step(rig, note["name"])
    assert row["state"] == "Needs Attention" and row["reason_code"] == "total-in-xero-differs"


@pytest.mark.parametrize("choose", [scene.invoices, scene.bills])
def test_credit_applied_by_a_later_reconciliation_becomes_one_allocation(rig: Rig, choose: Choose) -> None:
    (record,) = choose(rig, 1)
    note = scene.returned(record, at_once=False)
    amount = Decimal("1.50")
    journal = scene.reconciled(record, note, amount)
    rig.play([record, note, journal])
    scene.settle(rig)
    assert scene.due(shown(rig, record)) == scene.total(record) - amount == scene.due(notes(rig)[0])
    assert not rig.xero.documents("ManualJournals") and created(rig, "Allocations") == 1
    rig.play([scene.cancelling(journal)])
    scene.settle(rig)
    assert scene.due(shown(rig, record)) == scene.total(record) == scene.due(notes(rig)[0])
    assert {row["state"] for row in rig.steps()} == {"Synced"}


def test_two_equal_reconciliations_are_two_allocations_even_where_an_answer_is_lost(rig: Rig) -> None:
    """Equal amounts of one credit on one invoice look alike in Xero: what the first one is must not be taken for the second."""
    (record,) = scene.invoices(rig, 1)
    note = scene.returned(record, at_once=False)
    rig.play([record, note, scene.reconciled(record, note, Decimal("1.50"), "JV-1")])
    scene.settle(rig)
    rig.xero.fault("drop_before", method="PUT", path="/Allocations$")
    rig.play([scene.reconciled(record, note, Decimal("1.50"), "JV-2")])
    rig.dispatch()
    rig.advance(900)
    scene.settle(rig)
    assert scene.due(notes(rig)[0]) == scene.total(record) - 3 and created(rig, "Allocations") == 2
    assert {row["state"] for row in rig.steps()} == {"Synced"}


def test_the_status_of_a_return_shows_its_credit_note(rig: Rig) -> None:
    from picortex_xero.attention import status

    invoice, note = pair(rig)
    rig.play([invoice, note])
    scene.settle(rig)
    said = scene.with_site(rig, lambda frappe: status.of("Sales Invoice", note["name"], True))
    (credit,) = notes(rig)
    assert said["number"] == note["name"] and said["state"] == "In Xero"
    assert credit["CreditNoteID"] in said["link"] or not said["link"]
    assert "InvoiceID=" not in said["link"], "it is no invoice"


@pytest.mark.odd_answers
@pytest.mark.parametrize("shown_instead", ['{"CreditNotes": []}', '{"CreditNotes": [{"CreditNoteID": "another", "Status": "AUTHORISED"}]}'])
def test_a_credit_note_that_cannot_be_read_keeps_no_other_from_being_called_voided(rig: Rig, shown_instead: str) -> None:
    first, second = scene.invoices(rig, 2)
    unread, read = scene.returned(first, at_once=False), scene.returned(second, at_once=False)
    rig.play([first, second, unread, read])
    scene.settle(rig)
    hidden = next(each["CreditNoteID"] for each in notes(rig) if each["CreditNoteNumber"] == unread["name"])
    rig.xero.fault("drop_after", method="POST", path="/CreditNotes$")
    rig.play([scene.cancelling(unread), scene.cancelling(read)])
    rig.dispatch()
    rig.xero.fault("instead", method="GET", path=f"/CreditNotes/{hidden}", text=shown_instead, times=10**6)
    rig.advance(310)  # a replay would tell all of it
    for _ in range(12):
        rig.advance(120)
        rig.dispatch()
    states = [scene.step(rig, each["name"], "void")["state"] for each in (read, unread)]
    assert states == ["Synced", "Unknown"], "an answer that shows another record, or none, says nothing"
    voids = [call for call in scene.writes(rig, "CreditNotes") if call["method"] == "POST"]
    assert len(voids) == 1 and scene.step(rig, unread["name"], "void")["reason_code"] == ""
    rig.xero.clear_faults()
    scene.settle(rig, rounds=20)
    assert scene.step(rig, unread["name"], "void")["state"] == "Synced" and not notes(rig)
    assert [call for call in scene.writes(rig, "CreditNotes") if call["method"] == "POST"] == voids
