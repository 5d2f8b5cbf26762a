"""Payments with deductions end to end: fees through clearing, write-offs and discounts as credit notes; held ones, cancels, lost answers.

Judged from the simulator's own ledger.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.deductions import BANK, CARD, DISCOUNT, FEE, UNMAPPED, map_deduction, on, short
from tests.scene.desk import choose, retry
from tests.scene.payments import invoice, recorded, states, unlink

D = Decimal


def remap(rig: Rig, account: str, **values: Any) -> None:
    """Change the choice for an account."""

    def work(frappe: Any) -> None:
        doc = frappe.get_doc("Xero Deduction Mapping", {"account": f"{account} - {rig.company['abbr']}"})
        doc.update(values)
        doc.save(ignore_permissions=True)

    scene.with_site(rig, work)


def headline(rig: Rig, record: scene.Record) -> str:
    """The number that the form shows first."""
    from picortex_xero.api import status

    return str(scene.with_site(rig, lambda _: status.document_status(record["doctype"], record["name"]))["number"])


def test_a_fee_ends_as_an_expense_and_clearing_at_zero(rig: Rig) -> None:
    sale, payment = short(rig, 7.05, FEE)
    rig.play([sale, payment])
    scene.settle(rig)
    assert states(rig, payment) == {"payment": "Synced", "payment-2": "Synced", "fee-1": "Synced"}
    assert scene.due(invoice(rig, sale)) == 0
    assert on(rig, BANK) == scene.total(sale) - D("7.05") and on(rig, CARD) == 0
    assert not headline(rig, payment).endswith(" fee"), "the bank's payment speaks for the document"
    (spend,) = scene.live(rig, "BankTransactions")
    assert (spend["Type"], spend["Total"], spend["Reference"]) == ("SPEND", D("7.05"), f"{payment['name']} fee")
    assert [each["Name"] for each in rig.xero.documents("Contacts") if each["ContactID"] == spend["contact"]] == ["Bank"]


def test_what_follows_a_payment_waits_from_the_start_and_is_looked_at_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import run

    looked_at: list[str] = []
    decide = run.decide

    def counting(case: Any, facts: Any, books: Any) -> Any:
        if case.step.who.doctype == "Payment Entry":
            looked_at.append(case.step.role.text)
        return decide(case, facts, books)

    monkeypatch.setattr(run, "decide", counting)
    sale, payment = short(rig, 7.05, FEE)
    rig.play([sale])
    scene.settle(rig)
    rig.play([payment])
    rig.xero.fault("drop_after", method="PUT", path="/Payments$")
    rig.dispatch()
    waiting = {row["role"]: row for row in rig.steps(reference_name=payment["name"])}
    assert waiting["payment-2"]["blocked_on"] == waiting["payment"]["name"]
    assert waiting["fee-1"]["blocked_on"] == waiting["payment-2"]["name"]
    assert {row["reason"] for role, row in waiting.items() if role != "payment"} == {f"Waits until {payment['name']} itself is in Xero"}
    scene.settle(rig)
    assert states(rig, payment) == {"payment": "Synced", "payment-2": "Synced", "fee-1": "Synced"}
    # The first also before the contact of the fee was there.
    assert sorted(looked_at) == ["fee-1", "payment", "payment", "payment-2"]


def test_a_fee_over_several_invoices_is_a_batch_and_a_payment(rig: Rig) -> None:
    one, two, payment = short(rig, 5.0, FEE, invoices=2)
    rig.play([one, two, payment])
    scene.settle(rig)
    assert len(scene.live(rig, "BatchPayments")) == 1 and len(scene.live(rig, "Payments")) == 3
    (batch,) = scene.live(rig, "BatchPayments")
    assert batch["TotalAmount"] == D(str(payment["doc"]["paid_amount"])) and on(rig, CARD) == 0
    assert states(rig, payment) == {"payment": "Synced", "payment-2": "Synced", "fee-1": "Synced"}


def test_the_contact_of_a_fee_is_taken_where_xero_has_it_and_made_once_where_not(rig: Rig) -> None:
    rig.xero.person("create_contact", Name="Bank")
    rig.play(short(rig, 7.05, FEE))
    map_deduction(rig, UNMAPPED, "Fee", clearing_account=CARD, contact_name="bank")
    later = scene.settlements(rig)[1]
    row = {"doctype": "Payment Entry Deduction", "idx": 1, "docstatus": 1, "name": "d2", "account": f"{UNMAPPED} - {rig.company['abbr']}"}
    came = later[-1]["doc"]["paid_amount"] - 2.0
    figures = dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), came)
    later[-1]["doc"].update(deductions=[{**row, "amount": 2.0, "cost_center": "", "is_exchange_gain_loss": 0}], **figures)
    rig.play(later)
    scene.settle(rig)
    assert len({each["contact"] for each in scene.live(rig, "BankTransactions")}) == 1
    assert len([each for each in rig.xero.documents("Contacts") if each["Name"].casefold() == "bank"]) == 1


def test_a_fee_cancelled_takes_all_three_back(rig: Rig) -> None:
    sale, payment = short(rig, 7.05, FEE)
    rig.play([sale, payment])
    scene.settle(rig)
    rig.play([scene.cancelling(payment)])
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == scene.total(sale)
    assert not scene.live(rig, "Payments") and not scene.live(rig, "BankTransactions")
    assert {state for role, state in states(rig, payment).items() if role.startswith("void")} == {"Synced"}


def test_a_fee_whose_invoice_is_cancelled_is_taken_back_whole_and_waits(rig: Rig) -> None:
    """ERPNext drops the reference by SQL; what is left is an advance with a deduction, which Xero has no one way to show."""
    sale, payment = short(rig, 7.05, FEE)
    rig.play([sale, payment])
    scene.settle(rig)
    unlink(rig, payment, sale)
    rig.play([scene.cancelling(sale)])
    scene.settle(rig)
    assert not scene.live(rig) and not scene.live(rig, "Payments") and not scene.live(rig, "BankTransactions")
    held = [step for step in rig.steps(reference_name=payment["name"]) if step["state"] == "Held"]
    assert [(step["generation"], step["reason_code"]) for step in held] == [(2, "deduction-and-advance")] and held[0]["cure"]


def test_a_written_off_part_is_a_credit_note_taken_off_the_invoice(rig: Rig) -> None:
    map_deduction(rig, DISCOUNT, "Credit note", "OUTPUT2")
    sale, payment = short(rig, 4.85, DISCOUNT)
    rig.play([sale, payment])
    scene.settle(rig)
    assert states(rig, payment) == {"payment": "Synced", "credit-1": "Synced", "allocation-1": "Synced"}
    (note,) = scene.live(rig, "CreditNotes")
    # Part of the invoice is zero-rated: 15 % of it all would take back 0.63.
    assert (note["Total"], note["TotalTax"], note["CreditNoteNumber"]) == (D("4.85"), D("0.34"), payment["name"])
    assert scene.due(invoice(rig, sale)) == 0 and scene.due(note) == 0 and on(rig, BANK) == scene.total(sale) - D("4.85")


def test_a_discount_with_its_tax_split_off_is_one_line_with_that_tax(rig: Rig) -> None:
    map_deduction(rig, DISCOUNT, "Credit note", "OUTPUT2")
    sale, payment = short(rig, 2.3, DISCOUNT)
    (row,) = payment["doc"]["deductions"]
    payment["doc"]["deductions"] = [
        {**row, "amount": 2.0},
        {**row, "idx": 2, "name": "d2", "account": f"GST - {rig.company['abbr']}", "amount": 0.3},
    ]
    rig.play([sale, payment])
    scene.settle(rig)
    (note,) = scene.live(rig, "CreditNotes")
    assert (note["Total"], note["TotalTax"], len(note["lines"])) == (D("2.30"), D("0.30"), 1) and scene.due(invoice(rig, sale)) == 0


def test_a_write_off_cancelled_takes_allocation_credit_note_and_payment_back(rig: Rig) -> None:
    map_deduction(rig, DISCOUNT, "Credit note", "OUTPUT2")
    sale, payment = short(rig, 4.85, DISCOUNT)
    rig.play([sale, payment])
    scene.settle(rig)
    rig.play([scene.cancelling(payment), scene.cancelling(sale)])
    scene.settle(rig)
    assert not scene.live(rig, "CreditNotes") and not scene.live(rig, "Payments") and not scene.live(rig)
    assert {state for role, state in states(rig, payment).items() if role.startswith("void")} == {"Synced"}


@pytest.mark.parametrize(("fault", "wait"), [("drop_after", 30), ("drop_after", 400), ("drop_before", 400), ("error_after", 30)])
@pytest.mark.parametrize("path", ["/BankTransactions$", "/Payments$"])
def test_a_lost_answer_of_a_fee_never_makes_a_second(rig: Rig, path: str, fault: str, wait: int) -> None:
    sale, payment = short(rig, 7.05, FEE)
    rig.xero.fault(fault, method="PUT", path=path)
    rig.play([sale, payment])
    scene.settle(rig, seconds=wait)
    assert scene.due(invoice(rig, sale)) == 0 and on(rig, CARD) == 0
    assert len(scene.live(rig, "BankTransactions")) == 1 and len(scene.live(rig, "Payments")) == 2
    assert set(states(rig, payment).values()) == {"Synced"}


def test_two_fees_whose_answers_are_both_lost_are_told_apart(rig: Rig) -> None:
    sale, payment = short(rig, 7.0, FEE)
    map_deduction(rig, UNMAPPED, "Fee", clearing_account=CARD, contact_name="Bank")
    (row,) = payment["doc"]["deductions"]
    second = {**row, "amount": 4.0, "idx": 2, "name": "d2", "account": f"{UNMAPPED} - {rig.company['abbr']}"}
    payment["doc"]["deductions"] = [{**row, "amount": 3.0}, second]
    rig.xero.fault("drop_before", method="PUT", path="/BankTransactions$")
    rig.xero.fault("drop_after", method="PUT", path="/BankTransactions$")
    rig.play([sale, payment])
    scene.settle(rig, seconds=400)
    fees = {each["Reference"]: each["Total"] for each in scene.live(rig, "BankTransactions")}
    assert fees == {f"{payment['name']} fee": D(3), f"{payment['name']} fee 2": D(4)}
    assert len(scene.live(rig, "BankTransactions")) == 2 and on(rig, CARD) == 0
    assert set(states(rig, payment).values()) == {"Synced"}


@pytest.mark.parametrize(("fault", "wait"), [("drop_after", 400), ("drop_before", 400)])
@pytest.mark.parametrize("path", ["/CreditNotes$", "/Allocations$"])
def test_a_lost_answer_of_a_discount_never_makes_a_second(rig: Rig, path: str, fault: str, wait: int) -> None:
    map_deduction(rig, DISCOUNT, "Credit note", "OUTPUT2")
    sale, payment = short(rig, 4.85, DISCOUNT)
    rig.xero.fault(fault, method="PUT", path=path)
    rig.play([sale, payment])
    scene.settle(rig, seconds=wait)
    assert scene.due(invoice(rig, sale)) == 0 and len(scene.live(rig, "CreditNotes")) == 1
    assert set(states(rig, payment).values()) == {"Synced"}


def test_an_unmapped_deduction_is_held_names_itself_and_goes_once_it_is_chosen(rig: Rig) -> None:
    sale, payment = short(rig, 7.05, UNMAPPED)
    rig.play([sale, payment])
    scene.settle(rig)
    row = scene.step(rig, payment["name"])
    assert (row["state"], row["reason_code"]) == ("Held", "deduction-unmapped")
    assert UNMAPPED in row["reason"] and "Fees, discounts and write-offs" in row["cure"] and not scene.live(rig, "Payments")
    map_deduction(rig, UNMAPPED, "Fee", clearing_account=CARD, contact_name="Card Company")
    assert retry(rig, payment) == 1
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == 0 and on(rig, CARD) == 0


def test_nothing_of_a_payment_goes_while_its_credit_note_could_not(rig: Rig) -> None:
    """Xero takes no tax on sales on an expense account: known from its lists, before any money is entered."""
    map_deduction(rig, UNMAPPED, "Credit note", "OUTPUT2")
    rig.play(short(rig, 4.85, UNMAPPED))
    scene.settle(rig)
    (row,) = [step for step in rig.steps(reference_doctype="Payment Entry")]
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "deduction-tax-refused") and not scene.live(rig, "Payments")


def test_a_choice_that_changes_in_the_middle_leaves_the_rest_to_a_person(rig: Rig) -> None:
    sale, payment = short(rig, 7.05, FEE)
    rig.xero.fault("drop_before", method="PUT", path="/BankTransactions$")
    rig.play([sale, payment])
    rig.dispatch()
    assert states(rig, payment) == {"payment": "Synced", "payment-2": "Synced", "fee-1": "Unknown"}
    remap(rig, FEE, treatment="Credit note")
    scene.settle(rig, seconds=400)
    row = scene.step(rig, payment["name"], "fee-1")
    assert (row["state"], row["reason_code"]) == ("Held", "deduction-changed") and row["cure"] and not scene.live(rig, "CreditNotes")
    remap(rig, FEE, treatment="Fee", clearing_account=CARD, contact_name="Bank")
    assert retry(rig, payment) == 1
    scene.settle(rig)
    assert on(rig, CARD) == 0 and set(states(rig, payment).values()) == {"Synced"}


def test_waits_for_the_approval_of_a_draft(unconnected: Rig) -> None:
    rig = unconnected
    scene.set_up(rig, "DRAFT")
    map_deduction(rig, DISCOUNT, "Credit note", "OUTPUT2")
    sale, payment = short(rig, 4.85, DISCOUNT)
    rig.play([sale, payment])
    for _ in range(3):
        rig.dispatch()
    assert not scene.live(rig, "Payments") and not scene.live(rig, "CreditNotes")
    rig.xero.person("approve_invoice", InvoiceID=invoice(rig, sale)["InvoiceID"])
    rig.advance(901)
    for _ in range(4):
        rig.dispatch()
    (note,) = scene.live(rig, "CreditNotes")
    waiting = scene.step(rig, payment["name"], "allocation-1")
    assert note["Status"] == "DRAFT" and (waiting["reason_code"], waiting["cure"]) == (
        "waiting-approval",
        "Approve the credit note in Xero",
    )
    rig.xero.person("approve_credit_note", CreditNoteID=note["CreditNoteID"])
    rig.advance(901)
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == 0


def test_a_mapping_is_checked_when_it_is_saved(rig: Rig) -> None:
    from frappe.exceptions import ValidationError

    for values, word in (
        ({"treatment": "Fee", "tax_type": "NONE", "clearing_account": "855", "contact_name": "Card"}, "cannot clear fees"),
        ({"treatment": "Fee", "tax_type": "NONE", "clearing_account": "091", "contact_name": "Card"}, "cannot clear fees"),
        ({"treatment": "Fee", "tax_type": "NONE", "clearing_account": CARD, "contact_name": " "}, "who gets the fee"),
        ({"treatment": "Credit note", "tax_type": "NOSUCH"}, "no active tax type"),
    ):
        with pytest.raises(ValidationError, match=word):
            map_deduction(rig, UNMAPPED, values.pop("treatment"), values.pop("tax_type"), **values)
    with pytest.raises(ValidationError, match="mapped already"):
        map_deduction(rig, FEE, "Hold")
    rig.play(short(rig, 7.05, FEE))
    scene.settle(rig)
    with pytest.raises(ValidationError, match="with this contact in Xero already"):
        remap(rig, FEE, contact_name="Another")


def test_the_recorded_months_fee(rig: Rig) -> None:
    payment = recorded(rig, "TF-PAY-00048")
    sale = recorded(rig, payment["doc"]["references"][0]["reference_name"])
    rig.play([sale, payment])
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == 0 and on(rig, CARD) == 0
    choose(rig, clearing_account=None)
