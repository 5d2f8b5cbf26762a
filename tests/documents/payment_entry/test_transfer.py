"""Internal transfers become bank transfers; what Xero refuses is held with the reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import PaymentAccount
from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.settlement.settlement import Settlement
from picortex_xero.documents.settlement.transfer import transfer
from picortex_xero.xero.records.registry import KINDS
from tests.scene.documents import receipt
from tests.scene.mapping import mapping
from tests.scene.xero_records import find

D = Decimal
BANKS = {"Bank - KS": PaymentAccount("bank-nzd", "NZD"), "Savings - KS": PaymentAccount("savings", "NZD")}


def moved(**changes: Any) -> Settlement:
    """An Internal Transfer of 100 NZD."""
    sides = {"paid_from": "Bank - KS", "paid_to": "Savings - KS"}
    return receipt([], 100.0, **{"payment_type": "Internal Transfer", "party_type": None, **sides, **changes})


def test_a_transfer_is_exactly_this() -> None:
    made = transfer(moved(), mapping(payment_accounts=BANKS))
    assert made.body == {
        "FromBankAccount": {"AccountID": "bank-nzd"},
        "ToBankAccount": {"AccountID": "savings"},
        "Amount": D(100),
        "Date": "2026-10-20",
        "Reference": "PAY-1 DD 77",
    }
    shown = {**made.body, "BankTransferID": "t1", "DateString": "2026-10-20T00:00:00", "Status": "AUTHORISED"}
    marker = {**made.marker, "Amount": str(made.marker["Amount"])}
    kind = KINDS["bank-transfer"]
    assert find(kind, marker, [shown]) == [shown]
    for wrong in (
        {"Amount": D("100.01")},
        {"Reference": "PAY-2"},
        {"Reference": "DD 77"},
        {"ToBankAccount": {"AccountID": "x"}},
        {"Status": "DELETED"},
    ):
        assert find(kind, marker, [{**shown, **wrong}]) == []


@pytest.mark.parametrize(
    ("settlement", "banks", "expected"),
    [
        (moved(), {}, ["payment-account-unmapped", "payment-account-unmapped"]),
        (moved(), {**BANKS, "Savings - KS": PaymentAccount("savings", "USD")}, ["payment-account-currency"]),
        (moved(), {**BANKS, "Savings - KS": PaymentAccount("bank-nzd", "NZD")}, ["transfer-one-account"]),
        (moved(received_amount=97.0, deductions=[{"amount": 3.0}]), BANKS, ["transfer-with-fee"]),
        (moved(received_amount=97.0), BANKS, ["transfer-with-fee"]),
        (
            moved(paid_to_account_currency="USD", received_amount=60.0),
            {**BANKS, "Savings - KS": PaymentAccount("savings", "USD")},
            ["transfer-two-currencies"],
        ),
    ],
)
def test_a_transfer_that_cannot_go_says_why(settlement: Settlement, banks: dict[str, PaymentAccount], expected: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        transfer(settlement, mapping(payment_accounts=banks))
    assert [problem.code for problem in refused.value.problems] == expected
    assert all(problem.resolution for problem in refused.value.problems)
