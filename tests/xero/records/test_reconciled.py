"""Whether a record is matched with the bank statement, as each of Xero's lists shows it."""

from __future__ import annotations

import pytest

from picortex_xero.xero.records.reconciled import NO, ONLY_IN, ONLY_OUT, YES, any_side, shown
from picortex_xero.xero.records.registry import BANK_TRANSACTION, BANK_TRANSFER, BATCH_PAYMENT, PAYMENT

ONE, TWO = "aaaa-1", "bbbb-2"


@pytest.mark.parametrize(
    ("value", "state"), [(True, YES), (False, NO), ("true", YES), ("false", NO), (None, NO)], ids=["yes", "no", "text", "no text", "null"]
)
def test_a_flag_or_its_text_as_in_the_official_examples(value: object, state: str) -> None:
    element = {"PaymentID": ONE, "IsReconciled": value}
    assert shown(PAYMENT, element) == {("Payments", ONE): state} and any_side(element) is (state == YES)


def test_a_payment_of_a_batch_tells_of_its_batch() -> None:
    element = {"PaymentID": ONE, "IsReconciled": True, "BatchPayment": {"BatchPaymentID": TWO, "IsReconciled": "true"}}
    assert shown(PAYMENT, element) == {("Payments", ONE): YES, ("BatchPayments", TWO): YES}
    assert shown(BATCH_PAYMENT, {"BatchPaymentID": TWO, "IsReconciled": False}) == {("BatchPayments", TWO): NO}
    # A batch that is only named says nothing of itself.
    assert shown(PAYMENT, {"PaymentID": ONE, "IsReconciled": True, "BatchPayment": {"BatchPaymentID": TWO}}) == {("Payments", ONE): YES}


def test_an_advance_is_told_by_the_bank_transaction_that_made_it() -> None:
    element = {"BankTransactionID": ONE, "OverpaymentID": TWO, "IsReconciled": True}
    assert shown(BANK_TRANSACTION, element) == {("BankTransactions", ONE): YES, ("Overpayments", TWO): YES}


@pytest.mark.parametrize(
    ("leaves", "arrives", "state"), [(False, False, NO), (True, True, YES), (True, False, ONLY_OUT), (False, True, ONLY_IN)]
)
def test_a_transfer_has_two_sides(leaves: bool, arrives: bool, state: str) -> None:
    element = {"BankTransferID": ONE, "FromIsReconciled": leaves, "ToIsReconciled": arrives}
    assert shown(BANK_TRANSFER, element) == {("BankTransfers", ONE): state}


def test_what_is_not_shown_or_was_removed_says_nothing() -> None:
    assert shown(PAYMENT, {"PaymentID": ONE}) == {} and shown(BANK_TRANSFER, {"BankTransferID": ONE}) == {}
    assert shown(PAYMENT, {"PaymentID": ONE, "IsReconciled": False, "Status": "DELETED"}) == {}
    assert shown(PAYMENT, {"IsReconciled": True}) == {}
