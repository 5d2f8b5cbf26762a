"""What a payment becomes in Xero: payments from the bank, payments from a clearing account, credit notes, allocations; or a person
decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import ClearingAccount, Mapping
from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.settlement.breakdown import Breakdown, CreditUsed, break_down, unallocated
from picortex_xero.documents.settlement.not_for_xero import problems_before
from picortex_xero.documents.settlement.settlement import Settlement, settled
from tests.scene.documents import deduction, receipt, reference, settling
from tests.scene.mapping import GST, chosen, mapping
from tests.scene.xero_records import target

D = Decimal
DISCOUNT = "Discounts Allowed - KS"
CHOICES = mapping(deductions={"Bank Fees - KS": chosen("Fee"), "Card - KS": chosen("Fee"), DISCOUNT: chosen("Credit note", GST)})
CLEARING = ClearingAccount("clearing-1", "855")


def planned(settlement: Settlement, choices: Mapping = CHOICES, *currencies: str) -> Breakdown:
    return break_down(settlement, choices, currencies or ["NZD"] * len(settled(settlement)))


def refused(settlement: Settlement, *currencies: str, choices: Mapping = CHOICES) -> list[str]:
    with pytest.raises(Refused) as found:
        planned(settlement, choices, *currencies)
    assert all(problem.held and "PAY-1" in problem.message and problem.resolution for problem in found.value.problems)
    return [problem.code for problem in found.value.problems]


def legs(made: Breakdown) -> list[tuple[str, str, str]]:
    """(document, amount, bank or account id) of each payment."""
    return [(leg.name, f"{leg.amount:.2f}", leg.clearing.account_id if leg.clearing else "bank") for leg in made.legs]


def paid(references: list[dict[str, Any]], amount: float, **changes: Any) -> Settlement:
    """A Payment Entry to a supplier from the NZD bank."""
    sides = {"payment_type": "Pay", "party_type": "Supplier", "paid_from": "Bank - KS", "paid_to": "Creditors - KS"}
    return receipt(references, amount, **{**sides, **changes})


def refund(references: list[dict[str, Any]], amount: float, **changes: Any) -> Settlement:
    """A Payment Entry that pays a customer back."""
    return paid(references, amount, **{"party_type": "Customer", **changes})


def rows(*amounts: float, doctype: str = "Sales Invoice") -> list[dict[str, Any]]:
    return [reference(f"DOC-{at}", amount, doctype) for at, amount in enumerate(amounts, 1)]


# Fees


def test_a_fee_is_a_second_payment_from_the_clearing_account() -> None:
    made = planned(receipt(rows(261.16), 254.11, deductions=[deduction(7.05)]))
    assert legs(made) == [("DOC-1", "254.11", "bank"), ("DOC-1", "7.05", "fees-clearing")]
    assert [leg.reference for leg in made.legs] == ["PAY-1 DD 77", "PAY-1 fee"]
    assert [leg.later for leg in made.legs] == [D("7.05"), 0] and len(made.fees) == 1


def test_over_several_invoices_the_last_that_can_bear_it_does() -> None:
    settlement = receipt(rows(100.0, 200.0, 3.0), 298.0, deductions=[deduction(5.0)])
    made = planned(settlement)
    assert legs(made) == [
        ("DOC-1", "100.00", "bank"),
        ("DOC-2", "195.00", "bank"),
        ("DOC-3", "3.00", "bank"),
        ("DOC-2", "5.00", "fees-clearing"),
    ]
    batch, fee = settling(settlement, CHOICES, [target("i1"), target("i2"), target("i3")])
    assert [member["Amount"] for member in batch.body["Payments"]] == [100, 195, 3] and batch.total == 298
    assert (fee.body["Amount"], fee.body["Account"]) == (5, {"AccountID": "fees-clearing"})


def test_where_none_can_bear_it_the_last_ones_do_in_turn() -> None:
    made = planned(receipt(rows(4.0, 3.0, 2.0), 4.5, deductions=[deduction(4.5)]))
    assert legs(made) == [
        ("DOC-1", "4.00", "bank"),
        ("DOC-2", "0.50", "bank"),
        ("DOC-3", "2.00", "fees-clearing"),
        ("DOC-2", "2.50", "fees-clearing"),
    ]


def test_two_fees_are_two_payments_and_two_spends() -> None:
    made = planned(receipt(rows(100.0), 95.0, deductions=[deduction(3.0), deduction(2.0, "Card - KS")]))
    assert [(leg.reference, leg.amount) for leg in made.legs[1:]] == [("PAY-1 fee", 3), ("PAY-1 fee 2", 2)]
    assert [leg.later for leg in made.legs] == [5, 2, 0]


def test_a_foreign_receipt_into_the_base_bank_divides_both_currencies_exactly() -> None:
    """Recorded: bank-fee-foreign."""
    settlement = receipt(
        rows(294.05), 286.9, received_amount=482.0, base_received_amount=482.0, paid_from_account_currency="USD",
        source_exchange_rate=1.680027884, deductions=[deduction(12.01)],
    )  # fmt: skip
    made = planned(settlement, CHOICES, "USD")
    assert [(leg.amount, leg.moved) for leg in made.legs] == [(D("286.9"), D(482)), (D("7.15"), D("12.01"))]
    bank, fee = settling(settlement, CHOICES, [target(currency="USD", due="294.05", rate="1.6614")])
    assert (bank.body["Amount"], bank.body["BankAmount"]) == (D("286.9"), 482)
    assert (fee.body["Amount"], fee.body["BankAmount"]) == (D("7.15"), D("12.01")) and "CurrencyRate" not in fee.body


def test_a_fee_on_top_is_no_payment_of_the_bill() -> None:
    made = planned(paid(rows(1000.0, doctype="Purchase Invoice"), 1015.0, deductions=[deduction(15.0)]))
    assert legs(made) == [("DOC-1", "1000.00", "bank")] and not made.short and len(made.fees) == 1


def test_a_fee_on_top_of_a_foreign_bill_is_not_in_what_the_bank_moved_for_it() -> None:
    settlement = paid(
        rows(1240.0, doctype="Purchase Invoice"), 2104.4, received_amount=1248.9, base_paid_amount=2104.4,
        paid_to_account_currency="USD", target_exchange_rate=1.685, deductions=[deduction(15.0)],
    )  # fmt: skip
    (leg,) = planned(settlement, CHOICES, "USD").legs
    assert (leg.amount, leg.moved) == (1240, D("2089.4"))


def test_more_due_in_xero_than_all_parts_together_is_wanted_before_the_first_goes() -> None:
    settlement = receipt(rows(100.0), 95.0, deductions=[deduction(5.0)])
    with pytest.raises(Refused) as found:
        settling(settlement, CHOICES, [target(due="99.99")])
    assert [problem.code for problem in found.value.problems] == ["payment-exceeds-due"]


# Discounts and write-offs


def test_a_discount_is_a_credit_note_taken_off_the_invoice() -> None:
    """Recorded: settlement-discount; ERPNext keeps the paid amount unrounded and posts it to the cent."""
    made = planned(receipt(rows(723.92), 709.4416, deductions=[deduction(14.48, DISCOUNT)]))
    assert legs(made) == [("DOC-1", "709.44", "bank")] and made.allocations == [CreditUsed(None, 0, D("14.48"))]
    assert made.own == {DISCOUNT: D("14.48")} and made.legs[0].later == D("14.48") and not made.fees


def test_fee_and_discount_together() -> None:
    made = planned(receipt(rows(100.0, 50.0), 140.0, deductions=[deduction(4.0), deduction(6.0, DISCOUNT)]))
    assert legs(made) == [("DOC-1", "100.00", "bank"), ("DOC-2", "40.00", "bank"), ("DOC-2", "4.00", "fees-clearing")]
    assert made.allocations == [CreditUsed(None, 1, D(6))]


def test_a_bill_paid_short_has_a_suppliers_credit() -> None:
    made = planned(paid(rows(678.04, doctype="Purchase Invoice"), 674.84, deductions=[deduction(-3.2, DISCOUNT)]))
    assert legs(made) == [("DOC-1", "674.84", "bank")] and made.allocations == [CreditUsed(None, 0, D("3.2"))]


# Credits


def test_a_netted_credit_is_taken_off_and_the_money_pays_the_rest() -> None:
    """Recorded: payment-nets-credit-note."""
    settlement = receipt(rows(723.92, 562.35, -361.96), 924.31)
    made = planned(settlement)
    assert made.allocations == [CreditUsed(2, 0, D("361.96"))]
    assert legs(made) == [("DOC-1", "361.96", "bank"), ("DOC-2", "562.35", "bank")] and made.legs[0].later == D("361.96")
    targets = [target("i1"), target("i2"), target("c3", field="CreditNote")]
    (batch,) = settling(settlement, CHOICES, targets)
    assert batch.total == D("924.31") and [member["Invoice"]["InvoiceID"] for member in batch.body["Payments"]] == ["i1", "i2"]


def test_several_credits_are_spread_in_order() -> None:
    made = planned(receipt(rows(100.0, -30.0, 50.0, -90.0), 30.0))
    assert made.allocations == [CreditUsed(1, 0, D(30)), CreditUsed(3, 0, D(70)), CreditUsed(3, 2, D(20))]
    assert legs(made) == [("DOC-3", "30.00", "bank")]


def test_a_refund_is_a_payment_on_the_credit_note() -> None:
    settlement = refund(rows(-901.6), 901.6)
    (made,) = settling(settlement, CHOICES, [target("c1", due="901.6", field="CreditNote")])
    assert made.body == {
        "CreditNote": {"CreditNoteID": "c1"},
        "Account": {"AccountID": "bank-nzd"},
        "Date": "2026-10-20",
        "Amount": D("901.6"),
        "Reference": "PAY-1 DD 77",
    }
    assert made.marker == {"Reference": "PAY-1 DD 77", "CreditID": "c1", "Amount": D("901.6")}


def test_a_supplier_pays_back_and_an_advance_is_paid_back() -> None:
    back = receipt(rows(-339.02, doctype="Purchase Invoice"), 339.02, party_type="Supplier", paid_from="Creditors - KS")
    assert settling(back, CHOICES, [target("c1", field="CreditNote")])[0].body["Amount"] == D("339.02")
    settlement = refund(rows(-300.0, doctype="Payment Entry"), 300.0)
    (made,) = settling(settlement, CHOICES, [target("o1", field="Overpayment")])
    assert made.body["Overpayment"] == {"OverpaymentID": "o1"} and made.body["Amount"] == 300


def test_credits_are_never_in_a_batch() -> None:
    first, second = settling(
        refund(rows(-100.0, -50.0), 150.0), CHOICES, [target("c1", field="CreditNote"), target("c2", field="CreditNote")]
    )
    assert (first.body["Reference"], second.body["Reference"]) == ("PAY-1/1 DD 77", "PAY-1/2 DD 77")


def test_a_refund_less_an_invoice() -> None:
    made = planned(refund(rows(-500.0, 100.0), 400.0))
    assert made.allocations == [CreditUsed(0, 1, D(100))] and legs(made) == [("DOC-1", "400.00", "bank")] and made.legs[0].later == 100


# Third currencies


def test_a_third_currency_goes_through_clearing_where_that_was_chosen() -> None:
    """Recorded: cross-currency-payment."""
    settlement = receipt(
        rows(294.05), 294.05, received_amount=450.52, base_paid_amount=491.06, base_received_amount=491.06,
        paid_from_account_currency="USD", paid_to="Bank AUD - KS", paid_to_account_currency="AUD",
        source_exchange_rate=1.67, target_exchange_rate=1.089992675,
    )  # fmt: skip
    with_account = mapping(clearing=CLEARING)
    made = planned(settlement, with_account, "USD")
    assert made.crosses and legs(made) == [("DOC-1", "294.05", "clearing-1")]
    (payment,) = settling(settlement, with_account, [target(currency="USD", rate="1.6614")])
    assert (payment.body["Account"], payment.body["BankAmount"]) == ({"AccountID": "clearing-1"}, D("491.06"))
    assert not planned(settlement, mapping(), "USD").crosses
    with pytest.raises(Refused) as found:
        settling(settlement, mapping(), [target(currency="USD", rate="1.6614")])
    assert "payment-third-currency" in [problem.code for problem in found.value.problems]


def test_the_banks_or_the_books_own_currency_is_no_third() -> None:
    usd = {"paid_to_account_currency": "USD", "paid_from_account_currency": "USD", "source_exchange_rate": 1.6, "target_exchange_rate": 1.6}
    assert not planned(receipt(rows(10.0), 10.0, **usd), mapping(clearing=CLEARING), "USD").crosses
    assert not planned(receipt(rows(10.0), 10.0), mapping(clearing=CLEARING), "AUD").crosses


# What stays with a person


@pytest.mark.parametrize(
    ("settlement", "currencies", "expected"),
    [
        (receipt(rows(100.0), 97.0, deductions=[deduction(3.0, "Other - KS")]), (), ["deduction-unmapped"]),
        (receipt(rows(100.0), 90.0, deductions=[deduction(3.0)]), (), ["payment-does-not-add-up"]),
        (receipt(rows(100.0), 97.0, deductions=[deduction(3.0)]), ("AUD",), ["deduction-converted"]),
        (receipt(rows(100.0, -10.0), 90.0), ("AUD", "AUD"), ["netting-converted"]),
        (receipt(rows(100.0), 147.0, deductions=[deduction(3.0)]), (), ["deduction-and-advance"]),
        (receipt(rows(100.0, -10.0), 190.0), (), ["netting-and-advance"]),
        (refund(rows(-100.0), 97.0, deductions=[deduction(-3.0)]), (), ["refund-with-deduction"]),
        (receipt(rows(-100.0), 100.0), (), ["netting-and-advance"]),
        (refund(rows(100.0), 100.0), (), ["payment-does-not-add-up"]),
        (receipt(rows(2.0), 1.0, deductions=[deduction(0.5), deduction(0.5, "Card - KS")]), (), None),
    ],
)
def test_what_is_not_safe_together_is_held(settlement: Settlement, currencies: tuple[str, ...], expected: list[str] | None) -> None:
    if expected is None:
        assert planned(settlement).legs
    else:
        assert refused(settlement, *currencies) == expected


@pytest.mark.parametrize(
    ("settlement", "expected"),
    [
        (receipt(rows(100.0), 100.0, party_type="Employee", party="HR-1"), ["payment-other-party"]),
        (receipt([], 100.0, party_type=None), ["payment-without-party"]),
        (receipt(rows(100.0, doctype="Purchase Invoice"), 100.0), ["payment-other-side"]),
        (paid(rows(500.0, doctype="Journal Entry"), 500.0), ["settles-no-invoice"]),
        (receipt(rows(5.0, doctype="Dunning"), 5.0), ["settles-no-invoice"]),
        (receipt(rows(100.0), 100.0, taxes=[{"tax_amount": 1.0}]), ["payment-tax"]),
        (receipt([], 100.0, taxes=[{"tax_amount": 1.0}]), []),
        (receipt(rows(5.0, doctype="Sales Order"), 5.0, taxes=[{"tax_amount": 1.0}]), []),
        (refund(rows(-5.0), 5.0), []),
        (receipt(rows(5.0, doctype="Payment Entry"), 5.0), []),
    ],
)
def test_what_is_nothing_to_xero_is_told_with_its_recipe(settlement: Settlement, expected: list[str]) -> None:
    problems = problems_before(settlement)
    assert [problem.code for problem in problems] == expected
    assert all(problem.held and "PAY-1" in problem.message and "Xero" in problem.resolution for problem in problems)


def test_a_payment_of_a_journal_pays_what_was_entered_for_it_by_hand_and_books_the_expense_once() -> None:
    (problem,) = problems_before(paid(rows(500.0, doctype="Journal Entry"), 500.0))
    paid_back, debt = problem.resolution.split("\n")
    assert "refund it by hand" in paid_back and "press Done by Hand on DOC-1" in paid_back
    assert "In Xero, pay with it the invoice or bill that was entered by hand" in debt
    assert "where nothing was entered" in problem.resolution and problem.resolution.endswith("and leave DOC-1 out")


@pytest.mark.parametrize(
    ("settlement", "left"),
    [
        (receipt(rows(100.0, doctype="Sales Order"), 100.0), D(100)),
        (receipt(rows(100.0, doctype="Payment Entry"), 100.0), D(100)),
        (receipt(rows(723.92), 709.4416, deductions=[deduction(14.48)]), D(0)),
        (receipt(rows(100.0), 147.0, deductions=[deduction(3.0)]), D(50)),
        (paid(rows(1000.0, doctype="Purchase Invoice"), 1015.0, deductions=[deduction(15.0)]), D(0)),
        (refund(rows(-100.0), 100.0), D(0)),
        (refund(rows(-100.0), 150.0), D(50)),
        (refund(rows(-100.0, doctype="Payment Entry"), 100.0), D(0)),
        (receipt(rows(100.0, -20.0), 80.0), D(0)),
    ],
)
def test_what_belongs_to_no_invoice(settlement: Settlement, left: Decimal) -> None:
    assert unallocated(settlement) == left
