"""How a Payment Entry is read: which of its two accounts is the bank's, its currencies and rates, references and deductions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents.identity import Identity
from picortex_xero.documents.payment_entry.as_settlement import party_account_currency, with_fees_chosen
from picortex_xero.documents.settlement.breakdown import break_down, unallocated
from picortex_xero.documents.settlement.not_for_xero import problems_before
from picortex_xero.documents.settlement.settlement import DeductionRow, SettledDocument, Settlement, SettlementKind, Side, TaxRow, settled
from tests.scene.documents import CREATION, deduction, payment_entry, receipt, reference, settlement_of
from tests.scene.mapping import chosen, mapping

D = Decimal
PAID = {"payment_type": "Pay", "party_type": "Supplier", "paid_from": "Bank - KS", "paid_to": "Creditors - KS"}
MOVED = {"payment_type": "Internal Transfer", "party_type": None, "paid_from": "Bank - KS", "paid_to": "Till - KS"}


def test_a_receipt_is_exactly_this() -> None:
    row = deduction(5.0, description="Card")
    tax = {"account_head": "GST - KS", "rate": 15.0, "tax_amount": 1.3, "included_in_paid_amount": 1, "add_deduct_tax": "Add"}
    found = receipt([reference("SINV-1", 100.0)], 95.0, party="Rata Builders", deductions=[row], taxes=[tax])
    assert found == Settlement(
        Identity("Payment Entry", "PAY-1", CREATION),
        "2026-10-20",
        SettlementKind.RECEIVE,
        leaves=Side("Debtors - KS", "NZD", D(95), D(1), D(95)),
        arrives=Side("Bank - KS", "NZD", D(95), D(1), D(95)),
        party_type="Customer",
        party="Rata Builders",
        reference_number="DD 77",
        parts=(SettledDocument("Sales Invoice", "SINV-1", D(100)),),
        deductions=(DeductionRow("Bank Fees - KS", D(5), "Card", "Main - KS"),),
        taxes=(TaxRow("GST - KS", D(15), D("1.3")),),
    )


@pytest.mark.parametrize(
    ("found", "bank", "party", "spends", "forward", "refund"),
    [
        (receipt([], 1.0), "Bank - KS", "Debtors - KS", "RECEIVE", True, False),
        (receipt([], 1.0, **PAID), "Bank - KS", "Creditors - KS", "SPEND", True, False),
        (
            receipt([], 1.0, **{**PAID, "party_type": "Customer", "paid_to": "Debtors - KS"}),
            "Bank - KS",
            "Debtors - KS",
            "SPEND",
            False,
            True,
        ),
        (receipt([], 1.0, party_type="Supplier", paid_from="Creditors - KS"), "Bank - KS", "Creditors - KS", "RECEIVE", False, True),
        (receipt([], 1.0, **MOVED), "Bank - KS", "Till - KS", "SPEND", False, False),
    ],
)
def test_which_side_is_the_banks_and_whether_money_goes_back(
    found: Settlement, bank: str, party: str, spends: str, forward: bool, refund: bool
) -> None:
    assert (found.bank_side.account, found.party_side.account, found.spend_or_receive) == (bank, party, spends)
    assert (found.forward, found.refund) == (forward, refund)


def test_each_side_has_its_own_currency_rate_and_worth() -> None:
    sides = {"paid_from_account_currency": "USD", "source_exchange_rate": 1.68, "base_paid_amount": 482.02, "received_amount": 482.0}
    found = receipt([], 286.9, **sides, target_exchange_rate=0, base_received_amount=482.0)
    assert found.party_side == Side("Debtors - KS", "USD", D("286.9"), D("1.68"), D("482.02"))
    # ERPNext leaves the rate of company currency out.
    assert found.bank_side == Side("Bank - KS", "NZD", D(482), D(1), D(482)) and found.between_currencies
    assert not receipt([], 1.0).between_currencies


def test_only_what_has_deductions_is_posted_to_the_cent() -> None:
    """Recorded: settlement-discount; 709.4416 is posted as 709.44."""
    discounted = receipt([reference("SINV-1", 723.92)], 709.4416, deductions=[deduction(14.48)])
    assert discounted.bank_amount == discounted.party_amount == D("709.44") and discounted.bank_side.amount == D("709.4416")
    assert receipt([], 709.4416).bank_amount == D("709.4416")


def test_what_a_refund_pays_back_is_a_part_and_of_other_payments_none() -> None:
    rows = [reference("PAY-0", -300.0, "Payment Entry")]
    refund = receipt(rows, 300.0, **{**PAID, "party_type": "Customer"})
    assert settled(refund) == [SettledDocument("Payment Entry", "PAY-0", D(-300))]
    assert settled(receipt(rows, 300.0)) == [] and receipt(rows, 300.0).parts


def test_what_it_says_of_payroll_and_employees_is_kept() -> None:
    assert receipt([reference("R-1", 5.0, "Payroll Entry")], 5.0).private == "payroll"
    # A reference that comes to nothing settles nothing, and says it all the same.
    said = receipt([reference("R-1", 0.0, "Expense Claim")], 5.0)
    assert (said.private, said.parts) == ("employee", ()) and [each.code for each in problems_before(said)] == ["payment-other-party"]
    assert receipt([], 5.0).private == ""


def test_a_payment_type_that_erpnext_does_not_have_is_no_settlement() -> None:
    with pytest.raises(KeyError):
        settlement_of({**payment_entry([], 1.0), "payment_type": "Set Off"})


@pytest.mark.parametrize(("payment_type", "currency"), [("Receive", "USD"), ("Pay", "NZD")])
def test_the_currency_of_the_party_account_by_the_head_alone(payment_type: str, currency: str) -> None:
    head = {"payment_type": payment_type, "paid_from_account_currency": "USD", "paid_to_account_currency": "NZD"}
    assert party_account_currency(head) == currency


@pytest.mark.parametrize(
    ("paid", "party", "moved"),
    [
        # 1,000.00 dollars at 1.62 and a fee of 25.00, typed in the row that ERPNext marks as an exchange difference.
        ({**PAID, "paid_to_account_currency": "USD", "paid_amount": 1645.0, "target_exchange_rate": 1.62}, "received_amount", "1620"),
        ({"paid_from_account_currency": "USD", "received_amount": 1595.0, "source_exchange_rate": 1.62}, "paid_amount", "1595"),
    ],
)
def test_a_fee_in_the_row_for_exchange_differences_is_a_fee_where_its_account_was_chosen_for_one(
    paid: dict[str, Any], party: str, moved: str
) -> None:
    of_bill = "Purchase Invoice" if "paid_to" in paid else "Sales Invoice"
    doc = payment_entry(
        [reference("INV-1", 1000.0, of_bill)], 0.0, deductions=[deduction(25.0, is_exchange_gain_loss=1)], **{**paid, party: 1000.0}
    )
    choices = mapping(deductions={"Bank Fees - KS": chosen("Fee")})
    found = with_fees_chosen(settlement_of(doc), choices.deductions)
    made = break_down(found, choices, ["USD"])
    assert [each.gross for each in made.fees] == [D(25)] and unallocated(found) == 0
    assert sum(leg.amount for leg in made.legs) == 1000
    assert made.legs[0].moved == D(moved)
    # Any other account is the company's for exchange differences, as ERPNext marks the row.
    assert with_fees_chosen(settlement_of(doc), {}) == settlement_of(doc)
    assert break_down(settlement_of(doc), choices, ["USD"]).fees == []
