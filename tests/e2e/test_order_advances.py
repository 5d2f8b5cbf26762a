"""Advances on orders, which are prepayments in Xero, and money that changes its currency on the way, through a clearing account; end to
end.

Judged from the simulator's own ledger.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.deductions import BANK, account_id, map_deduction, on
from tests.scene.desk import choose, retry
from tests.scene.payments import across, advance, deposit, invoice, invoiced, left, sends, states

D = Decimal
USD_BANK, AUD_BANK, CLEARING = "091", "092", "855"


def prepayment(rig: Rig) -> dict[str, Any]:
    """The one prepayment in Xero's books."""
    (found,) = scene.live(rig, "Prepayments")
    return found


def test_a_deposit_for_an_order_is_a_prepayment_and_allocated_when_it_is_invoiced(rig: Rig) -> None:
    payment, sale = deposit(rig)
    rig.play([payment])
    scene.settle(rig)
    worth = D(str(payment["doc"]["paid_amount"]))
    assert states(rig, payment) == {"payment": "Synced"} and (prepayment(rig)["Total"], prepayment(rig)["TotalTax"]) == (worth, 0)
    assert prepayment(rig)["lines"][0]["account"] == account_id(rig, "835") and on(rig, BANK) == worth
    rig.play([sale])
    invoiced(rig, payment, sale, scene.total(sale))
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == 0 and left(prepayment(rig)) == worth - scene.total(sale)
    assert set(states(rig, payment).values()) == {"Synced"} and not scene.live(rig, "Overpayments")


def test_a_deposit_cancelled_takes_its_allocation_back_and_asks_for_the_rest(rig: Rig) -> None:
    payment, sale = deposit(rig)
    rig.play([payment, sale])
    scene.settle(rig)
    invoiced(rig, payment, sale, scene.total(sale))
    scene.settle(rig)
    rig.play([scene.cancelling(payment)])
    scene.settle(rig)
    row = scene.step(rig, payment["name"], "void")
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "overpayment-stays") and "prepayment" in row["reason"]
    assert scene.due(invoice(rig, sale)) == scene.total(sale) and left(prepayment(rig)) == prepayment(rig)["Total"]
    rig.xero.person("remove_overpayment", BankTransactionID=scene.live(rig, "BankTransactions")[0]["BankTransactionID"])
    assert retry(rig, payment) == 1
    scene.settle(rig)
    assert scene.step(rig, payment["name"], "void")["state"] == "Synced"


@pytest.mark.parametrize(("fault", "wait"), [("drop_after", 30), ("drop_after", 400), ("drop_before", 400)])
@pytest.mark.parametrize("resource", ["BankTransactions", "Allocations"])
def test_a_lost_answer_of_a_deposit_never_makes_a_second(rig: Rig, resource: str, fault: str, wait: int) -> None:
    payment, sale = deposit(rig)
    rig.xero.fault(fault, method="PUT", path=f"/{resource}$")
    rig.play([payment, sale])
    invoiced(rig, payment, sale, D(10))
    scene.settle(rig, seconds=wait)
    assert len(scene.live(rig, "Prepayments")) == 1 and left(prepayment(rig)) == prepayment(rig)["Total"] - 10
    # The step that the first look added and the one of the event are after the same allocation.
    assert sorted(states(rig, payment).values()) == ["Superseded", "Synced", "Synced"]


def test_an_advance_with_tax_is_a_prepayment_with_that_tax(rig: Rig) -> None:
    payment, _ = advance(rig)
    doc = payment["doc"]
    figures = dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), 1150.0)
    row = {"doctype": "Advance Taxes and Charges", "idx": 1, "docstatus": 1, "name": "t1", "charge_type": "On Paid Amount", "rate": 15.0}
    row |= {"account_head": f"GST - {rig.company['abbr']}", "tax_amount": 150.0, "included_in_paid_amount": 1, "add_deduct_tax": "Add"}
    doc.update(taxes=[row], unallocated_amount=1000.0, **figures)
    rig.play([payment])
    scene.settle(rig)
    assert (prepayment(rig)["Total"], prepayment(rig)["TotalTax"]) == (1150, 150) and not scene.live(rig, "Overpayments")


def test_without_an_account_for_advances_a_deposit_is_held_until_one_is_chosen(rig: Rig) -> None:
    choose(rig, advance_account_sales=None)
    payment, _ = deposit(rig)
    rig.play([payment])
    scene.settle(rig)
    row = scene.step(rig, payment["name"])
    assert (row["state"], row["reason_code"]) == ("Held", "advance-account-missing") and not sends(rig, "BankTransactions")
    choose(rig, advance_account_sales="835")
    assert retry(rig, payment) == 1
    scene.settle(rig)
    assert prepayment(rig)["Total"] == D(str(payment["doc"]["paid_amount"]))


# Between currencies


