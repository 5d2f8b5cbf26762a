"""A record as it was before what this site has sent and forgotten was on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.xero.records.before import without

pytestmark = pytest.mark.case("S2")
D = Decimal
PAID: dict[str, Any] = {
    "InvoiceID": "i-1",
    "Status": "PAID",
    "AmountDue": D("0.00"),
    "Payments": [{"PaymentID": "P-1", "Amount": D("30.00")}, {"PaymentID": "p-2", "BatchPaymentID": "B-1", "Amount": D("70.00")}],
}


@pytest.mark.parametrize(
    "ours, due, status",
    [({"p-1"}, "30.00", "AUTHORISED"), ({"b-1"}, "70.00", "AUTHORISED"), ({"p-1", "b-1"}, "100.00", "AUTHORISED"), (set(), "0.00", "PAID")],
)
def test_payments_and_batches_are_added_back(ours: set[str], due: str, status: str) -> None:
    before = without(PAID, ours, ())
    assert (before["AmountDue"], before["Status"]) == (D(due), status)
    assert sum((each["Amount"] for each in before["Payments"]), D(0)) == 100 - D(due), "nor are they among its payments any more"
    assert PAID["AmountDue"] == 0, "what was read stays as it is"


def test_a_credit_gets_back_its_allocations_and_refunds() -> None:
    credit = {
        "Status": "PAID",
        "RemainingCredit": "0",
        "Allocations": [{"AllocationID": "A-1", "Amount": "40"}, {"AllocationID": "a-2", "Amount": "50"}],
        "Payments": [{"PaymentID": "P-1", "Amount": "10"}],
    }
    assert without(credit, {"p-1"}, {"a-1"})["RemainingCredit"] == 50


def test_what_credits_took_off_an_invoice_is_added_back() -> None:
    invoice = {
        "Status": "AUTHORISED",
        "AmountDue": "60",
        "CreditNotes": [{"CreditNoteID": "c", "AppliedAmount": "40"}],
        "Overpayments": None,
    }
    assert without(invoice, (), ())["AmountDue"] == 100


@pytest.mark.parametrize("odd", [{}, {"Payments": "x"}, {"Payments": [None, 3]}, {"Allocations": {"a": 1}}])
def test_odd_elements_stay_as_they_are(odd: dict[str, Any]) -> None:
    assert without(odd, {"p-1"}, {"a-1"}) == odd