def test_a_transfer_between_currencies_is_a_spend_and_a_receive(rig: Rig) -> None:
    moved = across(rig)
    rig.play([moved])
    scene.settle(rig)
    assert states(rig, moved) == {"payment": "Synced", "clearing-1": "Synced"}
    assert (on(rig, BANK), on(rig, USD_BANK)) == (-1685, 1000)
    spend, receive = sorted(scene.live(rig, "BankTransactions"), key=lambda each: each["Type"], reverse=True)
    assert (spend["Type"], receive["Type"], receive["CurrencyRate"]) == ("SPEND", "RECEIVE", D("0.593472"))
    assert {each["lines"][0]["account"] for each in (spend, receive)} == {account_id(rig, CLEARING)}
    (contact,) = {each["contact"] for each in (spend, receive)}
    assert [each["Name"] for each in rig.xero.documents("Contacts") if each["ContactID"] == contact] == [rig.company["name"]]
    rig.play([scene.cancelling(moved)])
    scene.settle(rig)
    assert not scene.live(rig, "BankTransactions")


@pytest.mark.parametrize(("fault", "wait"), [("drop_after", 30), ("drop_after", 400), ("drop_before", 400)])
def test_a_lost_answer_of_a_leg_never_makes_a_second(rig: Rig, fault: str, wait: int) -> None:
    rig.xero.fault(fault, method="PUT", path="/BankTransactions$")
    moved = across(rig)
    rig.play([moved])
    scene.settle(rig, seconds=wait)
    assert (on(rig, BANK), on(rig, USD_BANK)) == (-1685, 1000) and len(scene.live(rig, "BankTransactions")) == 2


def test_without_a_clearing_account_a_transfer_is_held_with_the_recipe(rig: Rig) -> None:
    choose(rig, clearing_account=None)
    moved = across(rig)
    rig.play([moved])
    scene.settle(rig)
    row = scene.step(rig, "MOVE-1")
    assert (row["state"], row["reason_code"]) == ("Held", "transfer-two-currencies")
    assert "NZD 1685.00 to USD 1000.00" in row["reason"] and "Clearing Account" in row["cure"]
    choose(rig, clearing_account=CLEARING)
    assert retry(rig, moved) == 1
    scene.settle(rig)
    assert states(rig, moved) == {"payment": "Synced", "clearing-1": "Synced"}


def test_a_clearing_account_is_no_bank_account(rig: Rig) -> None:
    from frappe.exceptions import ValidationError

    for code in (BANK, "200"):
        with pytest.raises(ValidationError):
            choose(rig, clearing_account=code)


def test_an_invoice_paid_into_a_third_currency_goes_through_clearing(rig: Rig) -> None:
    """An NZD invoice, paid into the Australian-dollar account: no currency of Xero's payment would fit."""
    sale, payment = scene.paid(rig)
    worth = float(scene.total(sale))
    came = round(worth / 1.25, 2)
    aud = {"paid_to": f"AUD Account - {rig.company['abbr']}", "paid_to_account_currency": "AUD", "target_exchange_rate": worth / came}
    payment["doc"].update(received_amount=came, base_paid_amount=worth, base_received_amount=worth, **aud)
    rig.play([sale, payment])
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == 0 and on(rig, AUD_BANK) == D(str(came))
    assert states(rig, payment) == {"payment": "Synced", "clearing-1": "Synced"} and on(rig, CLEARING) == scene.total(sale)
    rig.play([scene.cancelling(payment)])
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == scene.total(sale) and not scene.live(rig, "BankTransactions")


def test_a_fee_on_top_of_what_was_paid_is_spent_beside_it(rig: Rig) -> None:
    map_deduction(rig, "Travel Expenses", "Fee", clearing_account="093", contact_name="Bank")
    (bill,) = scene.bills(rig)
    sales = scene.paid(rig)
    payment = scene.copied(sales[-1], "PAY-ON-TOP")
    doc, due = payment["doc"], float(scene.total(bill))
    row = {
        "doctype": "Payment Entry Deduction",
        "idx": 1,
        "docstatus": 1,
        "name": "d1",
        "account": f"Travel Expenses - {rig.company['abbr']}",
    }
    reference = {"doctype": "Payment Entry Reference", "idx": 1, "name": "r1", "reference_doctype": "Purchase Invoice", "docstatus": 1}
    figures = dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), due + 15)
    doc.update(
        payment_type="Pay", party_type="Supplier", party=bill["doc"]["supplier"], paid_from=doc["paid_to"], paid_to=bill["doc"]["credit_to"]
    )
    doc.update(deductions=[{**row, "amount": 15.0, "cost_center": "", "is_exchange_gain_loss": 0}], **figures)
    doc.update(references=[{**reference, "reference_name": bill["name"], "allocated_amount": due}])
    rig.play([bill, payment])
    scene.settle(rig)
    assert states(rig, payment) == {"payment": "Synced", "fee-1": "Synced"} and scene.due(scene.live(rig)[0]) == 0
    assert on(rig, BANK) == -scene.total(bill) - 15 and on(rig, "093") == 0
